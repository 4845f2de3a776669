"""The mails around certifications, put into the outbox with the act that asks for them."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from babel.dates import format_timedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import format
from core.actor import ContactRole
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment
from core.mail.outbox import enqueue
from core.mail.training_letters import (
    CertificationFacts,
    certification_ending,
    certification_given,
    certification_revoked,
)
from core.partners.models import Partner
from core.settings import settings
from core.training.learning_models import Certification
from core.training.models import TrainingModule


def tell_given(session: Session, row: Certification, module: TrainingModule, *, pdf: bytes) -> None:
    """That somebody passed, to the holder, with the certificate."""
    file = Attachment(f"{row.reference}.pdf", "application/pdf", pdf)
    for to in _holder(session, row):
        company = session.get_one(Company, row.company_id)
        facts = _facts(row, module, company, to.language, score=format.rate(row.score_pct, language=to.language))
        message = certification_given(brand_of(company, to.language), to, facts, url=_page(row), pdf=file)
        enqueue(session, message, key=f"certification-given:{row.id}", partner_id=row.partner_id)


def tell_revoked(session: Session, row: Certification, module: TrainingModule) -> None:
    """That a certification counts no more, to the holder."""
    for to in _holder(session, row):
        company = session.get_one(Company, row.company_id)
        facts = _facts(row, module, company, to.language)
        message = certification_revoked(brand_of(company, to.language), to, facts, why=row.reason, url=_page(row))
        enqueue(session, message, key=f"certification-revoked:{row.id}", partner_id=row.partner_id)


def tell_ending(session: Session, row: Certification, module: TrainingModule, *, days: int, notice: int) -> None:
    """That a certification ends in so many days, to the holder and to the principals of the holder's company.

    ``notice``: which of the reminders this is; each is one mail, however often it is asked for.
    """
    company, key = session.get_one(Company, row.company_id), f"certification-ending:{row.id}:{notice}"
    holder = list(_holder(session, row))
    for to in holder:
        facts = _facts(row, module, company, to.language)
        message = certification_ending(
            brand_of(company, to.language), to, facts, _span(days, to.language), url=_page(row)
        )
        enqueue(session, message, key=key, partner_id=row.partner_id)
    for principal in _principals(session, row) if holder else ():
        language = principal.language
        to = Addressee(principal.email, principal.name, language, holder[0].reply_to)
        facts, url = _facts(row, module, company, language), f"{settings().portal_url}/training"
        message = certification_ending(
            brand_of(company, language), to, facts, _span(days, language), url=url, for_team=True
        )
        enqueue(session, message, key=f"{key}:{principal.id}", partner_id=row.partner_id)


def _holder(session: Session, row: Certification) -> Iterable[Addressee]:
    """Whom to write to: the holder, unless it was disabled."""
    if row.partner_contact_id is not None:
        contact = session.get_one(Contact, row.partner_contact_id)
        if contact.disabled_at is None:
            yield Addressee(contact.email, contact.name, contact.language, _owner(session, contact.partner_id))
        return
    colleague = session.get_one(Staff, row.employee_id)
    if colleague.disabled_at is None:
        yield Addressee(colleague.email, colleague.name, colleague.language)


def _principals(session: Session, row: Certification) -> Iterable[Contact]:
    """The holder's principals, without the holder."""
    if row.partner_id is None:
        return ()
    there = (Contact.partner_id == row.partner_id, Contact.disabled_at.is_(None), Contact.id != row.partner_contact_id)
    return session.scalars(select(Contact).where(*there, Contact.role == ContactRole.PRINCIPAL).order_by(Contact.id))


def _owner(session: Session, partner_id: UUID) -> str:
    """Where an answer goes: to whoever looks after the partner."""
    partner = session.get_one(Partner, partner_id)
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    return owner.email if owner and owner.disabled_at is None else ""


def _facts(
    row: Certification, module: TrainingModule, company: Company, language: str, *, score: str = ""
) -> CertificationFacts:
    return CertificationFacts(
        holder=row.holder,
        module=module.name_ar if language == "ar" and module.name_ar else module.name,
        reference=row.reference,
        valid_until=format.day(row.valid_until, zone=company.time_zone, language=language, year=True),
        score=score,
    )


def _span(days: int, language: str) -> str:
    locale = "ar" if language == "ar" else "en"
    return format_timedelta(timedelta(days=max(1, days)), granularity="day", threshold=100_000, locale=locale)


def _page(row: Certification) -> str:
    """Where the holder learns: contacts in the portal, staff in their own app."""
    if row.partner_contact_id is not None:
        return f"{settings().portal_url}/training?id={row.module_id}"
    return f"{settings().admin_url}/my_training?id={row.module_id}"
