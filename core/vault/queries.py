"""What a vault shows: to its partner's people in the room, and to staff with who fetched what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.clock import now
from core.partners.models import Partner
from core.partners.rows import get_partner
from core.vault.models import Document, DocumentFetch, DocumentSpace, DocumentVersion, Origin, SpaceKind, SpaceLook
from core.vault.rows import looker, today_in_company
from core.vault.trail import PAGE, FetchRow, VersionRow, downloads, versions_of
from core.vault.visibility import State, state_of


@dataclass(frozen=True)
class RoomDocument:
    """A document as its partner's people see it.

    ``unlocked_by``: ``nda`` when it opens once the NDA is signed, else nothing. ``is_new``: its newest version came
    after the visit before this one.
    """

    id: UUID
    title: str
    title_ar: str
    file_name: str
    size: int
    media_type: str
    changed_at: datetime
    expires_on: date | None
    is_open: bool
    unlocked_by: str
    is_new: bool
    number: int
    state: State
    origin: Origin


@dataclass(frozen=True)
class DocumentRow:
    """A document as staff see it. ``version`` is the lock to change it with, ``number`` that of the newest file."""

    id: UUID
    title: str
    title_ar: str
    note: str
    file_name: str
    size: int
    media_type: str
    number: int
    sha256: str
    changed_at: datetime
    added_by: str
    requires_nda: bool
    expires_on: date | None
    origin: Origin
    state: State
    fetched: int
    """How often the partner's people fetched it."""
    fetched_at: datetime | None
    version: int


@permits(Act.USE_ROOM)
def room_documents(session: Session) -> list[RoomDocument]:
    """What stands in the vault of whoever asks, newest first; what is not open is there too, and says why."""
    by = actor_of(session)
    before = select(SpaceLook.before).where(
        SpaceLook.space_id == Document.space_id, SpaceLook.looker == looker(session, by)
    )
    newest = _newest(by.partner).add_columns(Partner, before.scalar_subquery().label("before"))
    rows = session.execute(newest.join(Partner, Partner.id == DocumentSpace.partner_visible_to_id)).all()
    at, today = now(), today_in_company(session)
    return [_room_document(row, at, today) for row in rows]


def _room_document(row: Any, at: datetime, today: date) -> RoomDocument:
    document, version = row.Document, row.DocumentVersion
    state = _state(document, row.Partner, at, today)
    return RoomDocument(
        id=document.id,
        title=document.title,
        title_ar=document.title_ar,
        file_name=version.file_name,
        size=version.size,
        media_type=version.media_type,
        changed_at=document.changed_at,
        expires_on=document.expires_on,
        is_open=state is State.OPEN,
        unlocked_by="nda" if state is State.GATED else "",
        is_new=row.before is None or document.changed_at > row.before,
        number=version.number,
        state=state,
        origin=document.origin,
    )


@permits(Act.READ_VAULT)
def partner_documents(session: Session, partner_id: UUID) -> list[DocumentRow]:
    """What stands in a partner's vault, newest first, and how often its people fetched each."""
    partner = get_partner(session, partner_id)
    theirs = (DocumentFetch.document_id == Document.id, DocumentFetch.partner_id.is_not(None))
    often = select(func.count()).select_from(DocumentFetch).where(*theirs).scalar_subquery()
    last = select(func.max(DocumentFetch.at)).where(*theirs).scalar_subquery()
    at, today = now(), today_in_company(session)
    rows = session.execute(_newest(partner_id).add_columns(often.label("fetched"), last.label("fetched_at")))
    return [document_row(row, _state(row.Document, partner, at, today)) for row in rows]


def document_row(row: Any, state: State) -> DocumentRow:
    """A document as staff see it. ``row``: the document, its newest version, how often and when last it was fetched."""
    document, version = row.Document, row.DocumentVersion
    return DocumentRow(
        id=document.id,
        title=document.title,
        title_ar=document.title_ar,
        note=document.note,
        file_name=version.file_name,
        size=version.size,
        media_type=version.media_type,
        number=version.number,
        sha256=version.sha256,
        changed_at=document.changed_at,
        added_by=version.added_by,
        requires_nda=document.requires_nda,
        expires_on=document.expires_on,
        origin=document.origin,
        state=state,
        fetched=row.fetched,
        fetched_at=row.fetched_at,
        version=document.version,
    )


@permits(Act.READ_VAULT)
def versions(session: Session, document_id: UUID) -> list[VersionRow]:
    """Every version of a document, newest first; none where there is no such document."""
    return versions_of(session, document_id)


@permits(Act.READ_VAULT)
def fetches(
    session: Session,
    *,
    partner_id: UUID | None = None,
    document_id: UUID | None = None,
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[FetchRow], int]:
    """One page of downloads from a partner's vault or of one document, newest first, and how many there are in all.

    Downloads of documents that were removed since are among them, and those of our own staff.
    """
    which: list[ColumnElement[bool]] = []
    if partner_id is not None:
        which.append(DocumentSpace.partner_visible_to_id == partner_id)
    if document_id is not None:
        which.append(DocumentFetch.document_id == document_id)
    return downloads(session, *which, page=page, size=size)


def _newest(partner_id: UUID | None) -> Select[Document, DocumentVersion]:
    """The documents of a partner's vault, each with its newest version."""
    last = (
        select(func.max(DocumentVersion.number))
        .where(DocumentVersion.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    return (
        select(Document, DocumentVersion)
        .join(DocumentSpace, DocumentSpace.id == Document.space_id)
        .join(DocumentVersion, and_(DocumentVersion.document_id == Document.id, DocumentVersion.number == last))
        .where(DocumentSpace.kind == SpaceKind.VAULT, DocumentSpace.partner_visible_to_id == partner_id)
        .where(Document.removed_at.is_(None))
        .order_by(Document.changed_at.desc(), Document.id.desc())
    )


def _state(document: Document, partner: Partner, at: datetime, today: date) -> State:
    return state_of(
        requires_nda=document.requires_nda,
        expires_on=document.expires_on,
        status=partner.status,
        nda_expires_at=partner.nda_expires_at,
        at=at,
        today=today,
    )
