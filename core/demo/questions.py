"""The questions of the demo's resellers in every state, with what was published and what is kept ready."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import actor_of
from core.clock import now
from core.companies.models import Company, Staff
from core.contacts.models import Contact
from core.deals.models import Quote
from core.deals.numbering import Series, reference, take
from core.ids import new_id
from core.partners.models import Partner
from core.questions import searching
from core.questions.due import due
from core.questions.models import CannedAnswer, FaqEntry, PartnerQuestion, PostKind, QuestionPost, QuestionState

FILE = Path(__file__).parents[2] / "data" / "demo" / "questions.json"
Facts = dict[str, Any]
_KINDS = {"contact": PostKind.ASKED, "staff": PostKind.ANSWER, "note": PostKind.NOTE}


def add_answers(session: Session) -> None:
    """What was published for partners, and the answers kept ready."""
    for facts in _told("faq"):
        texts = {name: facts[name] for name in ("title", "title_ar", "body", "body_ar")}
        row = FaqEntry(**texts, roles=facts["roles"], words=searching.kept(*texts.values()), published_by=facts["by"])
        row.published_at = now() - timedelta(days=facts["days_ago"])
        session.add(row)
    session.add_all(CannedAnswer(**facts) for facts in _told("canned"))
    session.flush()


def add_questions(session: Session, company: Company, *, partner_id: UUID | None = None) -> None:
    """What the resellers of the demo asked, the oldest first; one of them only, when it is named."""
    partners = {row.slug: row for row in session.scalars(select(Partner).where(Partner.is_demo.is_(True)))}
    for facts in sorted(_told("questions"), key=lambda one: -one["days_ago"]):
        partner = partners.get(facts["partner"])
        contact = session.scalars(select(Contact).where(Contact.email == facts["contact"])).one_or_none()
        if partner is not None and contact is not None and partner_id in (None, partner.id):
            _question(session, company, partner, contact, facts)


def _told(what: str) -> list[Facts]:
    told: dict[str, list[Facts]] = json.loads(FILE.read_text(encoding="utf-8"))
    return told[what]


def _question(session: Session, company: Company, partner: Partner, contact: Contact, facts: Facts) -> None:
    at, number = now() - timedelta(days=facts["days_ago"]), take(session, Series.QUESTION, by=actor_of(session))
    about = (Quote.partner_id == partner.id, Quote.customer_name == (facts["deal"] or ""))
    row = PartnerQuestion(number=number, reference=reference(Series.QUESTION, number), subject=facts["subject"])
    row.partner_id, row.contact_id, row.language = partner.id, contact.id, contact.language
    row.quote_id = session.scalar(select(Quote.id).where(*about).limit(1))
    row.submitted_key, row.asked_at, row.last_said_at = new_id().hex, at, at
    row.due_at, row.words = due(at, zone=company.time_zone), searching.kept(row.subject)
    row.assigned_to_id = _staff(session, facts["assigned"]).id if facts["assigned"] else None
    session.add(row)
    session.flush()
    for post in facts["posts"]:
        _post(session, row, contact, post, at=min(at + timedelta(hours=post["after_hours"]), now()))
    if (hours := facts.get("closed_after_hours")) is not None:
        closer = session.get_one(Staff, row.assigned_to_id)
        row.state, row.closed_at, row.closed_by = QuestionState.CLOSED, at + timedelta(hours=hours), closer.name
    session.flush()


def _post(session: Session, row: PartnerQuestion, contact: Contact, facts: Facts, *, at: datetime) -> None:
    kind = _KINDS[facts["by"]]
    colleague = None if kind is PostKind.ASKED else _staff(session, facts["staff"])
    post = QuestionPost(question_id=row.id, kind=kind, body=facts["body"], at=at)
    post.author = colleague.name if colleague else contact.name
    post.contact_id, post.staff_id = None if colleague else contact.id, colleague.id if colleague else None
    session.add(post)
    if kind is PostKind.NOTE:
        return
    row.last_said_at, row.words = at, row.words + searching.kept(post.body)
    row.state = QuestionState.ANSWERED if kind is PostKind.ANSWER else QuestionState.OPEN
    if kind is PostKind.ANSWER:
        row.first_answered_at = row.first_answered_at or at


def _staff(session: Session, email: str) -> Staff:
    """A colleague of the demo, or whoever has the place of one who was deleted or renamed."""
    found = session.scalars(select(Staff).where(Staff.email == email)).one_or_none()
    return found or session.scalars(select(Staff).order_by(Staff.added_at).limit(1)).one()
