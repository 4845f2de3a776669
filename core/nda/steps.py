"""The four steps of signing, and the pure rules of each: names, reading times, clocks, how long an NDA lasts."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

LEAST_LETTERS, MOST_LETTERS = 2, 120
RENEW_BEFORE = timedelta(days=90)
"""How long before it ends an NDA counts as expiring and may be signed anew."""
_BETWEEN = set(" .'’ʼ-‐")
_SCRIPTS = ("LATIN", "ARABIC")


class Step(StrEnum):
    """Where somebody stands on the way to a signature."""

    CONTACT = "contact"
    READ = "read"
    SIGN = "sign"
    DONE = "done"


class State(StrEnum):
    """What an NDA is worth at an instant."""

    VALID = "valid"
    EXPIRING = "expiring"
    """Valid, and ends within 90 days."""
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """A later one took its place."""


class Lasting(Protocol):
    """A signed NDA, as far as its state goes."""

    @property
    def expires_at(self) -> datetime:
        """The first instant at which it is not valid any more."""
        ...

    @property
    def superseded_at(self) -> datetime | None:
        """When a later one took its place."""
        ...


def state_of(nda: Lasting, at: datetime) -> State:
    """What an NDA is worth at an instant: at its very end it is expired."""
    if nda.superseded_at is not None:
        return State.SUPERSEDED
    if at >= nda.expires_at:
        return State.EXPIRED
    return State.EXPIRING if at >= nda.expires_at - RENEW_BEFORE else State.VALID


def may_be_signed_anew(nda: Lasting | None, at: datetime) -> bool:
    """Whether a partner with this NDA (None: without any) may sign one now."""
    return nda is None or state_of(nda, at) is not State.VALID


def full_name(typed: str) -> str | None:
    """A person's name in Latin or Arabic letters with single spaces; None when it is no such name.

    It has 2 to 120 characters, at least two of them letters, and nothing that hides or turns the others.
    """
    if any(unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp") for mark in typed):
        return None
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    letters = sum(unicodedata.category(mark).startswith("L") for mark in name)
    if letters < LEAST_LETTERS or len(name) > MOST_LETTERS or not all(map(_stands_in_a_name, name)):
        return None
    return name


def _stands_in_a_name(mark: str) -> bool:
    if unicodedata.category(mark) == "Mn":
        return True
    is_letter = unicodedata.category(mark).startswith("L")
    return mark in _BETWEEN or (is_letter and unicodedata.name(mark, "").startswith(_SCRIPTS))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name the same person: case, accents, vowel marks, dots and hyphens do not matter."""
    return _skeleton(one) == _skeleton(other)


def _skeleton(name: str) -> list[str]:
    bare = "".join(
        mark for mark in unicodedata.normalize("NFKD", name) if unicodedata.category(mark) != "Mn" and mark != "ـ"
    )
    return "".join(mark if mark.isalpha() else "" if mark in "'’ʼ" else " " for mark in bare.casefold()).split()


def credited(told: Mapping[str, Any], *, known: tuple[str, ...], elapsed: timedelta) -> dict[str, int]:
    """The visible milliseconds of each known clause that was told of, none longer than the text was on screen."""
    most = max(0, int(elapsed.total_seconds() * 1000))
    return {key: min(most, max(0, _whole(told[key]))) for key in known if key in told}


def _whole(value: object) -> int:
    """A count that a browser sent; what is none is nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > 1e12:
        return 0
    return int(value)


def drift(clock: str, at: datetime) -> int | None:
    """How many seconds a browser's clock is ahead of ours; None when what it told is no instant."""
    try:
        told = datetime.fromisoformat(clock)
        told = told if told.tzinfo else told.replace(tzinfo=UTC)
        return round((told - at).total_seconds())
    except (ValueError, OverflowError):
        return None
