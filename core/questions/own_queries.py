"""Reading questions as a reseller's people do: their own threads, and the answers that are for their role.

Notes among colleagues, who has a question and where a published answer came from are in none of these reads.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, actor_of, allowed, permits
from core.contacts.models import Contact
from core.deals.models import Quote
from core.questions import searching, ties
from core.questions.models import FaqEntry, PartnerQuestion, QuestionState
from core.questions.rows import get_own_question, shown_to
from core.questions.thread import OPEN_TO_ALL, Post, found_by, matching, posts_of
from core.questions.ties import Tie

PAGE = 25
MOST_FOUND = 5
MOST_FAQ = 200


@dataclass(frozen=True)
class MyQuestionRow:
    """One question of a reseller's list. ``due_at``: by when an answer is promised; ``quote``: its deal's reference."""

    id: UUID
    reference: str
    subject: str
    state: QuestionState
    contact: str
    is_own: bool
    quote_id: UUID | None
    quote: str
    asked_at: datetime
    due_at: datetime
    last_said_at: datetime


@dataclass(frozen=True)
class MyQuestions:
    """A page of questions, how many there are in all, and how many of each state."""

    rows: list[MyQuestionRow]
    total: int
    counts: dict[QuestionState, int]


@dataclass(frozen=True)
class MyQuestion:
    """One thread as its reseller reads it. ``about``: the deal or the document it is tied to, in words."""

    row: MyQuestionRow
    about: str
    posts: list[Post]
    closed_at: datetime | None
    may_write: bool


@dataclass(frozen=True)
class Answer:
    """A published answer, in the reader's language where it is written in it."""

    id: UUID
    title: str
    body: str
    published_at: datetime


@dataclass(frozen=True)
class Found:
    """What may answer a question before it is asked, the best first."""

    answers: list[Answer]
    threads: list[MyQuestionRow]


@dataclass(frozen=True)
class Subjects:
    """What a question may be tied to."""

    deals: list[Tie]
    documents: list[Tie]


@permits(Act.ASK)
def my_questions(session: Session, *, state: QuestionState | None = None, text: str = "", page: int = 1) -> MyQuestions:
    """A page of the threads the actor sees, what was said last first. ``text``: a reference, or words of it."""
    by = actor_of(session)
    like = shown_to(by)
    if text.strip():
        like.append(found_by(PartnerQuestion.words, PartnerQuestion.reference, text))
    counted = session.execute(select(PartnerQuestion.state, func.count()).where(*like).group_by(PartnerQuestion.state))
    counts: dict[QuestionState, int] = {row[0]: row[1] for row in counted}
    wanted = [*like, PartnerQuestion.state == state] if state else like
    found = _lines().where(*wanted).order_by(PartnerQuestion.last_said_at.desc(), PartnerQuestion.id)
    rows = [_row(line, by) for line in session.execute(found.limit(PAGE).offset((max(1, page) - 1) * PAGE))]
    return MyQuestions(rows, counts.get(state, 0) if state else sum(counts.values()), counts)


@permits(Act.ASK)
def my_question(session: Session, question_id: UUID) -> MyQuestion:
    """One thread.

    Raises:
        QuestionNotFound: there is none, or it is somebody else's.
    """
    by = actor_of(session)
    question = get_own_question(session, question_id, by=by)
    line = session.execute(_lines().where(PartnerQuestion.id == question_id)).one()
    return MyQuestion(
        row=_row(line, by),
        about=ties.named(session, question, language=by.language),
        posts=posts_of(session, question_id, OPEN_TO_ALL, reader=by.id),
        closed_at=question.closed_at,
        may_write=question.state is not QuestionState.CLOSED and by.viewer is None,
    )


@permits(Act.ASK)
def subjects(session: Session) -> Subjects:
    """The deals and documents the actor may ask about."""
    by = actor_of(session)
    return Subjects(ties.deals(session, by=by), ties.documents(session, by=by))


@permits(Act.READ_ANSWERS)
def search(session: Session, text: str) -> Found:
    """What was answered already: published answers for the actor's role, and threads it sees. Nothing for no words."""
    by = actor_of(session)
    if not searching.terms(text):
        return Found([], [])
    meets, score = matching(FaqEntry.words, text)
    published = select(FaqEntry).where(*_for_role(by), meets).order_by(score.desc(), FaqEntry.published_at.desc())
    answers = [_answer(row, by) for row in session.scalars(published.limit(MOST_FOUND))]
    if not allowed(by, Act.ASK):
        return Found(answers, [])
    meets, score = matching(PartnerQuestion.words, text)
    threads = _lines().where(*shown_to(by), or_(meets, PartnerQuestion.reference == text.strip().upper()[:20]))
    best = threads.order_by(score.desc(), PartnerQuestion.last_said_at.desc()).limit(MOST_FOUND)
    return Found(answers, [_row(line, by) for line in session.execute(best)])


@permits(Act.READ_ANSWERS)
def faq(session: Session) -> list[Answer]:
    """Every published answer for the actor's role, the newest first."""
    by = actor_of(session)
    published = select(FaqEntry).where(*_for_role(by)).order_by(FaqEntry.published_at.desc(), FaqEntry.id)
    return [_answer(row, by) for row in session.scalars(published.limit(MOST_FAQ))]


def _for_role(by: Actor) -> tuple[ColumnElement[bool], ...]:
    """Published, not withdrawn, and for this role; the product itself and staff have none."""
    role = by.contact_role.value if by.contact_role else ""
    listed = ("," + FaqEntry.roles + ",").contains(f",{role},", autoescape=True)
    return (FaqEntry.withdrawn_at.is_(None), or_(FaqEntry.roles == "all", listed))


def _answer(row: FaqEntry, by: Actor) -> Answer:
    arabic = bool(row.title_ar) and (by.language == "ar" or not row.title)
    return Answer(
        row.id, row.title_ar if arabic else row.title, row.body_ar if arabic else row.body, row.published_at
    )  # fmt: skip


def _lines() -> Any:
    """Questions with the names of what they point to."""
    return (
        select(PartnerQuestion, Contact.name.label("contact"), Quote.reference.label("quote"))
        .join(Contact, Contact.id == PartnerQuestion.contact_id)
        .outerjoin(Quote, Quote.id == PartnerQuestion.quote_id)
    )


def _row(line: Row[Any], by: Actor) -> MyQuestionRow:
    one: PartnerQuestion = line.PartnerQuestion
    return MyQuestionRow(
        id=one.id,
        reference=one.reference,
        subject=one.subject,
        state=one.state,
        contact=line.contact,
        is_own=one.contact_id == by.id,
        quote_id=one.quote_id,
        quote=line.quote or "",
        asked_at=one.asked_at,
        due_at=one.due_at,
        last_said_at=one.last_said_at,
    )
