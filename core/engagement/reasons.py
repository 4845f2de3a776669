"""Why to call a partner today, from how its proposal was read. Pure: a key and the facts its words need.

The words of a key are ``reason.<key>``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from core.engagement import times
from core.engagement.times import REACHED_MS, TERMS, N, Times
from core.partners.pipeline import STAGES, Status
from core.proposals.content import SECTIONS

WEEK = timedelta(days=7)
OFTEN = 3
QUIET = timedelta(days=2)
"""Who opened it yesterday may still read on; after this long without the terms, somebody should ask."""


class ReasonKey(StrEnum):
    """What makes a call worthwhile, the most urgent first."""

    OPENED_OFTEN = "opened_often"
    CAME_BACK = "came_back"
    READ_TO_END = "read_to_end"
    NEW_DEVICE = "new_device"
    NEVER_TERMS = "never_terms"


@dataclass(frozen=True)
class Read:
    """What a reason needs to know of a visit."""

    day: date
    times: Times
    new_device: bool = False
    came_back: bool = False
    away_days: int | None = None
    device: str = ""


@dataclass(frozen=True)
class Reason:
    """A reason and its facts.

    ``opened_often``: times, section (the one read longest), ms (there), missing (a section never reached, or None).
    ``came_back``: days. ``read_to_end``: days (since). ``new_device``: device. ``never_terms``: visits, furthest.
    """

    key: ReasonKey
    facts: dict[str, Any] = field(default_factory=dict)


def reasons(reads: Sequence[Read], *, status: Status, today: date) -> list[Reason]:
    """The reasons to call, the most urgent first. ``reads``: the partner's latest visits, newest first."""
    if not reads:
        return []
    found = (
        _opened_often(reads, today),
        _came_back(reads[0], today),
        _read_to_end(reads, status, today),
        _new_device(reads, today),
        _never_terms(reads, status, today),
    )
    return [reason for reason in found if reason is not None]


def _this_week(reads: Sequence[Read], today: date) -> list[Read]:
    return [read for read in reads if today - WEEK < read.day <= today]


def _opened_often(reads: Sequence[Read], today: date) -> Reason | None:
    recent = _this_week(reads, today)
    if len(recent) < OFTEN:
        return None
    spent = [sum(read.times[index] for read in recent) for index in range(N)]
    longest = max(range(N), key=lambda index: spent[index])
    facts = {"times": len(recent), "section": SECTIONS[longest].value, "ms": spent[longest]}
    return Reason(ReasonKey.OPENED_OFTEN, {**facts, "missing": _missing(reads)})


def _missing(reads: Sequence[Read]) -> str | None:
    """The first section after the furthest one that anybody reached; None when the end was reached."""
    furthest = _furthest(reads)
    if furthest is None or furthest >= min(times.END):
        return None
    return SECTIONS[furthest + 1].value


def _furthest(reads: Sequence[Read]) -> int | None:
    reached = [index for read in reads if (index := times.furthest(read.times)) is not None]
    return max(reached) if reached else None


def _came_back(newest: Read, today: date) -> Reason | None:
    if not newest.came_back or today - newest.day >= WEEK:
        return None
    return Reason(ReasonKey.CAME_BACK, {"days": newest.away_days})


def _before_meeting(status: Status) -> bool:
    return status in STAGES[:2]


def _read_to_end(reads: Sequence[Read], status: Status, today: date) -> Reason | None:
    ends = [read.day for read in reads if times.read_to_the_end(read.times)]
    if not ends or not _before_meeting(status):
        return None
    return Reason(ReasonKey.READ_TO_END, {"days": (today - max(ends)).days})


def _new_device(reads: Sequence[Read], today: date) -> Reason | None:
    fresh = [read for read in _this_week(reads, today) if read.new_device]
    return Reason(ReasonKey.NEW_DEVICE, {"device": fresh[0].device}) if fresh else None


def _never_terms(reads: Sequence[Read], status: Status, today: date) -> Reason | None:
    if not _before_meeting(status) or today - reads[0].day < QUIET:
        return None
    if any(read.times[TERMS] >= REACHED_MS for read in reads):
        return None
    last = _furthest(reads)
    return Reason(
        ReasonKey.NEVER_TERMS, {"visits": len(reads), "furthest": None if last is None else SECTIONS[last].value}
    )
