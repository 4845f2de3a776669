"""Spaces of the library as rows, for the operations and reads that need them."""

from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceKind


class SpaceNotFound(NotFound):
    """There is no such space in the library. Go back to the list and choose again."""


def get_space(session: Session, space_id: UUID) -> DocumentSpace:
    """A space of the library, withdrawn or not.

    Raises:
        SpaceNotFound: there is none in this company.
    """
    mine = (DocumentSpace.id == space_id, DocumentSpace.kind == SpaceKind.LIBRARY)
    found = session.scalars(select(DocumentSpace).where(*mine)).one_or_none()
    if found is None:
        raise SpaceNotFound
    return found


def newest_of_each() -> Select[Document, DocumentVersion]:
    """The documents of the library that were not removed, each with its newest version, the newest document first."""
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
        .where(DocumentSpace.kind == SpaceKind.LIBRARY, Document.removed_at.is_(None))
        .order_by(Document.changed_at.desc(), Document.id.desc())
    )
