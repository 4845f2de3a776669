"""What demo partners signed in their past, NDAs and reseller agreements: sealed for real, with that day's evidence."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.kinds import SessionKind
from core.access.models import AccessSession, CodePurpose, MailedCode
from core.access.secret import hashed, new_secret
from core.access.sessions import LONGEST
from core.actor import Actor, ActorKind, ContactRole
from core.companies.models import Company
from core.contacts.models import Contact
from core.nda.gathering import certified, chain_head, evidence_of
from core.nda.instruments import named
from core.nda.models import Instrument, Nda, NdaSigning, NdaText, SigningState
from core.nda.numbering import take_number
from core.nda.readiness import Ready, Wish
from core.nda.rows import Invited, agreement_of, ensure_text, shown_to
from core.nda.signing import kept_nda
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
ADDRESS = "203.0.113.24"
"""An address that stands for an example, by RFC 5737."""
USUAL = "Partnerdesk"
"""Who published a text that nobody has changed."""


def add_ndas(session: Session, company: Company, *, partner_id: UUID | None = None, by: Actor) -> None:
    """Give each partner that moved to ``nda_signed``, or the one named, the NDA it signed then, the oldest first."""
    text = ensure_text(session, by=by)
    signed = select(Hop).where(Hop.to == Status.NDA_SIGNED).order_by(Hop.at, Hop.id)
    for hop in session.scalars(signed.where(Hop.partner_id == partner_id) if partner_id else signed).all():
        if partner_id is None:
            text.saved_at = text.published_at = min(text.saved_at, hop.at - timedelta(days=30))
        partner = session.get_one(Partner, hop.partner_id)
        invited = Invited(partner.contact_name, partner.contact_title, partner.contact_email)
        nda = _sign(session, company, partner, text, invited, _visit(session, partner, hop.at), at=hop.at)
        partner.nda_expires_at = nda.expires_at


def add_agreement(session: Session, company: Company, partner: Partner, *, at: datetime, by: Actor) -> None:
    """Give a reseller the reseller agreement that its principal signed then."""
    text = ensure_text(session, Instrument.RESELLER, by=by)
    if text.published_by == USUAL:
        text.saved_at = text.published_at = min(text.saved_at, at - timedelta(days=30))
    mine = (Contact.partner_id == partner.id, Contact.role == ContactRole.PRINCIPAL)
    signer = session.scalars(select(Contact).where(*mine).order_by(Contact.added_at).limit(1)).one()
    invited = Invited(signer.name, signer.title, signer.email, is_known=True)
    _sign(session, company, partner, text, invited, _visit(session, partner, at, contact=signer), at=at)


def _sign(
    session: Session, company: Company, partner: Partner, text: NdaText, invited: Invited, access: AccessSession, *,
    at: datetime,
) -> Nda:  # fmt: skip
    kind = ActorKind.CONTACT if invited.is_known else ActorKind.PARTNER
    signer = Actor(kind, name=invited.name, company=company.id, ip=ADDRESS, user_agent=BROWSER)
    ready = Ready(
        company=company,
        partner=partner,
        access=access,
        row=_signing(session, partner, invited, access, text, at),
        text=text,
        agreement=shown_to(agreement_of(text), company, partner),
        invited=invited,
        name=invited.name,
        code=_code(session, partner, invited, access, at),
        current=None,
    )
    wish = Wish(invited.name, confirmed_name=False, consent=True, text_number=text.number)
    number = take_number(session, text.instrument, by=signer)
    made = certified(ready, evidence_of(ready, wish, number=number, at=at, chain=chain_head(session), by=signer))
    nda = kept_nda(session, ready, made, by=signer)
    told = named(Kind.NDA_SIGNED, text.instrument)
    note_timeline(session, partner.id, told, by=signer, at=at, signer=nda.signer_name, reference=nda.reference)
    return nda


def _visit(session: Session, partner: Partner, at: datetime, *, contact: Contact | None = None) -> AccessSession:
    """The session it was signed in; long over."""
    kind = SessionKind.CONTACT if contact else SessionKind.ROOM
    row = AccessSession(secret_hash=hashed(new_secret()), kind=kind, partner_id=partner.id)
    row.contact_id = contact.id if contact else None
    row.opened_at, row.last_used_at, row.expires_at = at - timedelta(minutes=14), at, at + LONGEST
    row.revoked_at, row.device_hash = at + timedelta(hours=1), hashed(f"device of {partner.slug}")
    row.ip, row.user_agent = ADDRESS, BROWSER
    session.add(row)
    session.flush()
    return row


def _signing(
    session: Session, partner: Partner, invited: Invited, access: AccessSession, text: NdaText, at: datetime
) -> NdaSigning:
    rng = random.Random(partner.slug)  # noqa: S311 - the same demo each time, not a secret
    row = NdaSigning(partner_id=partner.id, session_id=access.id, text_id=text.id, state=SigningState.SIGNED)
    row.instrument = text.instrument
    row.name, row.title, row.email = invited.name, invited.title, invited.email
    row.signature, row.language, row.clock_drift_s = invited.name, partner.language, rng.randint(-3, 3)
    row.clause_ms = {key: rng.randint(6_000, 38_000) for key in agreement_of(text).keys}
    row.begun_at, row.shown_at = at - timedelta(minutes=13), at - timedelta(minutes=12)
    row.read_at, row.ended_at = at - timedelta(minutes=3), at
    session.add(row)
    session.flush()
    return row


def _code(session: Session, partner: Partner, invited: Invited, access: AccessSession, at: datetime) -> MailedCode:
    row = MailedCode(partner_id=partner.id, session_id=access.id, purpose=CodePurpose.SIGN)
    row.address, row.code_hash = invited.email, hashed(new_secret())
    row.sent_at, row.expires_at = at - timedelta(minutes=2), at + timedelta(minutes=8)
    row.verified_at = row.used_at = at - timedelta(minutes=1)
    session.add(row)
    session.flush()
    return row
