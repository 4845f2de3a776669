"""Partners and the team at the same moment, in processes of their own: one invoice a deal, one order a number."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.audit.tags import Tag
from core.db import reading, transaction
from core.deals import orders, selling
from core.deals.models import PurchaseOrder, Quote, QuoteDocument, Sale
from core.deals.states import DocumentUse, OrderState
from core.errors import DomainError
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.sale_acts import a_file, accepted, order_facts, sent
from tests.core.test_deal_races import counted
from tests.core.together import line_up, together

ROUNDS = pytest.mark.parametrize(
    ("number", "rounds"), ((4, 2), pytest.param(32, 50, marks=pytest.mark.soak)), ids=("4x2", "32x50")
)


def invoice(by: Actor, quote_ids: list[UUID], due_on: date) -> list[str]:
    """Invoice each deal at the same moment as everybody; the number, or the refusal."""
    return [_told(by, selling.invoice, quote_id, due_on=due_on) for quote_id in quote_ids]


def upload(by: Actor, quote_ids: list[UUID], customer: str) -> list[str]:
    """Upload an order at the same moment as everybody, under the number that the others have; its state."""
    found = []
    for at, quote_id in enumerate(quote_ids):
        number = f"PO-{at + 1}"
        facts, file = order_facts(number=number, customer_name=customer), a_file(f"{number} {by.id}")
        found.append(_told(by, orders.upload_order, quote_id, order=facts, file=file))
    return found


def _told(by: Actor, operation: Any, quote_id: UUID, **details: Any) -> str:
    line_up()
    try:
        with transaction(by) as session:
            done = operation(session, quote_id, by=by, **details)
            return str(done.invoice_number if isinstance(done, Sale) else done.state)
    except DomainError as refusal:
        return refusal.message


@ROUNDS
def test_a_deal_is_invoiced_once_whoever_else_does(database, aisha, nora, clock, number, rounds):
    with transaction(aisha) as session:
        partner = make_reseller(session, owner_id=aisha.id)
    deals = [accepted(aisha, partner).id for _ in range(rounds)]
    staff = [(aisha, nora)[at % 2] for at in range(number)]
    told = together(database, invoice, staff, [deals] * number, [date(2099, 1, 1)] * number)
    for at, quote_id in enumerate(deals):
        answers = [one[at] for one in told]
        won = [one for one in answers if one.startswith("INV-")]
        assert len(won) == 1
        assert {one for one in answers if one not in won} == {
            f"This deal was invoiced already: {won[0]}. Nothing was changed."
        }
        papers = (QuoteDocument.quote_id == quote_id, QuoteDocument.use == DocumentUse.INVOICE)
        assert counted(aisha, Sale, Sale.quote_id == quote_id) == counted(aisha, QuoteDocument, *papers) == 1
    assert counted(aisha, AuditEntry, AuditEntry.tag == Tag.SALE_INVOICE.value) == rounds
    with reading(aisha) as session:
        numbers = sorted(one.number for one in session.query(Sale))
        assert verification(session).intact
    assert numbers == list(range(1, rounds + 1))


@ROUNDS
def test_one_order_number_of_two_partners_is_seen_by_the_second(database, aisha, clock, number, rounds):
    people, deals = [], []
    for _ in range(number):
        with transaction(aisha) as session:
            partner = make_reseller(session, owner_id=aisha.id)
        people.append(as_contact(partner))
        deals.append([sent(aisha, partner).id for _ in range(rounds)])
    told = together(database, upload, people, deals, ["Oman Flour Mills"] * number)
    for at in range(rounds):
        answers = sorted(one[at] for one in told)
        assert answers == [OrderState.COLLIDES] * (number - 1) + [OrderState.MATCHED]
    assert counted(aisha, PurchaseOrder) == number * rounds
    assert counted(aisha, Quote) == number * rounds
