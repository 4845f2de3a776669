"""Keeping the sums of visits in the transaction that changes the visits.

Rows are always taken in the same order (days, then partners' months, then partners), and each table's rows in the
order of their keys, so that two processes that feed the same visits wait for each other and never in a circle.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Executable, Table, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.engagement import times
from core.engagement.models import PartnerMonth, PartnerViews, Reader, ReadingDay
from core.engagement.stored import month_and_bit
from core.engagement.times import Times
from core.proposals.content import SECTIONS
from core.tenancy import IN_COMPANY

MS = tuple(f"ms_{section.value}" for section in SECTIONS)
REACHED = tuple(f"reached_{section.value}" for section in SECTIONS)
FURTHEST = tuple(f"furthest_{section.value}" for section in SECTIONS)
COUNTED = ("visits", *MS, *REACHED, *FURTHEST)
"""The columns of a sum, in the order of ``times.counts``."""

_LEFT_OUT: dict[Reader, str] = {reader: f"left_{reader.value}" for reader in Reader if reader is not Reader.HUMAN}
UNMEASURED = "left_unmeasured"
_DAY_ONLY = ("returned", "reached_end", *_LEFT_OUT.values(), UNMEASURED)


class Counted(Protocol):
    """What the sums need to know of a visit besides its times; ids and day in the form that the writer takes."""

    @property
    def company_id(self) -> Any: ...
    @property
    def partner_id(self) -> Any: ...
    @property
    def day(self) -> Any: ...
    @property
    def read_before(self) -> bool: ...


@dataclass(slots=True)
class _Day:
    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTED))
    others: Counter[str] = field(default_factory=Counter)
    moves: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class _Month:
    bits: int = 0
    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTED))


@dataclass(slots=True)
class _Partner:
    visits: int = 0
    devices: int = 0
    last_read_at: Any = None


@dataclass
class Changes:
    """What some visits change in the sums, merged before anything is written."""

    days: dict[tuple[Any, Any], _Day] = field(default_factory=dict)
    months: dict[tuple[Any, Any, Any], _Month] = field(default_factory=dict)
    partners: dict[tuple[Any, Any], _Partner] = field(default_factory=dict)

    def leave_out(self, visit: Counted, reader: Reader, *, measured: bool, by: int = 1) -> None:
        """Count a visit among those that are not counted."""
        self._day(visit).others[_LEFT_OUT[reader] if measured or reader is not Reader.UNKNOWN else UNMEASURED] += by

    def count(self, visit: Counted, *, before: Times | None, after: Times, at: Any) -> None:
        """Count a human visit's times; ``before`` None: it was not counted until now."""
        day = self._day(visit)
        if before is None:
            change, moves = [*enumerate(times.counts(after))], [(place, 1) for place in times.places(after)]
            day.others["returned"] += visit.read_before
        else:
            change, moves = times.grown(before, after)
        for place, count in change:
            day.counts[place] += count
        for place, count in moves:
            day.moves[place] += count
        if ends := times.read_to_the_end(after) - (times.read_to_the_end(before) if before is not None else 0):
            day.others["reached_end"] += ends
        self._count_partner(visit, change, is_new=before is None, at=at)

    def uncount(self, visit: Counted, counted: Times) -> None:
        """Take a human visit out of its day's sums."""
        day = self._day(visit)
        day.counts = [a - b for a, b in zip(day.counts, times.counts(counted), strict=True)]
        day.others.subtract({"reached_end": times.read_to_the_end(counted), "returned": int(visit.read_before)})
        day.moves.subtract(times.places(counted))

    def _day(self, visit: Counted) -> _Day:
        key = (visit.company_id, visit.day)
        found = self.days.get(key)
        if found is None:
            found = self.days[key] = _Day()
        return found

    def _count_partner(self, visit: Counted, change: list[tuple[int, int]], *, is_new: bool, at: Any) -> None:
        company, partner_id = visit.company_id, visit.partner_id
        first, bit = month_and_bit(visit.day)
        month = self.months.get((company, first, partner_id))
        if month is None:
            month = self.months[company, first, partner_id] = _Month()
        counts = month.counts
        for place, count in change:
            counts[place] += count
        month.bits |= bit
        partner = self.partners.get((company, partner_id))
        if partner is None:
            partner = self.partners[company, partner_id] = _Partner()
        if is_new:
            partner.visits += 1
            partner.devices += not visit.read_before
        if partner.last_read_at is None or at > partner.last_read_at:
            partner.last_read_at = at


_DAY: Any = ReadingDay.__table__
_MONTH: Any = PartnerMonth.__table__
_VIEWS: Any = PartnerViews.__table__

_HELD = (
    select(_DAY.c.times)
    .where(_DAY.c.company_id == bindparam("company"), _DAY.c.day == bindparam("on"))
    .with_for_update()
)
_DAY_KEY = ("company", "on")
_ADDED = (*COUNTED, *_DAY_ONLY)
_ADD_TO_DAY = (
    update(_DAY)
    .where(_DAY.c.company_id == bindparam("company"), _DAY.c.day == bindparam("on"))
    .values({name: _DAY.c[name] + bindparam(f"add_{name}") for name in _ADDED})
)
_MOVE_IN_DAY = _ADD_TO_DAY.values(times=bindparam("block"))
_ADD_NAMES = (*(f"add_{name}" for name in _ADDED), *_DAY_KEY)
_NEW_DAY_NAMES = ("company_id", "day", *_ADDED, "times")
_MONTH_NAMES = ("company_id", "month", "partner_id", "days", *COUNTED)
_VIEWS_NAMES = ("company_id", "partner_id", "visits", "devices", "last_read_at")
_FIRST_SEEN = (
    update(_VIEWS)
    .where(_VIEWS.c.company_id == bindparam("company"), _VIEWS.c.partner_id == bindparam("partner"))
    .where(_VIEWS.c.first_human_at.is_(None))
    .values(first_human_at=bindparam("at"))
)


def _upserting(table: Table, kind: Any) -> Any:
    """Insert a row, or add its numbers to the one that is there."""
    statement = kind(table)
    new, old = statement.excluded, table.c
    if table is _MONTH:
        change = {name: old[name] + new[name] for name in COUNTED} | {"days": old.days.op("|")(new.days)}
    else:
        later = case((new.last_read_at > func.coalesce(old.last_read_at, new.last_read_at), new.last_read_at))
        latest = func.coalesce(later, old.last_read_at, new.last_read_at)
        change = {name: old[name] + new[name] for name in ("visits", "devices")} | {"last_read_at": latest}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=change)


_KINDS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_UPSERT = {(name, table): _upserting(table, kind) for name, kind in _KINDS.items() for table in (_MONTH, _VIEWS)}
_ADD_DAY = {name: kind(_DAY).on_conflict_do_nothing() for name, kind in _KINDS.items()}


class Writes(Protocol):
    """Runs statements; the rows' values are in the order of their names."""

    @property
    def dialect(self) -> str: ...
    def find(self, statement: Executable, names: Sequence[str], values: Sequence[Any]) -> Sequence[Any]: ...
    def run(self, statement: Executable, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int: ...


@dataclass(frozen=True)
class Writer:
    """Runs statements whose rows carry their company already, in a company's session."""

    session: Session

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        return self.session.get_bind().dialect.name

    def find(self, statement: Executable, names: Sequence[str], values: Sequence[Any]) -> Sequence[Any]:
        """The rows a statement finds."""
        return self._execute(statement, dict(zip(names, values, strict=True))).all()  # type: ignore[no-any-return]

    def run(self, statement: Executable, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Execute one statement for many rows; how many rows it changed."""
        return int(self._execute(statement, [dict(zip(names, row, strict=True)) for row in rows]).rowcount)

    def _execute(self, statement: Executable, values: Any) -> Any:
        return self.session.execute(statement, values, execution_options={IN_COMPANY: True})


def write(writer: Writes, changes: Changes) -> None:
    """Add the changes to the sums."""
    for key in sorted(changes.days):
        _write_day(writer, key, changes.days[key])
    if changes.months:
        months = [(*key, month.bits, *month.counts) for key, month in sorted(changes.months.items(), key=_key)]
        writer.run(_UPSERT[writer.dialect, _MONTH], _MONTH_NAMES, months)
    if changes.partners:
        partners = [
            (*key, sums.visits, sums.devices, sums.last_read_at)
            for key, sums in sorted(changes.partners.items(), key=_key)
        ]
        writer.run(_UPSERT[writer.dialect, _VIEWS], _VIEWS_NAMES, partners)


def _key(item: tuple[Any, Any]) -> Any:
    return item[0]


def _write_day(writer: Writes, key: tuple[Any, Any], day: _Day) -> None:
    added = (*day.counts, *(day.others[name] for name in _DAY_ONLY))
    moves = {place: count for place, count in day.moves.items() if count}
    packed = _held_block(writer, key)
    if moves:
        block = times.packed(times.moved(times.block(packed), moves))
        writer.run(_MOVE_IN_DAY, (*_ADD_NAMES, "block"), [(*added, *key, block)])
    else:
        writer.run(_ADD_TO_DAY, _ADD_NAMES, [(*added, *key)])


def _held_block(writer: Writes, key: tuple[Any, Any]) -> bytes:
    """The histograms of a day, whose row is held until the transaction ends; a missing row is made."""
    found = writer.find(_HELD, _DAY_KEY, key)
    if not found:
        empty = (*key, *[0] * len(_ADDED), b"")
        writer.run(_ADD_DAY[writer.dialect], _NEW_DAY_NAMES, [empty])
        found = writer.find(_HELD, _DAY_KEY, key)
    return bytes(found[0][0])


def is_first_view(writer: Writes, company: Any, partner: Any, at: Any) -> bool:
    """Whether this is the first human reading of the partner's proposal, ever; true exactly once."""
    return writer.run(_FIRST_SEEN, ("company", "partner", "at"), [(company, partner, at)]) == 1
