"""A certification as its holder, its company and staff see it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.companies.rows import own_company
from core.training.learning_models import Certification
from core.training.models import TrainingModule
from core.training.validity import Standing, standing


@dataclass(frozen=True)
class CertificationRow:
    """A certification. ``standing``: whether it counts now, and for how many days; ``is_current``: no newer one is
    there. ``code``: of the public check page, ``/certificate/{code}``. ``reason``: why it was revoked."""

    id: UUID
    reference: str
    code: str
    module_id: UUID
    module: str
    module_ar: str
    partner_id: UUID | None
    contact_id: UUID | None
    staff_id: UUID | None
    holder: str
    organisation: str
    score_pct: Decimal
    completed_at: datetime
    valid_until: date
    standing: Standing
    is_current: bool
    revoked_at: datetime | None
    revoked_by: str
    reason: str


def certification_rows(session: Session, *conditions: Any) -> list[CertificationRow]:
    """Certifications that meet some conditions, the newest first."""
    named = select(Certification, TrainingModule.name, TrainingModule.name_ar)
    found = named.join(TrainingModule, TrainingModule.id == Certification.module_id).where(*conditions)
    rows = session.execute(found.order_by(Certification.completed_at.desc(), Certification.number.desc())).all()
    zone = own_company(session).time_zone if rows else ""
    return [_row(row[0], row[1], row[2], now(), zone) for row in rows]


def _row(row: Certification, name: str, name_ar: str, at: datetime, zone: str) -> CertificationRow:
    return CertificationRow(
        id=row.id,
        reference=row.reference,
        code=row.code,
        module_id=row.module_id,
        module=name,
        module_ar=name_ar,
        partner_id=row.partner_id,
        contact_id=row.partner_contact_id,
        staff_id=row.employee_id,
        holder=row.holder,
        organisation=row.organisation,
        score_pct=row.score_pct,
        completed_at=row.completed_at,
        valid_until=row.valid_until,
        standing=standing(row, at, zone=zone),
        is_current=row.is_current,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        reason=row.reason,
    )
