"""Many reviewers and many presses at the same moment, in processes of their own: one decision, told once."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.actor import Actor
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.audit.tags import Tag
from core.db import reading, transaction
from core.deals import service
from core.deals.models import Protection, Quote, Review
from core.deals.numbering import Series, reference
from core.deals.states import QuoteKind, QuoteStatus
from core.deals.terms import NewDeal
from core.errors import DomainError
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail
from tests.core.deal_acts import as_contact, make_intent, make_product, make_reseller, make_territory, new_deal
from tests.core.together import line_up, together

OPERATIONS = ("approve", "reject", "return")
DECIDED = (Tag.INTENT_APPROVE, Tag.INTENT_REJECT, Tag.INTENT_RETURN)


def decide(by: Actor, quote_ids: list[UUID], what: str) -> list[str]:
    """Decide each deal at the same moment as everybody; what was read, "" for who won."""
    return [_decide(by, quote_id, what) for quote_id in quote_ids]


def _decide(by: Actor, quote_id: UUID, what: str) -> str:
    with reading(by) as session:
        version = session.get_one(Quote, quote_id).version
    line_up()
    told: dict[str, Any] = {"version": version, "by": by}
    try:
        with transaction(by) as session:
            if what == "approve":
                service.approve(session, quote_id, terms=service.flat("10"), **told)
            elif what == "reject":
                service.reject(session, quote_id, note="Not now.", **told)
            else:
                service.return_(session, quote_id, note="How many seats?", **told)
    except DomainError as refusal:
        return refusal.message
    return ""


def submit(by: Actor, deal: NewDeal) -> str:
    """Submit at the same moment as everybody: the reference, or the refusal."""
    line_up()
    try:
        with transaction(by) as session:
            return str(service.submit(session, deal=deal, by=by).reference)
    except DomainError as refusal:
        return refusal.message


def counted(by: Actor, model: type, *conditions: Any) -> int:
    with reading(by) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


@pytest.mark.parametrize(
    ("number", "rounds"), ((8, 3), pytest.param(32, 50, marks=pytest.mark.soak)), ids=("8x3", "32x50")
)
def test_one_decision_whoever_else_decides(database, aisha, nora, reviewer, number, rounds):
    with transaction(aisha) as session:
        partner = make_reseller(session, owner_id=aisha.id)
    salim = as_contact(partner)
    with transaction(aisha) as session:
        deals = [make_intent(session, partner, contact_id=salim.id).id for _ in range(rounds)]
    staff = [(aisha, nora, reviewer)[at % 3] for at in range(number)]
    told = together(database, decide, staff, [deals] * number, [OPERATIONS[at % 3] for at in range(number)])
    for at, quote_id in enumerate(deals):
        answers = [one[at] for one in told]
        assert answers.count("") == 1
        assert all("Nothing changed." in answer for answer in answers if answer)
        who = next(staff[at].name for at, answer in enumerate(answers) if not answer)
        assert all(f" by {who} " in answer for answer in answers if answer)
        audits = (AuditEntry.subject_id == quote_id, AuditEntry.tag.in_([tag.value for tag in DECIDED]))
        assert counted(aisha, Review, Review.quote_id == quote_id) == counted(aisha, AuditEntry, *audits) == 1
        assert counted(aisha, Mail, Mail.key.contains(str(quote_id))) == 1
    with reading(aisha) as session:
        quotes = session.scalars(
            select(Quote).where(Quote.kind == QuoteKind.QUOTE).order_by(Quote.quote_reference)
        ).all()
        assert [one.quote_reference for one in quotes] == [
            reference(Series.QUOTE, n) for n in range(1, len(quotes) + 1)
        ]
        assert verification(session).intact
    assert counted(aisha, Protection) == len(quotes)
    assert counted(aisha, Quote, Quote.status == QuoteStatus.PENDING) == 0


@pytest.mark.parametrize("number", (8, pytest.param(32, marks=pytest.mark.soak)))
def test_pressed_many_times_a_deal_is_submitted_once(database, aisha, number):
    with transaction(aisha) as session:
        partner, product, place = (
            make_reseller(session, owner_id=aisha.id),
            make_product(session),
            make_territory(session),
        )
    salim = as_contact(partner)
    told = together(database, submit, [salim] * number, [new_deal(product, place)] * number)
    assert sorted(told) == ["DI-0001", *["You already submitted this: DI-0001."] * (number - 1)]
    assert counted(aisha, Quote) == counted(aisha, Mail, Mail.kind == MailKind.DEAL_SUBMITTED) == 1


def test_references_of_many_partners_have_no_gap(database, aisha):
    with transaction(aisha) as session:
        product, place = make_product(session), make_territory(session)
        partners = [make_reseller(session, owner_id=aisha.id) for _ in range(6)]
    people = [as_contact(partner) for partner in partners]
    told = together(database, submit, people, [new_deal(product, place) for _ in people])
    assert sorted(told) == [reference(Series.INTENT, n) for n in range(1, 7)]
