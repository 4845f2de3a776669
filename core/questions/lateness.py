"""Questions that wait past their time: who looks after them is told, once for each due time; a job of the worker."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.db import reading, transaction
from core.failpoints import reach
from core.questions import letters
from core.questions.models import PartnerQuestion, QuestionState

AT_ONCE = 100
"""Questions of a company that are told of in one turn of the job."""


def escalate() -> None:
    """Tell of every question that is overdue and was not told of, in every company."""
    with reading(system()) as session:
        companies = session.scalars(select(Company.id)).all()
        late = [(company, question_id) for company in companies for question_id in _late(session, company)]
    for company, question_id in late:
        by = system(company)
        with transaction(by) as session:
            _escalate(session, question_id, by=by)


def _late(session: Session, company: UUID) -> list[UUID]:
    waits = (PartnerQuestion.company_id == company, PartnerQuestion.state == QuestionState.OPEN)
    overdue = (PartnerQuestion.due_at <= now(), PartnerQuestion.escalated_at.is_(None))
    oldest = select(PartnerQuestion.id).where(*waits, *overdue).order_by(PartnerQuestion.due_at)
    return list(session.scalars(oldest.limit(AT_ONCE)))


def _escalate(session: Session, question_id: UUID, *, by: Actor) -> None:
    """Tell of one, if it waits still and nobody else told of it."""
    overdue = (PartnerQuestion.due_at <= now(), PartnerQuestion.escalated_at.is_(None))
    waits = (PartnerQuestion.id == question_id, PartnerQuestion.state == QuestionState.OPEN, *overdue)
    first = update(PartnerQuestion).where(*waits).values(escalated_at=now())
    if not session.execute(first, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]
        return
    reach("question:late")
    question = session.get_one(PartnerQuestion, question_id)
    letters.tell_late(session, question)
    record(session, Tag.QUESTION_ESCALATE, by=by, subject=question, after={"due_at": question.due_at})
