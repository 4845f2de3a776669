"""Answers for everybody of some roles. Nothing is published that tells who asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.actor import CONTACT_GRANTS, Act, Actor, ContactRole, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.contacts.models import Contact
from core.deals.models import Quote
from core.errors import Conflict, Invalid, NotFound
from core.partners.models import Partner
from core.questions import searching
from core.questions.anonymity import Known, Trace, What, traces
from core.questions.models import FaqEntry
from core.questions.rows import get_question

READERS = tuple(role for role in ContactRole if Act.READ_ANSWERS in CONTACT_GRANTS[role])
ALL = "all"
_CALLED = {
    What.PARTNER: "the partner {}",
    What.PERSON: "the name {}",
    What.CUSTOMER: "the customer {}",
    What.EMAIL: "the e-mail address {}",
    What.REFERENCE: "the reference {}",
}


class TellsWhoAsked(Invalid):
    """This would tell who asked. Take out {found}, then publish it."""


class FaqHalfWritten(Invalid):
    """Write the question and its answer in English, in Arabic, or in both; half of a pair cannot be published."""


class FaqForNobody(Invalid):
    """Choose at least one role that may read this."""


class FaqChanged(Conflict):
    """Somebody saved this entry while you were editing. Your text is still in the form; compare and save again."""


class FaqNotFound(NotFound):
    """This entry was not found. Choose one from the list."""


class FaqWithdrawn(Conflict):
    """This entry was withdrawn. Publish a new one."""


@dataclass(frozen=True)
class FaqText:
    """An entry as typed: the question and its answer in one language or both. ``roles`` empty: for every role."""

    title: str
    body: str
    title_ar: str = ""
    body_ar: str = ""
    roles: tuple[ContactRole, ...] = READERS

    def cleaned(self) -> dict[str, Any]:
        """The columns, made safe to keep.

        Raises:
            FaqHalfWritten, FaqForNobody, Invalid
        """
        title = fields.line(self.title, name="The question", least=0)
        title_ar = fields.line(self.title_ar, name="The Arabic question", least=0)
        body, body_ar = fields.body(self.body, name="The answer"), fields.body(self.body_ar, name="The Arabic answer")
        halves = [bool(title) != bool(body), bool(title_ar) != bool(body_ar), not (title or title_ar)]
        if any(halves):
            raise FaqHalfWritten
        chosen = [role for role in READERS if role in self.roles]
        if not chosen:
            raise FaqForNobody
        roles = ALL if len(chosen) == len(READERS) else ",".join(chosen)
        texts = {"title": title, "title_ar": title_ar, "body": body, "body_ar": body_ar}
        return {**texts, "roles": roles, "words": searching.kept(*texts.values())}


@permits(Act.ANSWER_QUESTIONS)
def publish_faq(session: Session, *, question_id: UUID | None = None, entry: FaqText, by: Actor) -> FaqEntry:
    """Publish an answer for some roles of every reseller; ``question_id``: the thread it was made from.

    Raises:
        TellsWhoAsked: a name, an address or a reference stands in it; the message names each.
        FaqHalfWritten, FaqForNobody, Invalid, QuestionNotFound
    """
    values = entry.cleaned()
    _refuse_traces(session, values, question_id)
    row = FaqEntry(question_id=question_id, published_at=now(), published_by=by.name[:200], **values)
    session.add(row)
    session.flush()
    record(session, Tag.FAQ_PUBLISH, by=by, subject=row, after=_recorded(values) | {"question": question_id})
    return row


@permits(Act.ANSWER_QUESTIONS)
def change_faq(session: Session, faq_id: UUID, *, entry: FaqText, version: int, by: Actor) -> FaqEntry:
    """Change what was published.

    Raises:
        FaqChanged, FaqWithdrawn, FaqNotFound, TellsWhoAsked, FaqHalfWritten, FaqForNobody, Invalid
    """
    values = entry.cleaned()
    row = _get(session, faq_id)
    if row.version != version:
        raise FaqChanged
    _refuse_traces(session, values, row.question_id)
    before = _recorded({name: getattr(row, name) for name in values})
    for name, value in values.items():
        setattr(row, name, value)
    try:
        session.flush()
    except StaleDataError:
        raise FaqChanged from None
    record(session, Tag.FAQ_CHANGE, by=by, subject=row, before=before, after=_recorded(values))
    return row


@permits(Act.ANSWER_QUESTIONS)
def withdraw_faq(session: Session, faq_id: UUID, *, by: Actor) -> FaqEntry:
    """Take an entry away from partners; it stays on record.

    Raises:
        FaqWithdrawn, FaqNotFound
    """
    row = _get(session, faq_id)
    row.withdrawn_at = now()
    session.flush()
    record(session, Tag.FAQ_WITHDRAW, by=by, subject=row)
    return row


def _get(session: Session, faq_id: UUID) -> FaqEntry:
    row = session.get(FaqEntry, faq_id)
    if row is None:
        raise FaqNotFound
    if row.withdrawn_at is not None:
        raise FaqWithdrawn
    return row


def _recorded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "words"}


def _refuse_traces(session: Session, values: dict[str, Any], question_id: UUID | None) -> None:
    known = _known(session, question_id)
    texts = (values[name] for name in ("title", "body", "title_ar", "body_ar"))
    found = list(dict.fromkeys(trace for text in texts for trace in traces(text, known)))
    if found:
        raise TellsWhoAsked(found=_named(found))


def _named(found: Iterable[Trace]) -> str:
    told = [_CALLED[one.what].format(f"“{one.text}”") for one in found]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _known(session: Session, question_id: UUID | None) -> Known:
    """The names of all resellers; of the one who asked also its people and its customers."""
    named = session.execute(select(Partner.name, Partner.name_ar).where(Partner.reseller_since.is_not(None))).all()
    resellers = tuple(name for row in named for name in row if name)
    if question_id is None:
        return Known(partners=resellers)
    partner = session.get_one(Partner, get_question(session, question_id).partner_id)
    people = session.scalars(select(Contact.name).where(Contact.partner_id == partner.id))
    customers = session.scalars(select(Quote.customer_name).where(Quote.partner_id == partner.id).distinct())
    own = tuple(name for name in (partner.name, partner.name_ar) if name)
    return Known(partners=tuple(dict.fromkeys((*own, *resellers))), people=tuple(people), customers=tuple(customers))
