"""Reading questions as whoever answers them does, notes among colleagues included."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.clock import now
from core.companies.models import Staff
from core.contacts.models import Contact
from core.deals.models import Quote
from core.partners.models import Partner
from core.questions.models import CannedAnswer, FaqEntry, PartnerQuestion, PostKind, QuestionState
from core.questions.rows import ANSWERING, get_question
from core.questions.thread import Post, found_by, posts_of
from core.vault.models import Document

PAGE = 50
NOBODY = "nobody"
MOST_FAQ = 500


@dataclass(frozen=True)
class QuestionRow:
    """One question of a list. ``assigned_to``: a colleague's name, "" for nobody; ``is_late``: it waits past its time.

    ``quote``: the reference of the deal it is tied to.
    """

    id: UUID
    reference: str
    subject: str
    state: QuestionState
    partner_id: UUID
    partner: str
    contact: str
    language: str
    quote_id: UUID | None
    quote: str
    asked_at: datetime
    due_at: datetime
    last_said_at: datetime
    assigned_to_id: UUID | None
    assigned_to: str
    is_late: bool


@dataclass(frozen=True)
class InboxPage:
    """A page of questions, how many there are like this, and how many of each state among all; ``late`` of all."""

    rows: list[QuestionRow]
    total: int
    counts: dict[QuestionState, int]
    late: int


@dataclass(frozen=True)
class Faq:
    """A published entry as colleagues see it. ``question``: the reference of the thread it was made from, or ""."""

    id: UUID
    title: str
    title_ar: str
    body: str
    body_ar: str
    roles: str
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    question_id: UUID | None
    question: str
    version: int


@dataclass(frozen=True)
class Thread:
    """One question with everything said in it. ``document``: what it is tied to, by its title.

    ``faq``: the titles of the entries that were made from it.
    """

    row: QuestionRow
    posts: list[Post]
    customer: str
    document_id: UUID | None
    document: str
    contact_email: str
    first_answered_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    faq: list[str]
    version: int


@dataclass(frozen=True)
class Canned:
    """An answer kept ready; either language may be empty."""

    id: UUID
    name: str
    body: str
    body_ar: str
    version: int


@permits(Act.READ_QUESTIONS)
def inbox(
    session: Session,
    *,
    state: QuestionState | None = QuestionState.OPEN,
    assigned: UUID | str | None = None,
    partner_id: UUID | None = None,
    overdue: bool = False,
    text: str = "",
    page: int = 1,
) -> InboxPage:
    """A page of questions: those that wait by their due time, others the newest first.

    ``state`` None: all of them; ``assigned``: a colleague's id, or ``NOBODY``; ``text``: a reference, or words of it.
    """
    like = _like(assigned, partner_id, text)
    counts, late = _counts(session, like)
    wanted = [*like, *([PartnerQuestion.state == state] if state else []), *([_is_late()] if overdue else [])]
    waits = state is QuestionState.OPEN
    order = (PartnerQuestion.due_at,) if waits else (PartnerQuestion.last_said_at.desc(),)
    found = _lines().where(*wanted).order_by(*order, PartnerQuestion.id).limit(PAGE).offset((max(1, page) - 1) * PAGE)
    rows = [_row(line) for line in session.execute(found)]
    total = late if overdue else counts.get(state, 0) if state else sum(counts.values())
    return InboxPage(rows, total, counts, late)


@permits(Act.READ_QUESTIONS)
def question(session: Session, question_id: UUID) -> Thread:
    """One question with everything said in it, notes too.

    Raises:
        QuestionNotFound: there is none in this company.
    """
    row = get_question(session, question_id)
    line = session.execute(_lines().where(PartnerQuestion.id == question_id)).one()
    document = session.get(Document, row.document_id) if row.document_id else None
    made = select(FaqEntry.title, FaqEntry.title_ar).where(
        FaqEntry.question_id == question_id, FaqEntry.withdrawn_at.is_(None)
    )
    return Thread(
        row=_row(line),
        posts=posts_of(session, question_id, tuple(PostKind), reader=actor_of(session).id),
        customer=line.customer or "",
        document_id=row.document_id,
        document=document.title if document else "",
        contact_email=line.email,
        first_answered_at=row.first_answered_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        faq=[title or title_ar for title, title_ar in session.execute(made)],
        version=row.version,
    )


@permits(Act.READ_QUESTIONS)
def questions_of_deal(session: Session, quote_id: UUID) -> list[QuestionRow]:
    """The questions tied to a deal, the newest first."""
    tied = _lines().where(PartnerQuestion.quote_id == quote_id).order_by(PartnerQuestion.asked_at.desc())
    return [_row(line) for line in session.execute(tied.limit(PAGE))]


@permits(Act.READ_QUESTIONS)
def answerers(session: Session) -> dict[UUID, str]:
    """The colleagues who may answer, by name."""
    present = select(Staff.id, Staff.name).where(Staff.disabled_at.is_(None), Staff.role.in_(ANSWERING))
    return {row.id: row.name for row in session.execute(present.order_by(Staff.name, Staff.id))}


@permits(Act.READ_QUESTIONS)
def canned_answers(session: Session) -> list[Canned]:
    """The answers kept ready, by name."""
    rows = session.scalars(select(CannedAnswer).order_by(CannedAnswer.name).limit(MOST_FAQ))
    return [Canned(row.id, row.name, row.body, row.body_ar, row.version) for row in rows]


@permits(Act.READ_QUESTIONS)
def faq_entries(session: Session) -> list[Faq]:
    """What was published, the newest first; what was withdrawn stands at the end."""
    found = (
        select(FaqEntry, PartnerQuestion.reference)
        .outerjoin(PartnerQuestion, PartnerQuestion.id == FaqEntry.question_id)
        .order_by(FaqEntry.withdrawn_at.is_not(None), FaqEntry.published_at.desc(), FaqEntry.id)
    )
    return [_faq(row, reference or "") for row, reference in session.execute(found.limit(MOST_FAQ))]


def _like(assigned: UUID | str | None, partner_id: UUID | None, text: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if assigned == NOBODY:
        conditions.append(PartnerQuestion.assigned_to_id.is_(None))
    elif isinstance(assigned, UUID):
        conditions.append(PartnerQuestion.assigned_to_id == assigned)
    if partner_id:
        conditions.append(PartnerQuestion.partner_id == partner_id)
    if text.strip():
        conditions.append(found_by(PartnerQuestion.words, PartnerQuestion.reference, text))
    return conditions


def _counts(session: Session, like: list[ColumnElement[bool]]) -> tuple[dict[QuestionState, int], int]:
    late = func.count().filter(_is_late())
    counted = select(PartnerQuestion.state, func.count(), late).where(*like).group_by(PartnerQuestion.state)
    rows = session.execute(counted).all()
    return {row[0]: row[1] for row in rows}, sum(row[2] for row in rows)


def _is_late() -> ColumnElement[bool]:
    return and_(PartnerQuestion.state == QuestionState.OPEN, PartnerQuestion.due_at <= now())


def _lines() -> Any:
    """Questions with the names of what they point to."""
    names = (Partner.name.label("partner"), Contact.name.label("contact"), Contact.email, Staff.name.label("staff"))
    return (
        select(PartnerQuestion, *names, Quote.reference.label("quote"), Quote.customer_name.label("customer"))
        .join(Partner, Partner.id == PartnerQuestion.partner_id)
        .join(Contact, Contact.id == PartnerQuestion.contact_id)
        .outerjoin(Staff, Staff.id == PartnerQuestion.assigned_to_id)
        .outerjoin(Quote, Quote.id == PartnerQuestion.quote_id)
    )


def _row(line: Row[Any]) -> QuestionRow:
    one: PartnerQuestion = line.PartnerQuestion
    return QuestionRow(
        id=one.id,
        reference=one.reference,
        subject=one.subject,
        state=one.state,
        partner_id=one.partner_id,
        partner=line.partner,
        contact=line.contact,
        language=one.language,
        quote_id=one.quote_id,
        quote=line.quote or "",
        asked_at=one.asked_at,
        due_at=one.due_at,
        last_said_at=one.last_said_at,
        assigned_to_id=one.assigned_to_id,
        assigned_to=line.staff or "",
        is_late=one.state is QuestionState.OPEN and one.due_at <= now(),
    )


def _faq(row: FaqEntry, reference: str) -> Faq:
    names = ("id", "title", "title_ar", "body", "body_ar", "roles", "published_at", "published_by", "withdrawn_at")
    kept: dict[str, Any] = {name: getattr(row, name) for name in (*names, "question_id", "version")}
    return Faq(**kept, question=reference)
