"""One transaction for many beacons: the visits, their sums, and the first view of a proposal."""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import Executable, and_, bindparam, select, update
from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.access.sessions import IDLE
from core.actor import system
from core.clock import now
from core.db import transaction
from core.engagement import crediting, rollups
from core.engagement.beacons import Beacon
from core.engagement.first_view import FirstView, announce
from core.engagement.models import Reader, Visit
from core.engagement.prepared import Driver
from core.engagement.rollups import MS, Changes
from core.failpoints import reach

REJECTED = Counter("beacon_rejected", "Beacons that were not used, by reason.", ["reason"])
_MILLISECOND = timedelta(milliseconds=1)
_HUMAN, _UNKNOWN = Reader.HUMAN.value, Reader.UNKNOWN.value


class Outcome(StrEnum):
    """What became of a beacon; the sender learns only whether its session has ended."""

    KEPT = "kept"
    DROPPED = "dropped"
    ENDED = "ended"


_VISIT: Any = Visit.__table__
_SESSION: Any = AccessSession.__table__
_TIMES = [_VISIT.c[name] for name in MS]
_IN_FORCE = and_(
    _SESSION.c.revoked_at.is_(None),
    _SESSION.c.expires_at > bindparam("at"),
    _SESSION.c.last_used_at > bindparam("idle_since"),
)
"""What ``sessions.in_force`` says, where the rows are."""
_FOUND = (
    _VISIT.c.id, _SESSION.c.id, _SESSION.c.secret_hash, _IN_FORCE.label("in_force"), _VISIT.c.measured,
    _VISIT.c.company_id, _VISIT.c.partner_id, _VISIT.c.day, _VISIT.c.read_before, _VISIT.c.started_at,
    _VISIT.c.device, _VISIT.c.reader, _VISIT.c.seq, _VISIT.c.strip, *_TIMES,
)  # fmt: skip
_CHANGED = (*MS, "reader", "seq", "strip", "last_seen_at")
_CHANGE = (
    update(_VISIT).where(_VISIT.c.id == bindparam("visit")).values({name: bindparam(f"to_{name}") for name in _CHANGED})
)
_CHANGE_NAMES = (*(f"to_{name}" for name in _CHANGED), "visit")


class Tally:
    """A visit as its beacons change it; ids, day and reader as the database keeps them."""

    __slots__ = (
        "before", "changed", "company_id", "day", "device", "id", "partner_id", "read_before", "reader", "seq",
        "started_at", "strip", "times", "was_human",
    )  # fmt: skip

    def __init__(self, row: Sequence[Any], started_at: datetime) -> None:
        self.id, _, _, _, _, self.company_id, self.partner_id, self.day, self.read_before = row[:9]
        self.started_at = started_at
        self.device, self.reader, self.seq, self.strip, *self.times = row[10:]
        self.before = row[14:]
        self.was_human = self.reader == _HUMAN
        self.changed = False


def keep(beacons: Sequence[tuple[Beacon, bytes]]) -> list[Outcome]:
    """Credit beacons, each with the hash of the session secret it came with, all in one transaction.

    Raises:
        NotSaved: nothing was kept.
    """
    with transaction(system()) as session:
        driver = Driver(session.connection())
        key = driver.form.key
        named = [(key(beacon.visit), key(beacon.session)) for beacon, _ in beacons]
        rows = _find(driver, {visit for visit, _ in named})
        strange = [
            each for each, (visit, _) in zip(beacons, named, strict=True) if _is_strange(rows.get(visit), each[1])
        ]
        later = _later_sessions(session, strange) if strange else set()
        at = now()
        tallies: dict[Any, Tally] = {}
        outcomes = []
        for (beacon, secret), (visit, of) in zip(beacons, named, strict=True):
            row: Any = rows.get(visit)
            if (refused := _refused(row, of, secret, is_same_reader=(beacon.visit, secret) in later)) is not None:
                outcomes.append(refused)
                continue
            tally = tallies.get(visit)
            if tally is None:
                tally = tallies[visit] = Tally(row, driver.form.moment(row[9]))
            _credit(tally, beacon, (at - tally.started_at) // _MILLISECOND)
            outcomes.append(Outcome.KEPT)
        _write(driver, [tally for tally in tallies.values() if tally.changed], at)
    return outcomes


def _find(driver: Driver, visits: Collection[Any]) -> dict[Any, Any]:
    """The visits by id, with their sessions, held until the transaction ends."""
    size = 1 << (len(visits) - 1).bit_length()  # Few sizes, so that few statements are ever compiled.
    statement, names = _named_visits(size)
    keys, at = sorted(visits), now()
    padded = keys + keys[-1:] * (size - len(keys))
    values = (driver.form.instant(at), driver.form.instant(at - IDLE), *padded)
    return {row[0]: row for row in driver.find(statement, names, values)}


@lru_cache
def _named_visits(size: int) -> tuple[Executable, tuple[str, ...]]:
    names = [f"visit_{number}" for number in range(size)]
    found = select(*_FOUND).join_from(_VISIT, _SESSION, _VISIT.c.session_id == _SESSION.c.id)
    found = found.where(_VISIT.c.id.in_([bindparam(name, type_=_VISIT.c.id.type) for name in names]))
    return found.order_by(_VISIT.c.id).with_for_update(of=_VISIT), ("at", "idle_since", *names)


def _is_strange(row: Any, secret: bytes) -> bool:
    """Whether a beacon came with another session's secret than its visit's."""
    return row is not None and not hmac.compare_digest(row[2], secret)


def _later_sessions(session: Session, strange: Sequence[tuple[Beacon, bytes]]) -> set[tuple[UUID, bytes]]:
    """Visits, each with the secret's hash of another session of the same device with the same partner.

    Whoever opens the link again is given a new session, and the browser may still have an earlier reading to report.
    """
    same_device = and_(_SESSION.c.partner_id == _VISIT.c.partner_id, _SESSION.c.device_hash == _VISIT.c.device_hash)
    found = select(_VISIT.c.id, _SESSION.c.secret_hash).join_from(_VISIT, _SESSION, same_device).where(_IN_FORCE)
    found = found.where(_VISIT.c.id.in_([beacon.visit for beacon, _ in strange]))
    found = found.where(_SESSION.c.secret_hash.in_([secret for _, secret in strange]))
    at = now()
    return {(visit, secret) for visit, secret in session.execute(found, {"at": at, "idle_since": at - IDLE})}


def _refused(row: Any, session: Any, secret: bytes, *, is_same_reader: bool) -> Outcome | None:
    """Why a beacon is not used; None when it is."""
    if row is None or row[1] != session or (_is_strange(row, secret) and not is_same_reader):
        return _rejected("foreign")
    if not row[3]:
        return _rejected("ended", Outcome.ENDED)
    return None if row[4] else _rejected("consent")


def _rejected(reason: str, outcome: Outcome = Outcome.DROPPED) -> Outcome:
    REJECTED.labels(reason).inc()
    return outcome


def _credit(tally: Tally, beacon: Beacon, elapsed: int) -> None:
    if growth := crediting.credited(tally.times, beacon.ms, elapsed):
        place = crediting.at_the_end(tally.strip, growth, elapsed) if beacon.late else elapsed
        tally.strip = crediting.drawn(tally.strip, growth, beacon.at, place)
        for index, ms in growth.items():
            tally.times[index] += ms
        tally.changed = True
    if beacon.human and tally.reader == _UNKNOWN:
        tally.reader, tally.changed = _HUMAN, True
    if beacon.n > tally.seq:
        tally.seq = beacon.n


def _write(driver: Driver, tallies: Sequence[Tally], at: datetime) -> None:
    if not tallies:
        return
    instant = driver.form.instant(at)
    rows = [(*each.times, each.reader, each.seq, each.strip, instant, each.id) for each in tallies]
    driver.run(_CHANGE, _CHANGE_NAMES, rows)
    reach("beacons:visits")
    changes, new = Changes(), []
    for tally in tallies:
        if tally.reader == _HUMAN:
            changes.count(tally, before=tally.before if tally.was_human else None, after=tally.times, at=instant)
            if not tally.was_human:
                changes.leave_out(tally, Reader.UNKNOWN, measured=True, by=-1)
                new.append(tally)
    rollups.write(driver, changes)
    reach("beacons:sums")
    for tally in sorted(new, key=lambda tally: tally.partner_id):
        if rollups.is_first_view(driver, tally.company_id, tally.partner_id, instant):
            company, partner = driver.form.id(tally.company_id), driver.form.id(tally.partner_id)
            announce(driver.connection, FirstView(company, partner, at, tally.device))
