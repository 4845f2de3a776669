"""Fetching a document, always on the record: who, what, which bytes, when and from where."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import require_trust
from core.access.models import AccessSession
from core.access.sessions import in_force
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.errors import NotAllowed
from core.failpoints import reach
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.models import Document, DocumentFetch, DocumentVersion
from core.vault.rows import DocumentNotFound, get_document, get_version, today_in_company
from core.vault.visibility import State, may_fetch_version, state_of


class NdaFirst(NotAllowed):
    """Sign the NDA to open this."""


class DocumentExpired(NotAllowed):
    """This document could be opened until {day}. Ask {company} for a newer one."""

    status = 410


class SessionEnded(NotAllowed):
    """Your session ended. Open the link in your e-mail again."""

    status = 401


@dataclass(frozen=True)
class File:
    """A file on its way to somebody who may have it."""

    sha256: str
    size: int
    media_type: str
    file_name: str


@permits(Act.READ_VAULT)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document (the newest, unless ``number``) for a member of staff, on the record.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
    """
    document, _partner = get_document(session, document_id)
    return _hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


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
    _check_session(session, by)
    require_trust(session, by=by)
    newest = get_version(session, document.id, None)
    found = newest if number in (None, newest.number) else get_version(session, document.id, number)
    if not may_fetch_version(document.origin, found.number, newest=newest.number):
        raise DocumentNotFound
    file = _hand_over(session, document, found, partner=partner, by=by)
    note_timeline(session, partner.id, Kind.DOCUMENT_FETCHED, by=by, title=document.title)
    return file


def _check_open(session: Session, document: Document, partner: Partner) -> None:
    state = state_of(
        requires_nda=document.requires_nda, expires_on=document.expires_on, status=partner.status,
        nda_expires_at=partner.nda_expires_at, at=now(), today=today_in_company(session),
    )  # fmt: skip
    if state is State.EXPIRED:
        raise DocumentExpired(day=document.expires_on, company=session.scalars(select(Company.name)).one())
    if state is State.GATED:
        raise NdaFirst


def _check_session(session: Session, by: Actor) -> None:
    """Look once more in this very transaction: nothing leaves after access was withdrawn."""
    row = session.scalars(
        select(AccessSession).where(AccessSession.id == by.session).with_for_update(read=True)
    ).one_or_none()
    if row is None or not in_force(row, now()):
        raise SessionEnded


def _hand_over(
    session: Session, document: Document, version: DocumentVersion, *, partner: Partner | None, by: Actor
) -> File:
    fetched = DocumentFetch(document_id=document.id, version_id=version.id, at=now(), sha256=version.sha256)
    fetched.partner_id, fetched.session_id = partner.id if partner else None, by.session
    fetched.actor_kind, fetched.actor_name = by.kind.value, by.name[:200]
    fetched.ip, fetched.user_agent = by.ip or "", (by.user_agent or "")[:400]
    session.add(fetched)
    reach("document:fetch")
    after = {"title": document.title, "number": version.number, "sha256": version.sha256}
    record(session, Tag.DOCUMENT_FETCH, by=by, subject=document, after=after)
    return File(version.sha256, version.size, version.media_type, version.file_name)
