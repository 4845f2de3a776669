"""Rows of questions for operations and reads that need them: found, seen by whom, answered by whom, told to whom."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.actor import CONTACT_GRANTS, GRANTS, Act, Actor, ContactRole, Role
from core.companies.models import Staff
from core.contacts.models import Contact
from core.deals.rows import admins
from core.errors import NotFound
from core.partners.models import Partner
from core.questions.models import PartnerQuestion, PostKind, QuestionPost
from core.settings import settings

ANSWERING = tuple(role for role in Role if Act.ANSWER_QUESTIONS in GRANTS[role])
ASKING = tuple(role for role in ContactRole if Act.ASK in CONTACT_GRANTS[role])


class QuestionNotFound(NotFound):
    """This question was not found. Choose one from the list."""


def get_question(session: Session, question_id: UUID) -> PartnerQuestion:
    """A question of any partner.

    Raises:
        QuestionNotFound: there is none in this company.
    """
    found = session.get(PartnerQuestion, question_id)
    if found is None:
        raise QuestionNotFound
    return found


def shown_to(by: Actor) -> list[ColumnElement[bool]]:
    """What a contact sees of its reseller's questions: a principal all of them, everybody else those of its own."""
    conditions = [PartnerQuestion.partner_id == (by.partner or UUID(int=0))]
    if by.contact_role is not ContactRole.PRINCIPAL:
        conditions.append(PartnerQuestion.contact_id == by.id)
    return conditions


def get_own_question(session: Session, question_id: UUID, *, by: Actor) -> PartnerQuestion:
    """A question that a contact sees.

    Raises:
        QuestionNotFound: there is none, or it is somebody else's.
    """
    mine = select(PartnerQuestion).where(PartnerQuestion.id == question_id, *shown_to(by))
    found = session.scalars(mine).one_or_none()
    if found is None:
        raise QuestionNotFound
    return found


def partner_of(session: Session, question: PartnerQuestion) -> Partner:
    """The reseller whose contact asked."""
    return session.get_one(Partner, question.partner_id)


def may_answer(staff: Staff | None) -> bool:
    """Whether a colleague is there and answers questions."""
    return staff is not None and staff.disabled_at is None and staff.role in ANSWERING


def who_answers(session: Session, question: PartnerQuestion) -> list[Staff]:
    """Whom to tell of a question: its assignee; else the partner's owner and every reviewer; else every admin."""
    assignee = session.get(Staff, question.assigned_to_id) if question.assigned_to_id else None
    if assignee is not None and may_answer(assignee):
        return [assignee]
    owner_id = partner_of(session, question).owner_id
    present = select(Staff).where(Staff.disabled_at.is_(None), Staff.role.in_(ANSWERING)).order_by(Staff.id)
    found = session.scalars(present.where((Staff.role == Role.REVIEWER) | (Staff.id == owner_id)))
    return list(found) or admins(session)


def who_hears(session: Session, question: PartnerQuestion) -> list[Contact]:
    """Whom of the reseller to tell: everybody who wrote in the thread and still may; else every principal."""
    writers = select(QuestionPost.contact_id).where(
        QuestionPost.question_id == question.id, QuestionPost.kind == PostKind.ASKED
    )
    present = select(Contact).where(
        Contact.partner_id == question.partner_id, Contact.disabled_at.is_(None), Contact.role.in_(ASKING)
    )
    wrote = present.where(Contact.id.in_(writers)).order_by(Contact.id)
    found = [
        one for one in session.scalars(wrote) if one.role is ContactRole.PRINCIPAL or one.id == question.contact_id
    ]
    return found or list(session.scalars(present.where(Contact.role == ContactRole.PRINCIPAL).order_by(Contact.id)))


def thread_of(question: PartnerQuestion) -> str:
    """The message id that every mail of a question refers to."""
    return f"<question-{question.id.hex}@{settings().mail_from.partition('@')[2] or 'localhost'}>"
