"""Questions for tests: asked, followed up and answered, each in a transaction of its own."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor, system
from core.db import reading, transaction
from core.mail.messages import Kind
from core.mail.models import Mail
from core.questions import asking, queries, service
from core.questions.asking import NewQuestion
from core.questions.models import PartnerQuestion
from core.questions.queries import Thread
from core.vault.intake import Taken, take_in
from tests.core.files import plain_pdf

SUBJECT, BODY = "Does it run offline?", "Our shops in the mountains have no network at night."


def a_file(name: str = "network.pdf", text: str = "x") -> Taken:
    """A PDF as it was taken in."""
    return take_in(name, plain_pdf(b"(%b)" % text.encode()))


def asked(by: Actor, subject: str = SUBJECT, body: str = BODY, **facts: Any) -> PartnerQuestion:
    """A question of a contact's."""
    files = facts.pop("files", ())
    with transaction(by) as session:
        return asking.ask(session, question=NewQuestion(subject, body, **facts), files=files, by=by)


def followed_up(by: Actor, question: PartnerQuestion, body: str = "And in the daytime?", **facts: Any) -> None:
    with transaction(by) as session:
        service.follow_up(session, question.id, body=body, by=by, **facts)


def answered(by: Actor, question: PartnerQuestion, body: str = "Yes, for three days.", **facts: Any) -> None:
    """An answer to the thread as it stands."""
    facts.setdefault("version", version_of(question))
    with transaction(by) as session:
        service.answer(session, question.id, body=body, by=by, **facts)


def version_of(question: PartnerQuestion) -> int:
    return now_of(question).version


def now_of(question: PartnerQuestion) -> PartnerQuestion:
    """A question as it stands now."""
    with reading(system(question.company_id)) as session:
        return session.get_one(PartnerQuestion, question.id)


def thread(by: Actor, question: PartnerQuestion) -> Thread:
    """A question as the team reads it."""
    with reading(by) as session:
        return queries.question(session, question.id)


def mails(company_id: UUID, *kinds: Kind) -> list[Mail]:
    """The mails of some kinds, in their order."""
    with reading(system(company_id)) as session:
        found = select(Mail).order_by(Mail.created_at, Mail.id)
        return list(session.scalars(found.where(Mail.kind.in_(kinds)) if kinds else found))


def mailed_to(company_id: UUID, *kinds: Kind) -> list[str]:
    """Whom mails of some kinds went to."""
    return sorted(mail.to_name for mail in mails(company_id, *kinds))
