"""What is kept of a document's life: its versions and every download; for the reads that may show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.engagement.devices import device_text
from core.partners.models import Partner
from core.vault.models import Document, DocumentFetch, DocumentSpace, DocumentVersion

PAGE = 50


@dataclass(frozen=True)
class VersionRow:
    """One version of a document."""

    number: int
    file_name: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str
    note: str
    fetched: int


@dataclass(frozen=True)
class FetchRow:
    """One download: who, what, when and from where. ``partner``: whose person it was, nothing for our own staff."""

    id: UUID
    at: datetime
    who: str
    partner: str
    is_staff: bool
    document_id: UUID
    title: str
    number: int
    file_name: str
    sha256: str
    ip: str
    device: str


def versions_of(session: Session, document_id: UUID) -> list[VersionRow]:
    """Every version of a document, newest first."""
    theirs = (DocumentFetch.version_id == DocumentVersion.id, DocumentFetch.partner_id.is_not(None))
    often = select(func.count()).select_from(DocumentFetch).where(*theirs).scalar_subquery()
    found = select(DocumentVersion, often.label("fetched")).where(DocumentVersion.document_id == document_id)
    return [
        VersionRow(v.number, v.file_name, v.size, v.sha256, v.added_at, v.added_by, v.note, fetched)
        for v, fetched in session.execute(found.order_by(DocumentVersion.number.desc()))
    ]


def downloads(
    session: Session, *which: ColumnElement[bool], page: int = 1, size: int = PAGE
) -> tuple[list[FetchRow], int]:
    """One page of downloads, newest first, and how many there are in all. ``which``: of what documents or spaces."""
    found = (
        select(
            DocumentFetch, Partner.name.label("partner"), Document.title, DocumentVersion.number,
            DocumentVersion.file_name, func.count().over().label("total"),
        )
        .join(Document, Document.id == DocumentFetch.document_id)
        .join(DocumentVersion, DocumentVersion.id == DocumentFetch.version_id)
        .join(DocumentSpace, DocumentSpace.id == Document.space_id)
        .outerjoin(Partner, Partner.id == DocumentFetch.partner_id)
        .where(*which)
    )  # fmt: skip
    newest = found.order_by(DocumentFetch.at.desc(), DocumentFetch.id.desc())
    rows = session.execute(newest.limit(size).offset((page - 1) * size)).all()
    return [_fetch_row(*row[:5]) for row in rows], rows[0].total if rows else 0


def _fetch_row(row: DocumentFetch, partner: str | None, title: str, number: int, file_name: str) -> FetchRow:
    return FetchRow(
        id=row.id,
        at=row.at,
        who=row.actor_name,
        partner=partner or "",
        is_staff=row.partner_id is None,
        document_id=row.document_id,
        title=title,
        number=number,
        file_name=file_name,
        sha256=row.sha256,
        ip=row.ip,
        device=device_text(row.user_agent) if row.user_agent else "",
    )
