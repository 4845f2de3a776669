"""Fetching a file of a question, always on the record: by the team, and by the reseller's people who see the thread."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.devices import require_trust
from core.actor import Act, Actor, allowed, permits
from core.questions.models import PartnerQuestion, QuestionDocument, QuestionPost
from core.questions.rows import shown_to
from core.vault.handing_over import File, hand_over, require_session
from core.vault.models import SpaceKind
from core.vault.rows import DocumentNotFound, get_document, get_version


@permits(Act.READ_QUESTIONS)
def fetch(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A version of a file of a question (the newest, unless ``number``) for a member of staff.

    Raises:
        DocumentNotFound: there is no such file or version, or it was removed.
    """
    document, _partner = get_document(session, document_id, kind=SpaceKind.QUESTIONS)
    return hand_over(session, document, get_version(session, document.id, number), partner=None, by=by)


@permits(Act.USE_PORTAL)
def fetch_own(session: Session, document_id: UUID, *, number: int | None = None, by: Actor) -> File:
    """A file of a question for one of a reseller's people who sees the thread.

    Raises:
        DocumentNotFound: there is no such file, or of a question the actor does not see: one wording for both.
        DeviceUnknown: the mailbox must be proved on this device first.
        SessionEnded: the session ended while this was asked.
    """
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
