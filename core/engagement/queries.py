"""What the reading comes to: figures, sections, drop-off, days. By partner and by visit see ``readers``.

Without a filter by partner, owner, stage or version the answers come from sums, and take no longer however many visits
there are; with one they come from the visits it names, the newest ``NEWEST`` at most.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, LargeBinary, and_, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.engagement import times
from core.engagement.filters import (
    COUNTED,
    NEWEST,
    Filter,
    day_bits,
    months_asked,
    partners_asked,
    visits_asked,
)
from core.engagement.models import PartnerMonth, Reader, ReadingDay, Visit
from core.engagement.rollups import FURTHEST, MS, REACHED
from core.proposals.content import SECTIONS

_VISIT_TIMES = [getattr(Visit, name) for name in MS]
_ROW_BYTES = 4 * times.BUCKETS
_LEFT = ("left_unknown", "left_bot", "left_staff", "left_demo", "left_unmeasured")
_SUMS = ("visits", "returned", "reached_end", *REACHED, *MS, *FURTHEST, *_LEFT)
Days = Sequence[Any]
"""Rows of the days' sums, with their columns by name."""


@dataclass(frozen=True)
class Figures:
    """The reading of some days in a few numbers. ``median_ms``: visible time of a visit."""

    partners: int
    visits: int
    returned: int
    reached_terms: int
    reached_end: int
    median_ms: float | None
    newest_only: bool


@dataclass(frozen=True)
class SectionReading:
    """How one section is read. Times in ms, over the visits that reached it; ``reach``: their share of all."""

    section: str
    reached: int
    reach: float
    mean_ms: float | None
    median_ms: float | None
    p90_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True)
class Sections:
    """The nine sections in order. ``newest_only``: only the newest visits were looked at, there are more."""

    visits: int
    rows: tuple[SectionReading, ...]
    newest_only: bool


@dataclass(frozen=True)
class Step:
    """A point of the drop-off curve: how many visits got as far as this section, or further."""

    section: str
    visits: int
    share: float


@permits(Act.READ_ENGAGEMENT)
def days(session: Session, asked: Filter) -> Days:
    """The sums of the days asked about, for the questions that can share them."""
    columns = [getattr(ReadingDay, name) for name in ("times", *_SUMS)]
    return session.execute(select(*columns).where(ReadingDay.day.between(asked.since, asked.until))).all()


@permits(Act.READ_ENGAGEMENT)
def figures(session: Session, asked: Filter, *, shared: Days | None = None) -> tuple[Figures, Figures]:
    """The figures of the days asked about, and of as many days before them. ``shared``: the ``days`` asked about."""
    if not asked.is_open:
        return _read_figures(session, asked), _read_figures(session, asked.before)
    ends = [row.times[times.N * _ROW_BYTES :] for row in shared or ()]
    rows, ends = _day_figures(session, asked) if shared is None else (shared, ends)
    now, before = _partners_read(session, asked)
    earlier, their_ends = _day_figures(session, asked.before)
    return _summed_figures(rows, ends, now), _summed_figures(earlier, their_ends, before)


def _day_figures(session: Session, asked: Filter) -> tuple[Days, list[bytes]]:
    """The days' sums, and how the time of whole visits was spread on each."""
    names = (ReadingDay.visits, ReadingDay.returned, ReadingDay.reached_terms, ReadingDay.reached_end)
    whole = func.substr(ReadingDay.times, times.N * _ROW_BYTES + 1, _ROW_BYTES, type_=LargeBinary)
    rows = session.execute(select(*names, whole).where(ReadingDay.day.between(asked.since, asked.until))).all()
    return rows, [row[4] for row in rows]


def _summed_figures(rows: Days, whole: list[bytes], partners: int) -> Figures:
    visits, returned = sum(row.visits for row in rows), sum(row.returned for row in rows)
    terms, end = sum(row.reached_terms for row in rows), sum(row.reached_end for row in rows)
    spread = times.summed(whole, rows=1)[0]
    return Figures(partners, visits, returned, terms, end, times.percentile(spread, 0.5), newest_only=False)


def _partners_read(session: Session, asked: Filter) -> tuple[int, int]:
    """How many partners read on the days asked about, and on as many days before."""
    counts = [months_asked(each, _PARTNERS).where(_read_in(each)).scalar_subquery() for each in (asked, asked.before)]
    now, before = session.execute(select(*counts)).one()
    return now, before


_PARTNERS = func.count(PartnerMonth.partner_id.distinct())


def _read_in(asked: Filter) -> ColumnElement[bool]:
    """Whether a partner's month has a reading on these days: between the first and the last, any day of it has."""
    first, last = asked.since.replace(day=1), asked.until.replace(day=1)
    at_an_edge = (
        and_(PartnerMonth.month == month, PartnerMonth.days.op("&")(day_bits(month, asked)) != 0)
        for month in {first, last}
    )
    return or_(and_(PartnerMonth.month > first, PartnerMonth.month < last), *at_an_edge)


def _read_figures(session: Session, asked: Filter) -> Figures:
    rows = session.execute(visits_asked(asked, Visit.partner_id, Visit.read_before, *_VISIT_TIMES)).all()
    read = _matrix(rows, skip=2)
    reached = read >= times.REACHED_MS
    return Figures(
        partners=len({row.partner_id for row in rows}),
        visits=len(rows),
        returned=sum(int(row.read_before) for row in rows),
        reached_terms=int(reached[:, times.TERMS].sum()),
        reached_end=int(reached[:, times.END].any(axis=1).sum()),
        median_ms=times.exact_percentile(read.sum(axis=1), 0.5),
        newest_only=len(rows) == NEWEST,
    )


def _matrix(rows: Sequence[Any], *, skip: int = 0) -> NDArray[np.int64]:
    """Visits × sections, ms."""
    return np.array([row[skip : skip + times.N] for row in rows], np.int64).reshape(len(rows), times.N)


@permits(Act.READ_ENGAGEMENT)
def sections(session: Session, asked: Filter, *, shared: Days | None = None) -> Sections:
    """How each section is read. ``shared``: the ``days`` asked about."""
    if not asked.is_open:
        return _read_sections(session, asked)
    rows = days(session, asked) if shared is None else shared
    spread = times.summed([row.times for row in rows])
    visits, reached, ms = summed(rows, "visits")[0], summed(rows, *REACHED), summed(rows, *MS)
    found = [
        _section(index, visits, reached[index], ms[index], [times.percentile(spread[index], p) for p in _SHARES])
        for index in range(times.N)
    ]
    return Sections(visits, tuple(found), newest_only=False)


def summed(rows: Days, *names: str) -> list[int]:
    """The sum of each column over the days."""
    return [sum(map(attrgetter(name), rows)) for name in names]


_SHARES = (0.5, 0.9, 0.95)


def _section(index: int, visits: int, reached: int, ms: int, percentiles: Sequence[float | None]) -> SectionReading:
    median, p90, p95 = percentiles
    mean = ms / reached if reached else None
    return SectionReading(SECTIONS[index].value, reached, reached / visits if visits else 0.0, mean, median, p90, p95)


def _read_sections(session: Session, asked: Filter) -> Sections:
    read = _matrix(session.execute(visits_asked(asked, *_VISIT_TIMES)).all())
    found = []
    for index in range(times.N):
        spent = read[:, index]
        there = spent[spent >= times.REACHED_MS]
        percentiles = [times.exact_percentile(there, share) for share in _SHARES]
        found.append(_section(index, len(read), len(there), int(spent.sum()), percentiles))
    return Sections(len(read), tuple(found), newest_only=len(read) == NEWEST)


@permits(Act.READ_ENGAGEMENT)
def drop_off(session: Session, asked: Filter, *, shared: Days | None = None) -> tuple[Step, ...]:
    """How many visits got as far as each section; a visit that jumped ahead passed those before.

    ``shared``: the ``days`` asked about.
    """
    if shared is not None and asked.is_open:
        visits, *ended = summed(shared, "visits", *FURTHEST)
    elif asked.is_open:
        columns = [func.coalesce(func.sum(getattr(ReadingDay, name)), 0) for name in ("visits", *FURTHEST)]
        within = ReadingDay.day.between(asked.since, asked.until)
        visits, *ended = map(int, session.execute(select(*columns).where(within)).one())
    else:
        read = session.execute(visits_asked(asked, *_VISIT_TIMES)).all()
        last = [times.furthest(row) for row in read]
        visits, ended = len(last), [last.count(index) for index in range(times.N)]
    beyond = [sum(ended[index:]) for index in range(times.N)]
    return tuple(
        Step(section.value, count, count / visits if visits else 0.0)
        for section, count in zip(SECTIONS, beyond, strict=True)
    )


@permits(Act.READ_ENGAGEMENT)
def visits_per_day(session: Session, asked: Filter) -> pd.DataFrame:
    """A row for each day asked about: day, visits, returned (of them on a device that had read before), first."""
    if asked.is_open:
        columns = (ReadingDay.day, ReadingDay.visits, ReadingDay.returned)
        rows = session.execute(select(*columns).where(ReadingDay.day.between(asked.since, asked.until))).all()
        known = {day: (count, again) for day, count, again in rows}
    else:
        found = session.execute(visits_asked(asked, Visit.day, Visit.read_before)).all()
        visits, returned = Counter(row.day for row in found), Counter(row.day for row in found if row.read_before)
        known = {day: (count, returned[day]) for day, count in visits.items()}
    days = [asked.since + timedelta(days=number) for number in range((asked.until - asked.since).days + 1)]
    counts = [known.get(day, (0, 0)) for day in days]
    read = np.array(counts, np.int64).reshape(-1, 2)
    return pd.DataFrame(
        {"day": days, "visits": read[:, 0], "returned": read[:, 1], "first": read[:, 0] - read[:, 1]}, copy=False
    )


@permits(Act.READ_ENGAGEMENT)
def excluded(session: Session, asked: Filter, *, shared: Days | None = None) -> dict[str, int]:
    """How many visits of these days are counted nowhere: by bots, staff, demo resets, unmeasured or not yet human.

    ``shared``: the ``days`` asked about.
    """
    kinds = [reader.value for reader in Reader if reader is not Reader.HUMAN]
    kinds.append("unmeasured")
    if shared is not None and asked.is_open:
        return dict(zip(kinds, summed(shared, *(f"left_{kind}" for kind in kinds)), strict=True))
    if asked.is_open:
        sums = [func.coalesce(func.sum(getattr(ReadingDay, f"left_{kind}")), 0) for kind in kinds]
        row = session.execute(select(*sums).where(ReadingDay.day.between(asked.since, asked.until))).one()
        return {kind: int(count) for kind, count in zip(kinds, row, strict=True)}
    found = select(Visit.reader, Visit.measured).where(~COUNTED, Visit.day.between(asked.since, asked.until))
    found = found.where(Visit.partner_id.in_(partners_asked(asked))) if asked.names_partners else found
    found = found.where(Visit.version_number == asked.version) if asked.version is not None else found
    counts = dict.fromkeys(kinds, 0)
    for reader, measured in session.execute(found.limit(NEWEST)):
        counts[reader.value if measured or reader is not Reader.UNKNOWN else "unmeasured"] += 1
    return counts
