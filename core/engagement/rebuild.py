"""The sums made again from the visits: for repair, and when a demo partner's past is set aside."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.companies.models import Company
from core.engagement import rollups, times
from core.engagement.models import PartnerMonth, PartnerViews, Reader, ReadingDay, Visit
from core.engagement.rollups import COUNTED, MS, UNMEASURED, Changes, Writer
from core.rows import insert_rows

_CHUNK = 50_000
_PLAIN = ("partner_id", "day", "reader", "measured", "read_before", "started_at", "last_seen_at")


@permits(Act.RUN_SYSTEM)
def rebuild(session: Session) -> int:
    """Make every sum again from the visits; how many visits were read. Nothing can be written meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE visit IN EXCLUSIVE MODE"))
    return sum(_rebuild(session, company) for company in session.scalars(select(Company.id)).all())


def _rebuild(session: Session, company: UUID) -> int:
    visits = pd.concat([_counted(rows) for rows in _chunks(session, company)] or [_counted([])], ignore_index=True)
    first = dict(
        session.execute(
            select(PartnerViews.partner_id, PartnerViews.first_human_at).where(PartnerViews.company_id == company)
        ).all()
    )
    for table in (ReadingDay, PartnerMonth, PartnerViews):
        session.execute(delete(table).where(table.company_id == company))
    own = {"company_id": company}
    human = visits[visits["reader"] == Reader.HUMAN.value]
    insert_rows(session, ReadingDay, [own | row for row in _days(visits, human)])
    insert_rows(session, PartnerMonth, [own | row for row in _months(human)])
    insert_rows(session, PartnerViews, [own | row for row in _partners(human, first)])
    return len(visits)


def _chunks(session: Session, company: UUID) -> Iterator[Any]:
    columns = [getattr(Visit, name) for name in (*_PLAIN, *MS)]
    found = select(*columns).where(Visit.company_id == company)
    return session.execute(found, execution_options={"yield_per": _CHUNK}).partitions()


def _counted(rows: Any) -> pd.DataFrame:
    """Visits with their summands: 1, times, sections reached, the furthest one."""
    frame = pd.DataFrame([tuple(row) for row in rows], columns=[*_PLAIN, *MS])
    reached = frame[list(MS)].to_numpy(np.int64).reshape(len(frame), times.N) >= times.REACHED_MS
    last = times.N - 1 - np.argmax(reached[:, ::-1], axis=1)
    furthest = reached & (np.arange(times.N) == last[:, None])
    frame["visits"] = 1
    frame[list(rollups.REACHED)] = reached.astype(int)
    frame[list(rollups.FURTHEST)] = furthest.astype(int)
    frame["reached_end"] = reached[:, times.END].any(axis=1).astype(int)
    frame["returned"] = frame["read_before"].astype(int)
    return frame


def _days(visits: pd.DataFrame, human: pd.DataFrame) -> Iterator[dict[str, Any]]:
    others = visits[visits["reader"] != Reader.HUMAN.value]
    unmeasured = ~others["measured"].astype(bool) & (others["reader"] == Reader.UNKNOWN.value)
    kinds = ("left_" + others["reader"]).where(~unmeasured, UNMEASURED)
    left = kinds.groupby([others["day"], kinds]).size()
    names = [*COUNTED, "returned", "reached_end"]
    sums = {day: of[names].to_numpy(int).sum(axis=0) for day, of in human.groupby("day")}
    blocks = {day: _block(of[list(MS)].to_numpy(np.int64)) for day, of in human.groupby("day")}
    for day in sorted(set(visits["day"])):
        row = dict(zip(names, map(int, sums[day]), strict=True)) if day in blocks else {}
        row |= {kind: int(left[day, kind]) for kind in set(kinds) if (day, kind) in left.index}
        yield {"day": day, **_zeros(), **row, "times": blocks.get(day, b"")}


def _zeros() -> dict[str, int]:
    names = [column.name for column in ReadingDay.__table__.columns]
    return dict.fromkeys([name for name in names if name not in ("company_id", "day", "times")], 0)


def _block(read: NDArray[np.int64]) -> bytes:
    block = times.block(b"")
    places = times.buckets(read)
    for row in range(times.N):
        np.add.at(block[row], places[:, row][read[:, row] >= times.REACHED_MS], 1)
    np.add.at(block[times.N], times.buckets(read.sum(axis=1)), 1)
    return times.packed(block)


def _months(human: pd.DataFrame) -> Iterator[dict[str, Any]]:
    months = pd.Series([day.replace(day=1) for day in human["day"]], index=human.index, dtype=object)
    bits = pd.Series([1 << (day.day - 1) for day in human["day"]], index=human.index, dtype=int)
    groups = human.assign(month=months, days=bits).groupby(["month", "partner_id"])
    for (month, partner), of in groups:
        days = int(np.bitwise_or.reduce(of["days"].to_numpy()))
        yield {"month": month, "partner_id": partner, "days": days, **_sums(of)}


def _sums(of: pd.DataFrame) -> dict[str, int]:
    return dict(zip(COUNTED, map(int, of[list(COUNTED)].to_numpy().sum(axis=0)), strict=True))


def _partners(human: pd.DataFrame, first: dict[UUID, datetime | None]) -> Iterator[dict[str, Any]]:
    earlier: dict[Any, datetime | None] = {**first}
    for partner, of in human.groupby("partner_id"):
        known = earlier.get(partner) or of["started_at"].min().to_pydatetime()
        row = {"visits": len(of), "devices": int((of["returned"] == 0).sum()), "first_human_at": known}
        yield {"partner_id": partner, **row, "last_read_at": of["last_seen_at"].max().to_pydatetime()}


@permits(Act.WORK_PIPELINE)
def set_aside(session: Session, partner_id: UUID) -> int:
    """Count a demo partner's visits no longer, and let its next reading be the first. How many were set aside."""
    rows = session.execute(
        select(Visit).where(Visit.partner_id == partner_id, Visit.reader != Reader.DEMO).with_for_update()
    )
    visits = list(rows.scalars())
    changes = Changes()
    for visit in visits:
        if visit.reader is Reader.HUMAN:
            changes.uncount(visit, [getattr(visit, name) for name in MS])
        else:
            changes.leave_out(visit, visit.reader, measured=visit.measured, by=-1)
        changes.leave_out(visit, Reader.DEMO, measured=visit.measured)
    session.execute(update(Visit).where(Visit.partner_id == partner_id).values(reader=Reader.DEMO))
    rollups.write(Writer(session), changes)
    session.execute(delete(PartnerMonth).where(PartnerMonth.partner_id == partner_id))
    session.execute(delete(PartnerViews).where(PartnerViews.partner_id == partner_id))
    return len(visits)
