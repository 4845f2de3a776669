"""The mails around agreements, put into the outbox with the act that asks for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.format import day, instant
from core.mail import nda_letters
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment
from core.mail.messages import Kind as MailKind
from core.mail.nda_letters import NdaFacts
from core.mail.outbox import enqueue
from core.nda.evidence import check_code_of
from core.nda.handover import signing_address
from core.nda.instruments import CALLED, named
from core.nda.models import Nda, NdaHandover, NdaSigning
from core.nda.rows import who_watches
from core.partners.models import Partner
from core.settings import settings


def tell_signed(session: Session, company: Company, partner: Partner, nda: Nda, *, pdf: bytes, language: str) -> None:
    """The alert to whoever looks after the partner, and the signer's record with the PDF, each once."""
    for colleague in who_watches(session, partner):
        message = nda_letters.nda_signed_alert(
            brand_of(company, colleague.language),
            _staff(colleague),
            _facts(company, partner, nda, colleague.language),
            partner_url=partner_address(partner),
        )
        enqueue(session, message, key=f"nda-signed:{nda.id}:{colleague.id}", partner_id=partner.id)
    message = nda_letters.nda_signed_record(
        brand_of(company, language),
        Addressee(nda.signer_email, nda.signer_name, language, _reply_to(session, partner)),
        _facts(company, partner, nda, language),
        pdf=Attachment(f"{nda.reference}.pdf", "application/pdf", pdf),
        verify_url=f"{settings().portal_url}/verify?ref={nda.reference}&code={check_code_of(nda.evidence_sha256)}",
    )
    enqueue(session, message, key=f"nda-record:{nda.id}", partner_id=partner.id)


def tell_declined(session: Session, company: Company, partner: Partner, signing: NdaSigning, *, signer: str) -> None:
    """Why somebody declined, to whoever looks after the partner."""
    for colleague in who_watches(session, partner):
        message = nda_letters.nda_declined(
            brand_of(company, colleague.language),
            _staff(colleague),
            _name(partner, colleague.language),
            signer,
            _instant(company, signing.ended_at or signing.begun_at, colleague.language),
            why=signing.reason,
            partner_url=partner_address(partner),
            kind=named(MailKind.NDA_DECLINED, signing.instrument),
        )
        enqueue(session, message, key=f"nda-declined:{signing.id}:{colleague.id}", partner_id=partner.id)


def send_hand_over(session: Session, company: Company, partner: Partner, handover: NdaHandover) -> None:
    """The link to sign by, to the colleague who was named."""
    language = partner.language
    message = nda_letters.nda_hand_over(
        brand_of(company, language),
        Addressee(handover.email, handover.name, language, _reply_to(session, partner)),
        _name(partner, language),
        handover.asked_by,
        day(handover.expires_at, zone=company.time_zone, language=language, year=True),
        link=signing_address(partner, handover),
    )
    enqueue(session, message, key=f"nda-handover:{handover.id}", partner_id=partner.id)


def remind_partner(
    session: Session, company: Company, partner: Partner, nda: Nda, days: int, *, key: str, handover: NdaHandover
) -> None:
    """That the NDA ends soon, to the partner's contact with a link to sign it anew by."""
    message = nda_letters.nda_renewal(
        brand_of(company, partner.language),
        Addressee(handover.email, handover.name, partner.language, _reply_to(session, partner)),
        _facts(company, partner, nda, partner.language),
        days,
        link=signing_address(partner, handover),
    )
    enqueue(session, message, key=key, partner_id=partner.id)


def remind_principal(
    session: Session, company: Company, partner: Partner, nda: Nda, days: int, *, key: str, principal: Contact
) -> None:
    """That the reseller agreement ends soon, to one who may sign it anew."""
    message = nda_letters.nda_renewal(
        brand_of(company, principal.language),
        Addressee(principal.email, principal.name, principal.language, _reply_to(session, partner)),
        _facts(company, partner, nda, principal.language),
        days,
        link=f"{settings().portal_url}/agreement",
    )
    enqueue(session, message, key=f"{key}:{principal.id}", partner_id=partner.id)


def remind_team(
    session: Session, company: Company, partner: Partner, nda: Nda, days: int, *, key: str, reminded: str
) -> None:
    """The same, to whoever looks after the partner. ``reminded``: who was on the partner's side; "" if nobody."""
    for colleague in who_watches(session, partner):
        message = nda_letters.nda_renewal_team(
            brand_of(company, colleague.language),
            _staff(colleague),
            _facts(company, partner, nda, colleague.language),
            days,
            contact=reminded,
            partner_url=partner_address(partner),
        )
        enqueue(session, message, key=f"{key}:{colleague.id}", partner_id=partner.id)


def tell_expired(session: Session, company: Company, partner: Partner, nda: Nda) -> None:
    """That the NDA has ended, to whoever looks after the partner."""
    for colleague in who_watches(session, partner):
        message = nda_letters.nda_expired(
            brand_of(company, colleague.language),
            _staff(colleague),
            _facts(company, partner, nda, colleague.language),
            partner_url=partner_address(partner),
        )
        enqueue(session, message, key=f"nda-expired:{nda.id}:{colleague.id}", partner_id=partner.id)


def partner_address(partner: Partner) -> str:
    """The partner's page in the admin app."""
    return f"{settings().admin_url}/partner?id={partner.id}"


def _staff(colleague: Staff) -> Addressee:
    return Addressee(colleague.email, colleague.name, colleague.language)


def _reply_to(session: Session, partner: Partner) -> str:
    """Where a partner's answer goes: to its owner, if it has one."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    return owner.email if owner and owner.disabled_at is None else ""


def _name(partner: Partner, language: str) -> str:
    return partner.name_ar if language == "ar" and partner.name_ar else partner.name


def _instant(company: Company, at: datetime, language: str) -> str:
    return instant(at, zone=company.time_zone, language=language)


def _facts(company: Company, partner: Partner, nda: Nda, language: str) -> NdaFacts:
    return NdaFacts(
        partner_name=_name(partner, language),
        reference=nda.reference,
        signer=nda.signer_name,
        when=_instant(company, nda.signed_at, language),
        expires=day(nda.expires_at, zone=company.time_zone, language=language, year=True),
        title=nda.signer_title,
        email=nda.signer_email,
        called=CALLED[nda.instrument],
    )
