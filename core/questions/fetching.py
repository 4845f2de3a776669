"""Fetching a file of a question, always on the record: by the team, and by the reseller's people who see the thread."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import require_trust
from core.actor import Act, Actor, allowed, permits
from core.deals import fetching as deals
from core.questions.models import PartnerQuestion, QuestionDocument, QuestionPost
from core.questions.rows import shown_to
from core.vault.handing_over import File, hand_over, require_session
from core.vault.models import Document, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound, get_document, get_version


@permits(Act.READ_QUESTIONS)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a document (the newest, unless ``number``) for a member of staff, in whichever space it stands.

    Raises:
        DocumentNotFound: there is no such document or version, or it was removed.
        NotAllowed: it stands in another space, which the role does not read.
    """
    if _kind(session, document_id) is not SpaceKind.QUESTIONS:
        return deals.fetch(session, document_id, number=number, by=by)
    document, _partner = get_document(session, document_id, kind=SpaceKind.QUESTIONS)
    return hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


@permits(Act.USE_PORTAL)
def fetch_own(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A document for one of a reseller's people: a file of a question it sees, or what stands in another space.

    Raises:
        DocumentNotFound: there is no such document, or of a question the actor does not see: one wording for both.
        DeviceUnknown: the mailbox must be proved on this device first.
        SessionEnded: the session ended while this was asked.
    """
    if _kind(session, document_id) is not SpaceKind.QUESTIONS:
        return deals.fetch_own(session, document_id, number=number, by=by)
    document, partner = get_document(session, document_id, kind=SpaceKind.QUESTIONS)
    in_thread = (
        select(PartnerQuestion.id)
        .join(QuestionPost, QuestionPost.question_id == PartnerQuestion.id)
        .join(QuestionDocument, QuestionDocument.post_id == QuestionPost.id)
        .where(QuestionDocument.document_id == document.id, *shown_to(by))
    )
    if not allowed(by, Act.ASK) or session.scalar(in_thread) is None or partner.id != by.partner:
        raise DocumentNotFound
    require_session(session, by=by)
    require_trust(session, by=by)
    return hand_over(session, document, get_version(session, document.id, number), partner=partner, by=by)


def _kind(session: Session, document_id: UUID) -> SpaceKind | None:
    space = select(DocumentSpace.kind).join(Document, Document.space_id == DocumentSpace.id)
    return session.scalar(space.where(Document.id == document_id))
