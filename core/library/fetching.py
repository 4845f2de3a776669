"""One address hands out documents of every kind of space; the kind says whose rule opens them."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, allowed, permits
from core.deals import fetching as deals
from core.questions import fetching as questions
from core.vault import fetching as vault
from core.vault.handing_over import File
from core.vault.models import Document, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound

Fetch = Callable[..., File]
_FOR_STAFF: dict[SpaceKind | None, Fetch] = {
    SpaceKind.VAULT: vault.fetch,
    SpaceKind.DEALS: deals.fetch,
    SpaceKind.QUESTIONS: questions.fetch,
    SpaceKind.LIBRARY: vault.fetch_from_library,
}
_FOR_CONTACTS: dict[SpaceKind | None, tuple[Act, Fetch]] = {
    SpaceKind.DEALS: (Act.SEE_DEALS, deals.fetch_own),
    SpaceKind.QUESTIONS: (Act.USE_PORTAL, questions.fetch_own),
    SpaceKind.LIBRARY: (Act.USE_LIBRARY, vault.fetch_shared),
}


@permits(Act.READ_DEALS)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of any document (the newest, unless ``number``) for a member of staff, on the record.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
        NotAllowed: the role does not read what stands in such a space.
    """
    hand_out = _FOR_STAFF.get(_kind(session, document_id))
    if hand_out is None:
        raise DocumentNotFound
    return hand_out(session, document_id, number=number, by=by)


@permits(Act.USE_PORTAL)
def fetch_own(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A document for a reseller's person, on the record.

    Raises:
        DocumentNotFound: there is no such document, or none that their role is shown: one wording for both.
        NotAllowed, DeviceUnknown, SessionEnded, DocumentExpired: as the space has it.
    """
    found = _FOR_CONTACTS.get(_kind(session, document_id))
    if found is None or not allowed(by, found[0]):
        raise DocumentNotFound
    return found[1](session, document_id, number=number, by=by)


def _kind(session: Session, document_id: UUID) -> SpaceKind | None:
    space = select(DocumentSpace.kind).join(Document, Document.space_id == DocumentSpace.id)
    return session.scalar(space.where(Document.id == document_id))
