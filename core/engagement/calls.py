"""Whom to call today: the partners who read lately, each with its reasons."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal, select, union_all
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.clock import now, today
from core.companies.models import Company, Staff
from core.engagement.filters import COUNTED, Filter, partners_asked
from core.engagement.models import PartnerViews, Visit
from core.engagement.reasons import Read, Reason, ReasonKey, reasons
from core.engagement.rollups import MS
from core.partners.models import Partner
from core.partners.pipeline import Status

LATELY = timedelta(days=30)
MOST = 30
"""Partners looked at: those who read last."""
VISITS_EACH = 15
_SETTLED = (Status.ACTIVE, Status.ON_HOLD)
_URGENCY = {key: place for place, key in enumerate(ReasonKey)}


@dataclass(frozen=True)
class Call:
    """A partner to call, and why."""

    partner_id: UUID
    partner: str
    slug: str
    owner: str
    status: Status
    last_read_at: datetime
    reasons: tuple[Reason, ...]


@permits(Act.READ_ENGAGEMENT)
def call_list(session: Session, *, asked: Filter | None = None) -> list[Call]:
    """Whom to call, the most urgent first; partners already active or on hold are left out.

    Of ``asked`` the partners, owner and stage count; the days are always the last 30.
    """
    partners = session.execute(_lately(asked)).all()
    if not partners:
        return []
    reads: dict[UUID, list[Read]] = defaultdict(list)
    for row in session.execute(_latest([(row.id, row.company_id) for row in partners])):
        reads[row.partner_id].append(_read(row))
    local_today = today(partners[0].time_zone)
    calls = [
        Call(row.id, row.name, row.slug, row.owner or "", row.status, row.last_read_at, tuple(why))
        for row in partners
        if (why := reasons(sorted(reads[row.id], key=_age), status=row.status, today=local_today))
    ]
    return sorted(calls, key=lambda call: (_URGENCY[call.reasons[0].key], -len(call.reasons)))


def _lately(asked: Filter | None) -> Any:
    owner = Staff.name.label("owner")
    found = (
        select(
            Partner.id,
            Partner.company_id,
            Partner.name,
            Partner.slug,
            Partner.status,
            owner,
            PartnerViews.last_read_at,
            Company.time_zone,
        )
        .select_from(Partner)
        .join(Company, Company.id == Partner.company_id)
        .join(PartnerViews, PartnerViews.partner_id == Partner.id)
        .outerjoin(Staff, Staff.id == Partner.owner_id)
        .where(Partner.status.not_in(_SETTLED), PartnerViews.last_read_at >= now() - LATELY)
    )
    if asked is not None and asked.names_partners:
        found = found.where(Partner.id.in_(partners_asked(asked)))
    return found.order_by(PartnerViews.last_read_at.desc()).limit(MOST)


_COLUMNS = [
    Visit.partner_id, Visit.day, Visit.started_at, Visit.new_device, Visit.came_back, Visit.away_days, Visit.device,
    *(getattr(Visit, name) for name in MS),
]  # fmt: skip


def _latest(partners: list[tuple[UUID, UUID]]) -> Any:
    """The newest visits of each partner: one short walk along the index for each."""
    each = []
    for partner, company in partners:
        mine = select(*_COLUMNS).where(Visit.company_id == literal(company), Visit.partner_id == literal(partner))
        newest = mine.where(COUNTED).order_by(Visit.day.desc(), Visit.started_at.desc()).limit(VISITS_EACH)
        each.append(select(newest.subquery()))
    return union_all(*each)


def _read(row: Row[Any]) -> Read:
    return Read(
        day=row.day,
        times=tuple(row[-len(MS) :]),
        new_device=row.new_device,
        came_back=row.came_back,
        away_days=row.away_days,
        device=row.device,
    )


def _age(read: Read) -> int:
    return -read.day.toordinal()
