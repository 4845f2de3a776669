"""Agreements that end: reminders 90, 30 and 7 days before, and a note when the end has come; a job of the worker.

Each reminder is one mail by its key, so that any number of workers send it once. After a pause only the newest one that
is due is made up for. What was superseded, or noted as expired, is not looked at again.
"""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor, ContactRole, system
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.contacts.models import Contact
from core.db import lock, reading, transaction
from core.failpoints import reach
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail
from core.nda import handover, letters
from core.nda.instruments import named
from core.nda.models import Instrument, Nda
from core.nda.steps import RENEW_BEFORE, State, state_of
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

DAYS_BEFORE = (7, 30, 90)
"""When somebody is reminded, the last time first."""


def remind() -> None:
    """Mail every reminder that is due now, and note every NDA that has ended, in every company."""
    at = now()
    with reading(system()) as session:
        waiting = _waiting(session, at)
    for company_id, nda_id in waiting:
        by = system(company_id)
        with transaction(by) as session:
            _attend(session, nda_id, by=by)


def reminder_due(expires_at: datetime, at: datetime) -> tuple[int, datetime] | None:
    """The reminder an NDA stands at, by its days, and since when; None before the first one and after the end."""
    for days in DAYS_BEFORE:
        since = expires_at - timedelta(days=days)
        if since <= at < expires_at:
            return days, since
    return None


def _waiting(session: Session, at: datetime) -> list[tuple[UUID, UUID]]:
    """Company and agreement of everything that is to be done; as a rule nothing."""
    unfinished = (Nda.superseded_at.is_(None), Nda.expiry_noted_at.is_(None))
    ending = select(Nda.company_id, Nda.id, Nda.partner_id, Nda.instrument, Nda.expires_at).where(
        *unfinished, Nda.expires_at <= at + RENEW_BEFORE
    )
    found = session.execute(ending).all()
    if not found:
        return []
    told = _told(session, since=at - RENEW_BEFORE)
    return [
        (row.company_id, row.id)
        for row in found
        if _is_waiting(row.expires_at, told.get((row.partner_id, named(MailKind.NDA_RENEWAL, row.instrument))), at)
    ]


def _told(session: Session, *, since: datetime) -> dict[tuple[UUID | None, MailKind], datetime]:
    """When each partner was reminded last, of which agreement by the kind of the mail."""
    kinds = [named(MailKind.NDA_RENEWAL, one) for one in Instrument]
    sent = select(Mail.partner_id, Mail.kind, func.max(Mail.created_at))
    newest = sent.where(Mail.kind.in_(kinds), Mail.created_at > since).group_by(Mail.partner_id, Mail.kind)
    return {(row[0], row[1]): row[2] for row in session.execute(newest)}


def _is_waiting(expires_at: datetime, told: datetime | None, at: datetime) -> bool:
    due = reminder_due(expires_at, at)
    return due is None or told is None or told < due[1]


def _attend(session: Session, nda_id: UUID, *, by: Actor) -> None:
    """Remind of one agreement or note its end, if that is still to be done."""
    nda = session.get_one(Nda, nda_id)
    lock(session, f"{nda.instrument}:{nda.partner_id}")
    session.refresh(nda)
    partner, company = session.get_one(Partner, nda.partner_id), session.get_one(Company, nda.company_id)
    state = state_of(nda, now())
    if state is State.EXPIRING:
        _remind(session, company, partner, nda)
    elif state is State.EXPIRED:
        _note_end(session, company, partner, nda, by=by)


def _remind(session: Session, company: Company, partner: Partner, nda: Nda) -> None:
    at = now()
    due = reminder_due(nda.expires_at, at)
    if due is None:
        return
    key, left = f"nda-renewal:{nda.id}:{due[0]}", ceil((nda.expires_at - at) / timedelta(days=1))
    remind = _remind_principals if nda.instrument is Instrument.RESELLER else _remind_contact
    reminded = remind(session, company, partner, nda, left, key=key)
    letters.remind_team(session, company, partner, nda, left, key=key, reminded=reminded)
    reach("nda:reminded")


def _remind_principals(session: Session, company: Company, partner: Partner, nda: Nda, left: int, *, key: str) -> str:
    """Mail everybody who may sign for the reseller. Returns whom, as the team is told."""
    mine = (Contact.partner_id == partner.id, Contact.role == ContactRole.PRINCIPAL, Contact.disabled_at.is_(None))
    principals = session.scalars(select(Contact).where(*mine).order_by(Contact.id)).all()
    for principal in principals:
        letters.remind_principal(session, company, partner, nda, left, key=key, principal=principal)
    return ", ".join(principal.name for principal in principals)


def _remind_contact(session: Session, company: Company, partner: Partner, nda: Nda, left: int, *, key: str) -> str:
    """Mail the partner's contact a link to sign by. Returns whom, as the team is told."""
    if session.scalar(select(Mail.id).where(Mail.key == key)) is None and partner.contact_email:
        handover.revoke(session, partner.id)
        asked_by = company.name_ar if partner.language == "ar" and company.name_ar else company.name
        link = handover.invite_to_sign(
            session,
            partner,
            name=partner.contact_name or partner.name,
            email=partner.contact_email,
            title=partner.contact_title,
            asked_by=asked_by,
        )
        letters.remind_partner(session, company, partner, nda, left, key=key, handover=link)
    return partner.contact_name or partner.contact_email if partner.contact_email else ""


def _note_end(session: Session, company: Company, partner: Partner, nda: Nda, *, by: Actor) -> None:
    """Note once that an agreement has ended."""
    first = update(Nda).where(Nda.id == nda.id, Nda.expiry_noted_at.is_(None)).values(expiry_noted_at=now())
    if not session.execute(first, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]
        return
    reach("nda:expired")
    kind = named(Kind.NDA_EXPIRED, nda.instrument)
    note_timeline(session, partner.id, kind, by=by, at=nda.expires_at, reference=nda.reference)
    letters.tell_expired(session, company, partner, nda)
    after = {"reference": nda.reference, "partner": partner.name}
    record(session, named(Tag.NDA_EXPIRE, nda.instrument), by=by, subject=nda, after=after)
