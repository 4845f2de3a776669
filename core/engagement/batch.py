"""One transaction for many beacons: the visits, their sums, and the first view of a proposal."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import Connection, bindparam, select, update

from core.access.models import AccessSession
from core.access.sessions import in_force
from core.actor import system
from core.clock import now
from core.db import transaction
from core.engagement import crediting, prepared, rollups
from core.engagement.beacons import Beacon
from core.engagement.first_view import FirstView, announce
from core.engagement.models import Reader, Visit
from core.engagement.rollups import MS, Changes, Writer
from core.failpoints import reach

REJECTED = Counter("beacon_rejected", "Beacons that were not used, by reason.", ["reason"])
_MILLISECOND = timedelta(milliseconds=1)


class Outcome(StrEnum):
    """What became of a beacon; the sender learns only whether its session has ended."""

    KEPT = "kept"
    DROPPED = "dropped"
    ENDED = "ended"


@dataclass(slots=True)
class Tally:
    """A visit as its beacons change it."""

    id: UUID
    company_id: UUID
    partner_id: UUID
    day: Any
    read_before: bool
    started_at: datetime
    device: str
    reader: Reader
    times: list[int]
    seq: int
    strip: str
    before: list[int]
    was_human: bool
    changed: bool = False


_VISIT: Any = Visit.__table__
_SESSION: Any = AccessSession.__table__
_TIMES = [_VISIT.c[name] for name in MS]
_VISITS = (
    select(
        _VISIT.c.id, _VISIT.c.company_id, _VISIT.c.partner_id, _VISIT.c.day, _VISIT.c.read_before, _VISIT.c.started_at,
        _VISIT.c.device, _VISIT.c.reader, _VISIT.c.measured, _VISIT.c.seq, _VISIT.c.strip,
        _SESSION.c.id.label("session"), _SESSION.c.secret_hash, _SESSION.c.revoked_at, _SESSION.c.expires_at,
        _SESSION.c.last_used_at,
        *_TIMES,
    )
    .join_from(_VISIT, _SESSION, _VISIT.c.session_id == _SESSION.c.id)
    .where(_VISIT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_VISIT.c.id)
    .with_for_update(of=_VISIT)
)  # fmt: skip
_CHANGE = (
    update(_VISIT)
    .where(_VISIT.c.id == bindparam("visit"))
    .values({name: bindparam(f"to_{name}") for name in (*MS, "reader", "seq", "strip", "last_seen_at")})
)
_FIRST_TIME = len(_VISITS.selected_columns) - len(_TIMES)


def keep(beacons: Sequence[tuple[Beacon, bytes]]) -> list[Outcome]:
    """Credit beacons, each with the hash of the session secret it came with, all in one transaction.

    Raises:
        NotSaved: nothing was kept.
    """
    with transaction(system()) as session:
        connection = session.connection()
        rows = {row.id: row for row in connection.execute(_VISITS, {"ids": sorted({b.visit for b, _ in beacons})})}
        at = now()
        tallies: dict[UUID, Tally] = {}
        outcomes = [_credit(beacon, secret, rows.get(beacon.visit), tallies, at) for beacon, secret in beacons]
        _write(connection, [tally for tally in tallies.values() if tally.changed], at)
    return outcomes


def _credit(beacon: Beacon, secret: bytes, row: Any, tallies: dict[UUID, Tally], at: datetime) -> Outcome:
    if row is None or row.session != beacon.session or not hmac.compare_digest(row.secret_hash, secret):
        return _rejected("foreign")
    if not in_force(row, at):
        return _rejected("ended", Outcome.ENDED)
    if not row.measured:
        return _rejected("consent")
    tally = tallies.get(beacon.visit)
    if tally is None:
        tally = tallies[beacon.visit] = _tally(row)
    elapsed = (at - tally.started_at) // _MILLISECOND
    if growth := crediting.credited(tally.times, beacon.ms, elapsed):
        tally.strip = crediting.drawn(tally.strip, growth, beacon.at, elapsed)
        for index, ms in growth.items():
            tally.times[index] += ms
        tally.changed = True
    if beacon.human and tally.reader is Reader.UNKNOWN:
        tally.reader, tally.changed = Reader.HUMAN, True
    tally.seq = max(tally.seq, beacon.n)
    return Outcome.KEPT


def _rejected(reason: str, outcome: Outcome = Outcome.DROPPED) -> Outcome:
    REJECTED.labels(reason).inc()
    return outcome


def _tally(row: Any) -> Tally:
    times = list(row[_FIRST_TIME:])
    return Tally(
        id=row.id,
        company_id=row.company_id,
        partner_id=row.partner_id,
        day=row.day,
        read_before=row.read_before,
        started_at=row.started_at,
        device=row.device,
        reader=row.reader,
        times=times,
        seq=row.seq,
        strip=row.strip,
        before=times.copy(),
        was_human=row.reader is Reader.HUMAN,
    )


def _write(connection: Connection, tallies: Sequence[Tally], at: datetime) -> None:
    if not tallies:
        return
    prepared.run(connection, _CHANGE, [_change(tally, at) for tally in tallies])
    reach("beacons:visits")
    changes, new = Changes(), []
    for tally in tallies:
        if tally.reader is Reader.HUMAN:
            changes.count(tally, before=tally.before if tally.was_human else None, after=tally.times, at=at)
            if not tally.was_human:
                changes.leave_out(tally, Reader.UNKNOWN, measured=True, by=-1)
                new.append(tally)
    writer = Writer(connection)
    rollups.write(writer, changes)
    reach("beacons:sums")
    for tally in sorted(new, key=lambda tally: tally.partner_id):
        if rollups.is_first_view(writer, tally.company_id, tally.partner_id, at):
            announce(connection, FirstView(tally.company_id, tally.partner_id, at, tally.device))


def _change(tally: Tally, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {f"to_{name}": ms for name, ms in zip(MS, tally.times, strict=True)}
    row |= {"to_reader": tally.reader, "to_seq": tally.seq, "to_strip": tally.strip, "to_last_seen_at": at}
    row["visit"] = tally.id
    return row
