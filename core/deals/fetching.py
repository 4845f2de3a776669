"""Fetching a document of a deal, always on the record: by the team, and by the reseller's people whose role may."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import require_trust
from core.actor import Act, Actor, allowed, permits
from core.deals.models import Quote, QuoteDocument
from core.deals.rows import shown_to
from core.deals.visibility import may_open
from core.errors import NotAllowed
from core.vault import fetching as vault
from core.vault.handing_over import File, hand_over, require_session
from core.vault.models import Document, DocumentSpace, Origin, SpaceKind
from core.vault.rows import DocumentNotFound, get_document, get_version
from core.vault.visibility import may_fetch_version


class DealDocumentNotForRole(NotAllowed):
    """Your role does not show this document. Ask a colleague who sees prices."""


@permits(Act.READ_DEALS)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document (the newest, unless ``number``) for a member of staff: of a deal, or of a vault.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
        NotAllowed: it stands in a vault, or is a signed agreement, and the role reads none.
    """
    space = select(DocumentSpace.kind).join(Document, Document.space_id == DocumentSpace.id)
    if session.scalar(space.where(Document.id == document_id)) is not SpaceKind.DEALS:
        return vault.fetch(session, document_id, number=number, by=by)
    document, _partner = get_document(session, document_id, kind=SpaceKind.DEALS)
    if document.origin is Origin.SIGNED_AGREEMENT and not allowed(by, Act.READ_NDA):
        raise NotAllowed
    return hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


@permits(Act.SEE_DEALS)
def fetch_own(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A document of a deal for one of its reseller's people, who get its newest version only; or what they signed.

    Raises:
        DocumentNotFound: there is no such document, or of a deal the actor does not see: one wording for both.
        DealDocumentNotForRole: the role does not open it.
        DeviceUnknown: the mailbox must be proved on this device first.
        SessionEnded: the session ended while this was asked.
    """
    document, partner = get_document(session, document_id, kind=SpaceKind.DEALS)
    if partner.id != by.partner:
        raise DocumentNotFound
    _check_role(session, document, by=by)
    require_session(session, by=by)
    require_trust(session, by=by)
    newest = get_version(session, document.id, None)
    if number is not None and not may_fetch_version(document.origin, number, newest=newest.number):
        raise DocumentNotFound
    return hand_over(session, document, newest, partner=partner, by=by)


def _check_role(session: Session, document: Document, *, by: Actor) -> None:
    """Let a contact go on whose role opens this document: the signed agreement, or one of a deal it sees."""
    if document.origin is Origin.SIGNED_AGREEMENT:
        if not allowed(by, Act.SIGN_AGREEMENT):
            raise DocumentNotFound
        return
    of_deal = select(QuoteDocument.use).join(Quote, Quote.id == QuoteDocument.quote_id)
    use = session.scalar(of_deal.where(QuoteDocument.document_id == document.id, *shown_to(by)))
    if use is None:
        raise DocumentNotFound
    if not may_open(by.contact_role, use):
        raise DealDocumentNotForRole
