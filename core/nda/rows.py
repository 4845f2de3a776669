"""Rows of the agreements, for the operations that need them: the text in force, what is signed, whom is invited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession, ProposalLink, RoomLink
from core.actor import Actor, Role
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.contacts.models import Contact
from core.db import lock
from core.errors import NotFound
from core.nda.evidence import Party
from core.nda.instruments import named
from core.nda.models import Instrument, Nda, NdaHandover, NdaSigning, NdaText, SigningState, TextState
from core.nda.texts import LANGUAGES, Agreement, default_agreement, filled, sha256_of
from core.partners.models import Partner


@dataclass(frozen=True)
class Invited:
    """Whom a partner's session may sign for: the contact on record, the colleague it was handed over to, the principal.

    ``is_known``: it is a contact who came in as such, and signs under the name on record.
    """

    name: str
    title: str
    email: str
    handover: NdaHandover | None = None
    is_known: bool = False


def agreement_of(text: NdaText) -> Agreement:
    """The words of a version."""
    return Agreement.model_validate(text.content)


def find_published_text(session: Session, instrument: Instrument = Instrument.NDA) -> NdaText | None:
    """The version that is signed now, if one was published."""
    mine = (NdaText.instrument == instrument, NdaText.state == TextState.PUBLISHED)
    return session.scalars(select(NdaText).where(*mine).order_by(NdaText.number.desc()).limit(1)).one_or_none()


def find_draft_text(session: Session, instrument: Instrument = Instrument.NDA) -> NdaText | None:
    """The version being written, if there is one."""
    mine = (NdaText.instrument == instrument, NdaText.state == TextState.DRAFT)
    return session.scalars(select(NdaText).where(*mine)).one_or_none()


def ensure_text(session: Session, instrument: Instrument = Instrument.NDA, *, by: Actor) -> NdaText:
    """The version that is signed now; a company without any gets the usual text as version 1."""
    found = find_published_text(session, instrument)
    if found is None:
        lock(session, f"{instrument}-text:{by.company}")
        found = find_published_text(session, instrument)
    return found or _first_text(session, instrument, by=by)


def _first_text(session: Session, instrument: Instrument, *, by: Actor) -> NdaText:
    words, at = default_agreement(instrument), now()
    text = NdaText(instrument=instrument, number=1, state=TextState.PUBLISHED, content=words.model_dump(mode="json"))
    text.sha256_en, text.sha256_ar = (sha256_of(words, language) for language in LANGUAGES)
    text.saved_at, text.saved_by = at, "Partnerdesk"
    text.published_at, text.published_by = at, "Partnerdesk"
    session.add(text)
    session.flush()
    after = {"number": 1, "sha256_en": text.sha256_en}
    record(session, named(Tag.NDA_TEXT_PUBLISH, instrument), by=by, subject=text, after=after)
    return text


def get_nda(session: Session, nda_id: UUID) -> Nda:
    """A signed NDA.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(Nda, nda_id)
    if found is None:
        raise NotFound("This NDA was not found. Choose one from the register.")
    return found


def find_current_nda(session: Session, partner_id: UUID, instrument: Instrument = Instrument.NDA) -> Nda | None:
    """The partner's newest NDA (or other agreement), valid or expired; None when it never signed one."""
    mine = (Nda.partner_id == partner_id, Nda.instrument == instrument, Nda.superseded_at.is_(None))
    return session.scalars(select(Nda).where(*mine)).one_or_none()


def own_partner(session: Session, by: Actor, *, held: bool = False) -> Partner:
    """The partner whose person acts. ``held``: nobody else changes it until the transaction ends.

    Raises:
        NotFound: the actor is of no partner.
    """
    found = session.get(Partner, by.partner, with_for_update=held or None) if by.partner else None
    if found is None:
        raise NotFound("Open the link in your e-mail again: no partner is known.")
    return found


def find_open_signing(session: Session, session_id: UUID | None) -> NdaSigning | None:
    """The signing under way in a session, if there is one."""
    mine = (NdaSigning.session_id == session_id, NdaSigning.state == SigningState.OPEN)
    return session.scalars(select(NdaSigning).where(*mine)).one_or_none()


def find_left_signing(session: Session, session_id: UUID | None, *, email: str) -> NdaSigning | None:
    """What the same person left unfinished in an earlier session on the same device, the newest."""
    here = select(AccessSession.device_hash).where(AccessSession.id == session_id).scalar_subquery()
    left = (
        select(NdaSigning)
        .join(AccessSession, AccessSession.id == NdaSigning.session_id)
        .where(NdaSigning.state == SigningState.OPEN, NdaSigning.session_id != session_id, NdaSigning.email == email)
        .where(AccessSession.device_hash == here, AccessSession.partner_id == NdaSigning.partner_id)
    )
    return session.scalars(left.order_by(NdaSigning.begun_at.desc()).limit(1)).one_or_none()


def invited_in(session: Session, partner: Partner, session_id: UUID | None) -> Invited:
    """Whom a session was invited as. A session of a handed over link stays with that colleague."""
    contact = session.scalars(
        select(Contact)
        .join(AccessSession, AccessSession.contact_id == Contact.id)
        .where(AccessSession.id == session_id)
    ).one_or_none()
    if contact is not None:
        return Invited(contact.name, contact.title, contact.email, is_known=True)
    found = session.scalars(
        select(NdaHandover)
        .join(NdaSigning, NdaSigning.handover_id == NdaHandover.id)
        .where(NdaSigning.session_id == session_id)
        .limit(1)
    ).one_or_none()
    if found is not None:
        return Invited(found.name, found.title, found.email, found)
    return Invited(partner.contact_name, partner.contact_title, partner.contact_email)


def ended_at(session: Session, handover: NdaHandover) -> datetime | None:
    """When a link to sign stopped letting anybody in: it was revoked, or access was withdrawn after it was made.

    Whoever held a proposal's or a room's link that was withdrawn may have made this one.
    """
    after = handover.issued_at
    links = (ProposalLink.partner_id == handover.partner_id, ProposalLink.revoked_at >= after)
    rooms = (RoomLink.partner_id == handover.partner_id, RoomLink.rotated_at >= after)
    found = session.execute(
        select(
            select(func.max(ProposalLink.revoked_at)).where(*links).scalar_subquery(),
            select(func.max(RoomLink.rotated_at)).where(*rooms).scalar_subquery(),
        )
    ).one()
    return min((at for at in (handover.revoked_at, *found) if at is not None), default=None)


def parties(company: Company, partner: Partner) -> tuple[Party, Party]:
    """Both parties by their names."""
    return (
        Party(name=company.name, name_ar=company.name_ar),
        Party(name=partner.name, name_ar=partner.name_ar),
    )


def shown_to(agreement: Agreement, company: Company, partner: Partner) -> Agreement:
    """A text as a partner reads and signs it."""
    ours, theirs = parties(company, partner)
    return filled(agreement, company=ours, partner=theirs)


def who_watches(session: Session, partner: Partner) -> list[Staff]:
    """Whom to tell about a partner: its owner, or every admin where it has none (or one who left)."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    if owner is not None and owner.disabled_at is None:
        return [owner]
    admins = select(Staff).where(Staff.role == Role.ADMIN, Staff.disabled_at.is_(None)).order_by(Staff.id)
    return list(session.scalars(admins))
