"""What the crossing attempts know of questions: rows to leave behind, ids to ask for, words to tell."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.db import transaction
from core.deals.models import Quote
from core.questions import service
from core.questions.asking import NewQuestion
from core.questions.faq import FaqText
from core.questions.models import CannedAnswer, FaqEntry, PartnerQuestion
from core.vault.intake import Taken
from tests.core.two_companies import oldest

_number = count(1)


def publish(mark: str, *, by: Actor) -> None:
    """What a company published, and keeps ready; partners of it may read the first."""
    with transaction(by) as session:
        service.publish_faq(session, entry=FaqText(f"{mark}faq", f"{mark}answer"), by=by)
        service.save_canned(session, None, name=f"{mark} ready", body=f"{mark} body", version=None, by=by)


def converse(mark: str, *, file: Taken, contact: Actor, by: Actor) -> None:
    """A contact's question with a file, its answer, a note among colleagues; and another one that waits."""
    with transaction(contact) as session:
        asked = NewQuestion(f"{mark} question", f"{mark} details")
        question_id = service.ask(session, question=asked, files=[file], by=contact).id
    with transaction(by) as session:
        service.note(session, question_id, body=f"{mark} note", by=by)
        version = session.get_one(PartnerQuestion, question_id).version
        service.answer(session, question_id, body=f"{mark} answer", version=version, by=by)
    with transaction(contact) as session:
        service.ask(session, question=NewQuestion(f"{mark} waits", f"{mark} details"), by=contact)


def ask_about_a_deal(mark: str, *, contact: Actor) -> None:
    """A contact's question that is tied to a deal of its own."""
    with transaction(contact) as session:
        quote_id = session.scalar(oldest(Quote, Quote.partner_id == contact.partner))
        service.ask(session, question=NewQuestion(f"{mark} deal", f"{mark} details", quote_id=quote_id), by=contact)


def ids(session: Session, partner_id: UUID, company_id: UUID) -> dict[str, UUID | None]:
    """A question of a partner's, the deal that one is tied to, and what its company published and keeps ready."""
    own = select(PartnerQuestion.id).where(PartnerQuestion.partner_id == partner_id)
    found = {"question_id": session.scalar(own.order_by(PartnerQuestion.number).limit(1))}
    for name, model in (("faq_id", FaqEntry), ("canned_id", CannedAnswer)):
        found[name] = session.scalar(oldest(model, model.company_id == company_id))
    tied = select(PartnerQuestion.quote_id).where(PartnerQuestion.partner_id == partner_id)
    found["quote_id"] = session.scalar(
        tied.where(PartnerQuestion.quote_id.is_not(None)).order_by(PartnerQuestion.number).limit(1)
    )
    return found


def details(mark: str) -> dict[str, Any]:
    """What a function about questions may ask for."""
    n = next(_number)
    return {
        "question": NewQuestion(f"{mark} question {n}", f"{mark} details"),
        "entry": FaqText(f"{mark}faq{n}", f"{mark}answer"),
        "body": f"{mark} body",
        "instead_of": None,
        "due_at": now() + timedelta(days=3),
    }
