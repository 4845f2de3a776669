"""Fetching a document of a vault or the library, always on the record: who, what, which bytes, when, from where."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import require_trust
from core.actor import Act, Actor, permits
from core.clock import now
from core.companies.models import Company
from core.contacts.models import Contact
from core.errors import NotAllowed
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.handing_over import File, hand_over, require_session
from core.vault.models import Document, DocumentSpace
from core.vault.rows import DocumentNotFound, audience_of, get_document, get_shared, get_version, today_in_company
from core.vault.visibility import Reach, State, may_fetch_version, state_of


class NdaFirst(NotAllowed):
    """Sign the NDA to open this."""


class DocumentExpired(NotAllowed):
    """This document could be opened until {day}. Ask {company} for a newer one."""

    status = 410


@permits(Act.READ_VAULT)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document (the newest, unless ``number``) for a member of staff, on the record.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
    """
    document, _partner = get_document(session, document_id)
    return hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


@permits(Act.USE_ROOM)
def fetch_own(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document for one of its partner's people, on the record and the timeline.

    Raises:
        DocumentNotFound: there is no such document, or it is another partner's: one wording for both.
        NdaFirst: it opens once the NDA is signed.
        DocumentExpired: its last day has passed.
        DeviceUnknown: the mailbox must be proved on this device first.
        SessionEnded: the session ended while this was asked.
    """
    document, partner = get_document(session, document_id)
    if partner.id != by.partner:
        raise DocumentNotFound
    _check_open(session, document, partner)
    require_session(session, by=by)
    require_trust(session, by=by)
    newest = get_version(session, document.id, None)
    found = newest if number in (None, newest.number) else get_version(session, document.id, number)
    if not may_fetch_version(document.origin, found.number, newest=newest.number):
        raise DocumentNotFound
    file = hand_over(session, document, found, partner=partner, by=by)
    note_timeline(session, partner.id, Kind.DOCUMENT_FETCHED, by=by, title=document.title)
    return file


@permits(Act.READ_LIBRARY)
def fetch_from_library(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document of the library (the newest, unless ``number``) for a member of staff, on the record.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
    """
    document, _space = get_shared(session, document_id)
    return hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


@permits(Act.USE_LIBRARY)
def fetch_shared(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """The newest version of a document of the library for a reseller's person, on the record and the timeline.

    What they are is looked up once more here: nothing leaves after their role changed.

    Raises:
        DocumentNotFound: there is no such document, or its space is not for them: one wording for both.
        NdaFirst: it opens once the NDA is signed.
        DocumentExpired: its last day has passed.
        DeviceUnknown: the mailbox must be proved on this device first.
        SessionEnded: the session ended while this was asked.
    """
    document, space = get_shared(session, document_id)
    partner = _reached(session, space, by)
    _check_open(session, document, partner)
    require_session(session, by=by)
    require_trust(session, by=by)
    newest = get_version(session, document.id, None)
    if number is not None and not may_fetch_version(document.origin, number, newest=newest.number):
        raise DocumentNotFound
    file = hand_over(session, document, newest, partner=partner, by=by)
    note_timeline(session, partner.id, Kind.DOCUMENT_FETCHED, by=by, title=document.title)
    return file


def _reached(session: Session, space: DocumentSpace, by: Actor) -> Partner:
    """The reseller whose person asks, if the space reaches that person."""
    mine = select(Contact.role, Partner).join(Partner, Partner.id == Contact.partner_id)
    found = session.execute(mine.where(Contact.id == by.id, Contact.disabled_at.is_(None))).one_or_none()
    if found is None or audience_of(space).reach(partner_id=found[1].id, role=found[0]) is not Reach.SEES:
        raise DocumentNotFound
    partner: Partner = found[1]
    return partner


def _check_open(session: Session, document: Document, partner: Partner) -> None:
    state = state_of(
        requires_nda=document.requires_nda, expires_on=document.expires_on, status=partner.status,
        nda_expires_at=partner.nda_expires_at, at=now(), today=today_in_company(session),
    )  # fmt: skip
    if state is State.EXPIRED:
        raise DocumentExpired(day=document.expires_on, company=session.scalars(select(Company.name)).one())
    if state is State.GATED:
        raise NdaFirst
