"""Keeping the sums of visits in the transaction that changes the visits.

Rows are always taken in the same order (days, then partners' months, then partners), and each table's rows in the
order of their keys, so that two processes that feed the same visits wait for each other and never in a circle.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Executable, Table, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.engagement import prepared, times
from core.engagement.models import PartnerMonth, PartnerViews, Reader, ReadingDay
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
    """What the sums need to know of a visit besides its times."""

    @property
    def company_id(self) -> UUID: ...
    @property
    def partner_id(self) -> UUID: ...
    @property
    def day(self) -> date: ...
    @property
    def read_before(self) -> bool: ...


@dataclass
class _Day:
    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTED))
    others: Counter[str] = field(default_factory=Counter)
    moves: Counter[int] = field(default_factory=Counter)


@dataclass
class _Partner:
    visits: int = 0
    devices: int = 0
    last_read_at: datetime | None = None


@dataclass
class Changes:
    """What some visits change in the sums, merged before anything is written."""

    days: dict[tuple[UUID, date], _Day] = field(default_factory=dict)
    months: dict[tuple[UUID, date, UUID], tuple[list[int], list[int]]] = field(default_factory=dict)
    partners: dict[tuple[UUID, UUID], _Partner] = field(default_factory=dict)

    def leave_out(self, visit: Counted, reader: Reader, *, measured: bool, by: int = 1) -> None:
        """Count a visit among those that are not counted."""
        self._day(visit).others[_LEFT_OUT[reader] if measured or reader is not Reader.UNKNOWN else UNMEASURED] += by

    def count(self, visit: Counted, *, before: Times | None, after: Times, at: datetime) -> None:
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
        return self.days.setdefault((visit.company_id, visit.day), _Day())

    def _count_partner(self, visit: Counted, change: list[tuple[int, int]], *, is_new: bool, at: datetime) -> None:
        month = (visit.company_id, visit.day.replace(day=1), visit.partner_id)
        sums, bits = self.months.setdefault(month, ([0] * len(COUNTED), [0]))
        for place, count in change:
            sums[place] += count
        bits[0] |= 1 << (visit.day.day - 1)
        partner = self.partners.setdefault((visit.company_id, visit.partner_id), _Partner())
        partner.visits += is_new
        partner.devices += is_new and not visit.read_before
        partner.last_read_at = max(partner.last_read_at or at, at)


_DAY: Any = ReadingDay.__table__
_MONTH: Any = PartnerMonth.__table__
_VIEWS: Any = PartnerViews.__table__

_DAYS = (
    select(_DAY.c.company_id, _DAY.c.day, _DAY.c.times)
    .where(_DAY.c.company_id.in_(bindparam("companies", expanding=True)))
    .where(_DAY.c.day.in_(bindparam("days", expanding=True)))
    .order_by(_DAY.c.company_id, _DAY.c.day)
    .with_for_update()
)
_ADD_TO_DAY = (
    update(_DAY)
    .where(_DAY.c.company_id == bindparam("company"), _DAY.c.day == bindparam("on"))
    .values({name: _DAY.c[name] + bindparam(f"add_{name}") for name in (*COUNTED, *_DAY_ONLY)})
    .values(times=bindparam("block"))
)
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


@dataclass(frozen=True)
class Writer:
    """Runs statements whose rows carry their company already, on a bare connection or in a company's session."""

    on: Connection | Session

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        bind = self.on.get_bind() if isinstance(self.on, Session) else self.on
        return bind.dialect.name

    def run_many(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Execute one statement for many rows; ``rows`` are used up."""
        if isinstance(self.on, Session):
            self.run(statement, rows)
        else:
            prepared.run(self.on, statement, rows)

    def run(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        """Execute one statement, for one row or many."""
        found: Any = self.on.execute(statement, rows, execution_options={IN_COMPANY: True})
        return found  # type: ignore[no-any-return]


def write(writer: Writer, changes: Changes) -> None:
    """Add the changes to the sums."""
    _write_days(writer, changes.days)
    if changes.months:
        rows = [
            {"company_id": company, "month": month, "partner_id": partner, "days": bits[0]}
            | dict(zip(COUNTED, sums, strict=True))
            for (company, month, partner), (sums, bits) in sorted(changes.months.items(), key=_key)
        ]
        writer.run_many(_UPSERT[writer.dialect, _MONTH], rows)
    if changes.partners:
        partners = [
            {"company_id": company, "partner_id": partner, "visits": sums.visits, "devices": sums.devices}
            | {"last_read_at": sums.last_read_at}
            for (company, partner), sums in sorted(changes.partners.items(), key=_key)
        ]
        writer.run_many(_UPSERT[writer.dialect, _VIEWS], partners)


def _key(item: tuple[Any, Any]) -> Any:
    return item[0]


def _write_days(writer: Writer, days: dict[tuple[UUID, date], _Day]) -> None:
    if not days:
        return
    blocks = _locked_blocks(writer, days)
    writer.run_many(_ADD_TO_DAY, [_day_row(key, days[key], blocks[key]) for key in sorted(days)])


def _locked_blocks(writer: Writer, keys: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], bytes]:
    """The histograms of some days, whose rows are held until the transaction ends; missing rows are made."""
    wanted = sorted(keys)
    names = {"companies": sorted({company for company, _ in wanted}), "days": sorted({day for _, day in wanted})}
    found = {(row.company_id, row.day): row.times for row in writer.run(_DAYS, names)}
    if missing := [key for key in wanted if key not in found]:
        writer.run(_ADD_DAY[writer.dialect], [{"company_id": company, "day": day} for company, day in missing])
        found = {(row.company_id, row.day): row.times for row in writer.run(_DAYS, names)}
    return found


def _day_row(key: tuple[UUID, date], day: _Day, packed: bytes) -> dict[str, Any]:
    row: dict[str, Any] = {f"add_{name}": day.others[name] for name in _DAY_ONLY}
    row |= {f"add_{name}": count for name, count in zip(COUNTED, day.counts, strict=True)}
    moves = {place: count for place, count in day.moves.items() if count}
    row["block"] = times.packed(times.moved(times.block(packed), moves)) if moves else packed
    return row | {"company": key[0], "on": key[1]}


def is_first_view(writer: Writer, company: UUID, partner: UUID, at: datetime) -> bool:
    """Whether this is the first human reading of the partner's proposal, ever; true exactly once."""
    won = writer.run(_FIRST_SEEN, {"company": company, "partner": partner, "at": at})
    return bool(won.rowcount == 1)
