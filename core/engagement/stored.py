"""Ids and instants as a database's driver takes and gives them, for the few statements that run without SQLAlchemy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Form:
    """One database's forms: ``key`` and ``instant`` for the driver, ``id`` and ``moment`` from it."""

    key: Callable[[UUID], Any]
    id: Callable[[Any], UUID]
    instant: Callable[[datetime], Any]
    moment: Callable[[Any], datetime]


def _text(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _same(value: Any) -> Any:
    return value


FORMS = {
    "sqlite": Form(key=lambda value: value.hex, id=UUID, instant=_text, moment=_moment),
    "postgresql": Form(key=_same, id=_same, instant=_same, moment=_same),
}


@lru_cache(maxsize=4_096)
def month_and_bit(day: date | str) -> tuple[date | str, int]:
    """The first of a day's month, in the form of the day, and the day's bit as ``PartnerMonth.days`` keeps it."""
    if isinstance(day, str):
        return f"{day[:8]}01", 1 << (int(day[8:]) - 1)
    return day.replace(day=1), 1 << (day.day - 1)
