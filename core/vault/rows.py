"""Rows of the vault, for the operations and reads that need them."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import device_of
from core.actor import Actor
from core.clock import now
from core.companies.rows import own_company
from core.errors import NotFound
from core.partners.models import Partner
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceKind
from core.vault.visibility import Audience


class DocumentNotFound(NotFound):
    """There is no such document here. It may have been removed; go back to the list and choose again."""


def get_document(session: Session, document_id: UUID, *, kind: SpaceKind = SpaceKind.VAULT) -> tuple[Document, Partner]:
    """A document that was not removed, of a vault or another ``kind`` of space, and the partner whose it is.

    Raises:
        DocumentNotFound: there is none in this company.
    """
    found = session.execute(
        select(Document, Partner)
        .join(DocumentSpace, DocumentSpace.id == Document.space_id)
        .join(Partner, Partner.id == DocumentSpace.partner_visible_to_id)
        .where(Document.id == document_id, Document.removed_at.is_(None), DocumentSpace.kind == kind)
    ).one_or_none()
    if found is None:
        raise DocumentNotFound
    return found[0], found[1]


def get_shared(session: Session, document_id: UUID) -> tuple[Document, DocumentSpace]:
    """A document of the library that was not removed, and its space, which may have been withdrawn.

    Raises:
        DocumentNotFound: there is none in this company.
    """
    found = session.execute(
        select(Document, DocumentSpace)
        .join(DocumentSpace, DocumentSpace.id == Document.space_id)
        .where(Document.id == document_id, Document.removed_at.is_(None), DocumentSpace.kind == SpaceKind.LIBRARY)
    ).one_or_none()
    if found is None:
        raise DocumentNotFound
    return found[0], found[1]


def get_version(session: Session, document_id: UUID, number: int | None) -> DocumentVersion:
    """A version of a document, the newest unless ``number``.

    Raises:
        DocumentNotFound: it has no such version.
    """
    found = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    if number is not None:
        found = found.where(DocumentVersion.number == number)
    version = session.scalars(found.order_by(DocumentVersion.number.desc()).limit(1)).one_or_none()
    if version is None:
        raise DocumentNotFound
    return version


def audience_of(space: DocumentSpace) -> Audience:
    """Whom a space of the library is for now; a withdrawn one is for nobody."""
    if space.withdrawn_at is not None:
        return Audience()
    return Audience(
        space.partner_visible_to_id, space.visible_to_all_partners, space.partner_role_visibility, space.holds_prices
    )


def find_vault(session: Session, partner_id: UUID | None) -> DocumentSpace | None:
    """A partner's vault; None before its first document."""
    mine = (DocumentSpace.kind == SpaceKind.VAULT, DocumentSpace.partner_visible_to_id == partner_id)
    return session.scalars(select(DocumentSpace).where(*mine)).one_or_none()


def looker(session: Session, by: Actor) -> str:
    """Whose look it is: a partner's browser, or its session where the browser is not known."""
    device = device_of(session, by)
    return f"device:{device.hex()}" if device else f"session:{by.session}"


def today_in_company(session: Session) -> date:
    """The day it is where the company of this session is."""
    return now().astimezone(ZoneInfo(own_company(session).time_zone)).date()
