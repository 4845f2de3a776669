"""Giving a certification, as part of the act of passing: its row, its mail, its record."""

import secrets
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.db import lock
from core.failpoints import reach
from core.partners.models import Partner
from core.settings import settings
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.training import letters
from core.training.certificate_page import Certificate, certificate_pdf
from core.training.learning_models import Attempt, Certification
from core.training.models import TrainingModule
from core.training.rows import get_module, whose
from core.training.validity import ends, last_day

_CODE_BYTES = 15
"""120 bits: nobody guesses it, and it still fits a QR code that prints small."""
_UNSYNCED = {"synchronize_session": False}


def find_held(session: Session, module_id: UUID, *, by: Actor) -> Certification | None:
    """The certification that tells where a learner stands in a module."""
    mine = (Certification.module_id == module_id, Certification.is_current, whose(Certification, by))
    return session.scalars(select(Certification).where(*mine)).one_or_none()


def certify(session: Session, attempt: Attempt, held: Certification | None, *, at: datetime, by: Actor) -> None:
    """Give a certification for an attempt that was passed at an instant.

    It takes the place of ``held``, which stays as it was and counts until its own end. What asked only for changes
    ends when ``held`` ends, and no new one ends before it.
    """
    company, module = own_company(session), get_module(session, attempt.module_id)
    until = last_day(at, days=module.valid_for_days, zone=company.time_zone)
    if held is not None and held.expires_at > at:
        until = held.valid_until if attempt.is_delta else max(until, held.valid_until)
    mine = (Certification.module_id == module.id, Certification.is_current, whose(Certification, by))
    session.execute(update(Certification).where(*mine).values(is_current=False), execution_options=_UNSYNCED)
    row = _numbered(session, by=by)
    row.module_id, row.quiz_version_id, row.attempt_id = module.id, attempt.quiz_version_id, attempt.id
    row.partner_id, row.partner_contact_id, row.employee_id = (
        attempt.partner_id,
        attempt.partner_contact_id,
        attempt.employee_id,
    )
    row.holder, row.organisation = _names(session, attempt, company)
    row.score_pct, row.completed_at = attempt.score_pct or Decimal(0), at
    row.valid_until, row.expires_at = until, ends(until, company.time_zone)
    session.add(row)
    session.flush()
    reach("certification:given")
    _tell(session, row, module, company, by=by)


def _numbered(session: Session, *, by: Actor) -> Certification:
    """A certification with the next number and a code, for the rest to be filled in."""
    lock(session, f"certification-number:{by.company}")
    number = (session.scalar(select(func.max(Certification.number))) or 0) + 1
    return Certification(number=number, reference=f"C-{number:05d}", code=secrets.token_urlsafe(_CODE_BYTES))


def _names(session: Session, attempt: Attempt, company: Company) -> tuple[str, str]:
    """The holder's name and its organisation's, as they are now."""
    if attempt.partner_contact_id is not None:
        contact = session.get_one(Contact, attempt.partner_contact_id)
        return contact.name, session.get_one(Partner, contact.partner_id).name
    return session.get_one(Staff, attempt.employee_id).name, company.name


def _tell(session: Session, row: Certification, module: TrainingModule, company: Company, *, by: Actor) -> None:
    if row.partner_id is not None:
        note = partial(note_timeline, session, row.partner_id, Kind.CERTIFICATION_GIVEN, by=by)
        note(name=row.holder, module=module.name, reference=row.reference)
    letters.tell_given(session, row, module, pdf=drawn(row, module, company))
    after = {"holder": row.holder, "module": module.name, "valid_until": row.valid_until.isoformat()}
    record(session, Tag.CERTIFICATION_GIVE, by=by, subject=row, after=after | {"score": str(row.score_pct)})


def drawn(row: Certification, module: TrainingModule, company: Company) -> bytes:
    """The certificate as a PDF."""
    page = Certificate(
        brand=brand_of(company, "en"),
        brand_ar=brand_of(company, "ar"),
        holder=row.holder,
        organisation=row.organisation,
        module=module.name,
        module_ar=module.name_ar,
        reference=row.reference,
        completed_on=_day(row.completed_at, company.time_zone),
        valid_until=row.valid_until,
        address=check_address(row.code),
    )
    return certificate_pdf(page, at=row.completed_at)


def check_address(code: str) -> str:
    """Where anybody can check a certificate, by the code on it."""
    return f"{settings().portal_url}/certificate/{code}"


def _day(at: datetime, zone: str) -> date:
    return last_day(at, days=0, zone=zone)
