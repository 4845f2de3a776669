"""Until when a certification counts, in calendar days of where the company is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

NOTICES = (7, 30, 60, 90)
"""How many days before the end the holder is told, the last time first."""
RENEW_BEFORE = 90
"""From how many days before the end it may be renewed; that long it is expiring."""


class Ending(Protocol):
    """Something that counts until a day, such as a certification."""

    @property
    def valid_until(self) -> date: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


class State(StrEnum):
    """Whether a certification counts."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Standing:
    """Whether a certification counts, and how many days are left: 0 on the last day and when it counts no more."""

    state: State
    days: int

    @property
    def counts(self) -> bool:
        """Whether the holder is certified."""
        return self.state in (State.VALID, State.EXPIRING)


def last_day(completed_at: datetime, *, days: int, zone: str) -> date:
    """The last day on which what was completed at that instant counts: so many days after the day it was there."""
    return completed_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def ends(last: date, zone: str) -> datetime:
    """The midnight that ends a day there, in UTC; where clocks skip it, the first instant of the next day."""
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def days_left(last: date, at: datetime, zone: str) -> int:
    """Calendar days from the day it is there to the last day: 0 on the last day, below 0 after it."""
    return (last - at.astimezone(ZoneInfo(zone)).date()).days


def standing(cert: Ending, at: datetime, *, zone: str) -> Standing:
    """Whether a certification counts at an instant."""
    if cert.revoked_at is not None and cert.revoked_at <= at:
        return Standing(State.REVOKED, 0)
    if at >= cert.expires_at:
        return Standing(State.EXPIRED, 0)
    days = max(0, days_left(cert.valid_until, at, zone))
    return Standing(State.EXPIRING if days <= RENEW_BEFORE else State.VALID, days)


def notices_due(days: int, told: Collection[int], *, lasts: int | None = None) -> int | None:
    """Which notice is due with so many days left: the nearest, unless it was told. Earlier ones are not made up for.

    ``lasts`` is how many days the certification counts in all: nobody is told on the day of passing.
    """
    due = next((notice for notice in NOTICES if 0 <= days <= notice), None)
    if due is None or due in told or (lasts is not None and due >= lasts):
        return None
    return due


def may_renew(last: date, at: datetime, zone: str) -> bool:
    """Whether the quiz may be taken again for a new certification: from 90 days before the end, and ever after."""
    return days_left(last, at, zone) <= RENEW_BEFORE
