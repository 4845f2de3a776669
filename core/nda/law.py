"""Which law on electronic signatures was in force on a day; the laws themselves are data, for a lawyer to check."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

LAWS = Path(__file__).parents[2] / "data" / "nda" / "laws.json"


class Both(BaseModel):
    """The same words in English and in Arabic."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str
    ar: str


class Law(BaseModel):
    """A law and the day from which it is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    since: date
    name: Both


def law_on(day: date) -> Law:
    """The law in force on a day, in Muscat.

    Raises:
        ValueError: the day is before the first law.
    """
    in_force = [law for law in _laws() if law.since <= day]
    if not in_force:
        raise ValueError(f"no law on electronic signatures was in force on {day}")
    return max(in_force, key=lambda law: law.since)


@lru_cache(maxsize=1)
def _laws() -> tuple[Law, ...]:
    return TypeAdapter(tuple[Law, ...]).validate_json(LAWS.read_bytes())
