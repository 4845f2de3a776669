"""The questions' mails, put into the outbox with the act that asks for them. None tells what colleagues noted."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from core import format
from core.actor import Actor
from core.clock import now
from core.companies.models import Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.deals.rows import admins
from core.mail import question_letters
from core.mail.meeting_letters import Addressee
from core.mail.messages import Message
from core.mail.outbox import enqueue
from core.mail.question_letters import QuestionFacts
from core.partners.models import Partner
from core.questions import ties
from core.questions.models import PartnerQuestion, QuestionPost
from core.questions.rows import may_answer, partner_of, thread_of, who_answers, who_hears
from core.settings import settings

Person = Staff | Contact
Letter = Callable[[Person, QuestionFacts], Message]


def tell_asked(session: Session, question: PartnerQuestion, *, text: str, files: int, by: Actor) -> None:
    """That somebody asks, to who answers."""
    write = _staff_letter(session, question_letters.question_asked, question, text=text)
    _tell(session, question, who_answers(session, question), write, key=f"question-asked:{question.id}", files=files)


def tell_followed_up(
    session: Session, question: PartnerQuestion, written: QuestionPost, *, files: int, by: Actor
) -> None:
    """That somebody wrote again, to who answers."""
    write = _staff_letter(session, question_letters.question_followed_up, question, text=written.body)
    told, key = who_answers(session, question), f"question-followed-up:{written.id}"
    _tell(session, question, told, write, key=key, files=files, contact=by.name)


def tell_assigned(session: Session, question: PartnerQuestion, colleague: Staff, *, by: Actor) -> None:
    """That a question is a colleague's now; each time it is given."""
    write = _staff_letter(session, question_letters.question_assigned, question)
    key = f"question-assigned:{question.id}:{now().timestamp()}"
    _tell(session, question, [colleague], write, key=key, sender=by.name)


def tell_late(session: Session, question: PartnerQuestion) -> None:
    """That a question waits for too long, to its assignee and every admin; once for each due time."""
    assignee = session.get(Staff, question.assigned_to_id) if question.assigned_to_id else None
    told = {one.id: one for one in [*([assignee] if assignee and may_answer(assignee) else []), *admins(session)]}
    write = _staff_letter(session, question_letters.question_late, question)
    key = f"question-late:{question.id}:{question.due_at.timestamp()}"
    _tell(session, question, told.values(), write, key=key, assignee=assignee.name if assignee else "")


def tell_answered(session: Session, question: PartnerQuestion, written: QuestionPost, *, files: int, by: Actor) -> None:
    """An answer, to the contacts who wrote."""

    def write(to: Person, facts: QuestionFacts) -> Message:
        is_last = question.closed_at is not None
        brand, address = brand_of(own_company(session), to.language), _contact(session, question, to)
        return question_letters.question_answered(
            brand, address, facts, text=written.body, is_last=is_last, url=_portal(question)
        )

    told, key = who_hears(session, question), f"question-answered:{written.id}"
    _tell(session, question, told, write, key=key, sender=by.name, files=files, with_due=False)


def tell_closed(session: Session, question: PartnerQuestion, *, by: Actor) -> None:
    """That a question was closed, to the contacts who wrote."""

    def write(to: Person, facts: QuestionFacts) -> Message:
        brand, address = brand_of(own_company(session), to.language), _contact(session, question, to)
        return question_letters.question_closed(brand, address, facts, url=_portal(question))

    key = f"question-closed:{question.id}:{question.version}"
    _tell(session, question, who_hears(session, question), write, key=key, with_due=False)


def _staff_letter(session: Session, letter: Callable[..., Message], question: PartnerQuestion, **texts: str) -> Letter:
    company = own_company(session)

    def write(to: Person, facts: QuestionFacts) -> Message:
        address = Addressee(to.email, to.name, to.language)
        return letter(brand_of(company, to.language), address, facts, **texts, url=_desk(question))

    return write


def _tell(
    session: Session,
    question: PartnerQuestion,
    told: Iterable[Person],
    write: Letter,
    *,
    key: str,
    contact: str = "",
    sender: str = "",
    assignee: str = "",
    files: int = 0,
    with_due: bool = True,
) -> None:
    company, partner = own_company(session), partner_of(session, question)
    asker = session.get_one(Contact, question.contact_id).name
    for one in told:
        facts = QuestionFacts(
            partner_name=_named(partner, one.language),
            reference=question.reference,
            subject=question.subject,
            contact=contact or asker,
            thread=thread_of(question),
            about=ties.named(session, question, language=one.language),
            due=format.instant(question.due_at, zone=company.time_zone, language=one.language) if with_due else "",
            files=format.number(files, language=one.language) if files else "",
            assignee=assignee,
            sender_name=sender,
        )
        enqueue(session, write(one, facts), key=f"{key}:{one.id}", partner_id=partner.id)


def _named(partner: Partner, language: str) -> str:
    return partner.name_ar if language == "ar" and partner.name_ar else partner.name


def _contact(session: Session, question: PartnerQuestion, to: Person) -> Addressee:
    """A contact; its reply goes to who has the question, or to the partner's owner."""
    for staff_id in (question.assigned_to_id, partner_of(session, question).owner_id):
        colleague = session.get(Staff, staff_id) if staff_id else None
        if colleague is not None and colleague.disabled_at is None:
            return Addressee(to.email, to.name, to.language, colleague.email)
    return Addressee(to.email, to.name, to.language)


def _desk(question: PartnerQuestion) -> str:
    return f"{settings().admin_url}/questions?question={question.id}"


def _portal(question: PartnerQuestion) -> str:
    return f"{settings().portal_url}/question?id={question.id}"
