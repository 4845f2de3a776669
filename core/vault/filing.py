"""Putting documents into a space; each is part of another act, which has its policy and its entries."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import lock
from core.failpoints import reach
from core.partners.models import Partner
from core.vault.models import Document, DocumentSpace, DocumentVersion, Origin, SpaceKind
from core.vault.storage import blobs, digest

MOST_OF_A_NAME = 200


def file_away(
    session: Session,
    partner: Partner,
    *,
    title: str,
    title_ar: str = "",
    file_name: str,
    data: bytes,
    media_type: str,
    origin: Origin,
    requires_nda: bool = False,
    kind: SpaceKind = SpaceKind.VAULT,
    by: Actor,
    at: datetime,
) -> Document:
    """A new document of a partner's, with its first version. The bytes are durable before this returns.

    ``kind``: the partner's vault, or what came with its deals.
    """
    space = _space_of(session, partner, kind, at=at)
    return file_into(
        session, space, title=title, title_ar=title_ar, file_name=file_name, data=data, media_type=media_type,
        origin=origin, requires_nda=requires_nda, by=by, at=at,
    )  # fmt: skip


def file_into(
    session: Session,
    space: DocumentSpace,
    *,
    title: str,
    title_ar: str,
    file_name: str,
    data: bytes,
    media_type: str,
    origin: Origin = Origin.UPLOAD,
    requires_nda: bool = False,
    by: Actor,
    at: datetime,
) -> Document:
    """A new document of a space, with its first version. The bytes are durable before this returns."""
    document = Document(space_id=space.id, title=title, title_ar=title_ar, origin=origin, requires_nda=requires_nda)
    document.created_at = document.changed_at = at
    session.add(document)
    session.flush()
    add_version(session, document, file_name=file_name, data=data, media_type=media_type, by=by, at=at)
    return document


def add_version(
    session: Session,
    document: Document,
    *,
    file_name: str,
    data: bytes,
    media_type: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> DocumentVersion:
    """The next version of a document. The bytes are durable before this returns.

    Keep large files once before the transaction (``blobs().keep``): then nothing is written here while others wait.
    """
    lock(session, f"document:{document.id}")
    lock(session, f"blob:{digest(data)}")
    sha256 = blobs().keep(data)
    newest = session.scalar(select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == document.id))
    version = DocumentVersion(document_id=document.id, number=(newest or 0) + 1, sha256=sha256, size=len(data))
    version.media_type, version.file_name = media_type, file_name[:MOST_OF_A_NAME]
    version.added_at, version.added_by, version.note = at, by.name[:200], note
    document.changed_at = at
    session.add(version)
    session.flush()
    reach("document:version")
    return version


def _space_of(session: Session, partner: Partner, kind: SpaceKind, *, at: datetime) -> DocumentSpace:
    """The partner's space of a kind, made when it has none."""
    lock(session, f"{kind}:{partner.id}")
    theirs = DocumentSpace.partner_visible_to_id == partner.id
    found = session.scalars(select(DocumentSpace).where(DocumentSpace.kind == kind, theirs)).one_or_none()
    if found is None:
        found = DocumentSpace(kind=kind, name=partner.name, partner_visible_to_id=partner.id, created_at=at)
        session.add(found)
        session.flush()
    return found
