"""Spaces of the library as rows, for the operations and reads that need them."""

from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceKind
from core.vault.rows import audience_of
from core.vault.visibility import Reach


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


def spaces_for(session: Session, by: Actor) -> list[DocumentSpace]:
    """The spaces that reach a contact now, by name."""
    rows = session.scalars(reaching(by).order_by(DocumentSpace.name, DocumentSpace.id))
    return [row for row in rows if reaches(row, by)]


def reaching(by: Actor) -> Select[DocumentSpace]:
    """The spaces that may reach a contact; whether each does is for ``reaches`` to say."""
    theirs = or_(DocumentSpace.visible_to_all_partners, DocumentSpace.partner_visible_to_id == by.partner)
    offered = (DocumentSpace.kind == SpaceKind.LIBRARY, DocumentSpace.withdrawn_at.is_(None))
    return select(DocumentSpace).where(*offered, theirs)


def reaches(space: DocumentSpace, by: Actor) -> bool:
    """Whether a space reaches a contact now."""
    return audience_of(space).reach(partner_id=by.partner, role=by.contact_role) is Reach.SEES


def looker(by: Actor) -> str:
    """Whose look it is."""
    return f"contact:{by.id}"
