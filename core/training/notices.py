"""Certifications that end: reminders 90, 60, 30 and 7 days before; a job of the worker. The end itself needs none.

Each reminder is kept as a row with its mails, so that any number of workers send it once. After a pause only the
nearest one that is due is made up for.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.clock import now, today
from core.companies.models import Company, Staff
from core.contacts.models import Contact
from core.db import lock, reading, transaction
from core.failpoints import reach
from core.training import letters
from core.training.learning_models import Certification, CertificationNotice
from core.training.models import TrainingModule
from core.training.rows import get_module
from core.training.validity import NOTICES, days_left, notices_due

_ENDS_AFTER = timedelta(days=2)
"""How far apart the day that is told and the instant it ends may lie, for the index of the ends."""


def remind() -> None:
    """Mail every reminder that is due now, in every company."""
    with reading(system()) as session:
        companies = session.execute(select(Company.id, Company.time_zone)).all()
        waiting = [(one, row) for one, zone in companies for row in _waiting(session, one, today(zone))]
    for company_id, certification_id in waiting:
        by = system(company_id)
        with transaction(by) as session:
            _attend(session, certification_id, by=by)


def _waiting(session: Session, company_id: UUID, day: date) -> list[UUID]:
    """The certifications of a company whose holder is to be told, and was not."""
    soon = now() + timedelta(days=max(NOTICES)) + _ENDS_AFTER
    ending = (
        Certification.company_id == company_id,
        Certification.expires_at > now(),
        Certification.expires_at <= soon,
    )
    there = or_(
        and_(Contact.id.is_not(None), Contact.disabled_at.is_(None)),
        and_(Staff.id.is_not(None), Staff.disabled_at.is_(None)),
    )
    found = (
        select(Certification.id)
        .join(TrainingModule, TrainingModule.id == Certification.module_id)
        .outerjoin(Contact, Contact.id == Certification.partner_contact_id)
        .outerjoin(Staff, Staff.id == Certification.employee_id)
        .where(*ending, Certification.is_current, there, TrainingModule.withdrawn_at.is_(None))
        .where(or_(*(_untold(days, day) for days in NOTICES)))
    )
    return list(session.scalars(found.order_by(Certification.expires_at)))


def _untold(days: int, day: date) -> ColumnElement[bool]:
    """That so few days are left, and neither this reminder nor a nearer one was sent."""
    nearer = [notice for notice in NOTICES if notice <= days]
    told = select(CertificationNotice.days).where(
        CertificationNotice.certification_id == Certification.id, CertificationNotice.days.in_(nearer)
    )
    left = Certification.valid_until <= day + timedelta(days=days)
    lower = max((notice for notice in NOTICES if notice < days), default=-1)
    return and_(left, Certification.valid_until > day + timedelta(days=lower), ~told.exists())


def _attend(session: Session, certification_id: UUID, *, by: Actor) -> None:
    """Remind of one certification, if that is still to be done; a reminder as old as itself is kept and not mailed."""
    lock(session, f"certification:{certification_id}")
    row = session.get_one(Certification, certification_id)
    zone = session.get_one(Company, by.company).time_zone
    told = select(CertificationNotice.days).where(CertificationNotice.certification_id == row.id)
    left = days_left(row.valid_until, now(), zone)
    lasts = days_left(row.valid_until, row.completed_at, zone)
    due = notices_due(left, list(session.scalars(told)))
    if due is None or not row.is_current:
        return
    session.add(CertificationNotice(certification_id=row.id, days=due, at=now()))
    session.flush()
    reach("certification:reminded")
    if notices_due(left, (), lasts=lasts) is not None:
        letters.tell_ending(session, row, get_module(session, row.module_id), days=left, notice=due)
