"""What a reseller's person finds first: what waits, how the deals stand, what ends, what is new; cut to the role."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.clock import now, today
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import home_queries
from core.deals.home_queries import HomeFacts, Task
from core.deals.models import Protection, PurchaseOrder, Quote, Sale
from core.deals.states import SET_ASIDE, OrderState, ProtectionEnd, QuoteStatus, SaleStatus
from core.errors import NotAllowed
from core.partners.models import Partner
from core.vault.filing import file_away
from core.vault.models import Origin
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.deal_acts import make_intent, make_quote
from tests.core.today_world import statements
from tests.factories import make_partner

CANARY = Decimal("73519.205")


@pytest.fixture(autouse=True)
def _any_device(set_settings: Any) -> None:
    set_settings(code_on_new_device=False)


def made(by: Actor, partner: Partner, role: ContactRole = ContactRole.PRINCIPAL) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=role)


def home(contact: Contact, **facts: Any) -> HomeFacts:
    actor = contact_actor(contact, **facts)
    with reading(actor) as session:
        return home_queries.home(session)


def protect(session: Any, quote: Quote, *, days: float, ended: ProtectionEnd | None = None) -> None:
    """Protect a deal's customer until so many days from now."""
    same = ("partner_id", "customer_id", "product_id", "territory_id")
    row = Protection(quote_id=quote.id, **{name: getattr(quote, name) for name in same})
    row.starts_at, row.ends_at, row.ended = now() - timedelta(days=60), now() + timedelta(days=days), ended
    session.add(row)
    session.flush()


@pytest.fixture
def huda(aisha: Actor, partner: Partner) -> Contact:
    """A principal."""
    return made(aisha, partner)


class TestWaiting:
    def test_begins_with_what_was_returned(self, clock: Clock, aisha: Actor, partner: Partner, huda: Contact) -> None:
        with transaction(aisha) as session:
            make_intent(session, partner, huda)
            sent = make_quote(session, partner, huda, status=QuoteStatus.SENT, customer_name="Sent")
            sent.valid_until = today("Asia/Muscat") + timedelta(days=9)
            sooner = make_quote(session, partner, huda, status=QuoteStatus.ACCEPTED, customer_name="Accepted")
            sooner.valid_until = today("Asia/Muscat") + timedelta(days=2)
            back = make_intent(session, partner, huda, status=QuoteStatus.RETURNED, customer_name="Back")
            back.note, back.decided_at = "Which branch?", clock.now()
            make_intent(session, partner, huda, status=QuoteStatus.REJECTED)
        found = home(huda).waiting
        assert [(one.customer, one.task) for one in found] == [
            ("Back", Task.EDIT), ("Accepted", Task.ORDER), ("Sent", Task.ORDER)
        ]  # fmt: skip
        assert (found[0].note, found[0].since, found[0].until) == ("Which branch?", clock.now(), None)
        assert found[2].until == today("Asia/Muscat") + timedelta(days=9)

    @pytest.mark.parametrize("state", OrderState)
    def test_an_order_is_asked_for_once(self, aisha: Actor, partner: Partner, huda: Contact, state: OrderState) -> None:
        with transaction(aisha) as session:
            quote = make_quote(session, partner, huda, status=QuoteStatus.SENT)
            facts: dict[str, Any] = {"title": "Order", "file_name": "order.pdf", "data": b"%PDF", "requires_nda": False}
            facts |= {"media_type": "application/pdf", "origin": Origin.UPLOAD, "by": aisha, "at": now()}
            document = file_away(session, session.get_one(Partner, partner.id), **facts)
            order = PurchaseOrder(quote_id=quote.id, partner_id=partner.id, document_id=document.id, state=state)
            order.number = order.number_key = "PO-1"
            order.customer_name, order.amount, order.currency, order.differences = "Bank", CANARY, "OMR", []
            order.uploaded_at, order.uploaded_by = now(), "Huda"
            session.add(order)
        assert len(home(huda).waiting) == (state in SET_ASIDE)

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_is_nothing_for_who_registers_none(self, aisha: Actor, partner: Partner, role: ContactRole) -> None:
        with transaction(aisha) as session:
            make_intent(session, partner, status=QuoteStatus.RETURNED)
        assert home(made(aisha, partner, role)).waiting == []


class TestStandings:
    def test_counts_and_sums_by_status_in_the_order_deals_go(
        self, aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        with transaction(aisha) as session:
            make_intent(session, partner, status=QuoteStatus.REJECTED, amount=Decimal(5))
            make_intent(session, partner, amount=Decimal("0.1"))
            make_intent(session, partner, amount=Decimal("0.2"))
            make_intent(session, partner, amount=Decimal(7), currency="USD")
        found = [(one.status, one.count, one.amounts) for one in home(huda).standings]
        assert found == [
            (QuoteStatus.PENDING, 3, (("OMR", Decimal("0.300")), ("USD", Decimal("7.000")))),
            (QuoteStatus.REJECTED, 1, (("OMR", Decimal("5.000")),)),
        ]

    @pytest.mark.parametrize("role", ContactRole)
    def test_amounts_reach_roles_with_money_alone(self, aisha: Actor, partner: Partner, role: ContactRole) -> None:
        contact = made(aisha, partner, role)
        with transaction(aisha) as session:
            make_intent(session, partner, contact, amount=CANARY)
        has_money = role in {ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.FINANCE}
        assert ("73519" in repr(home(contact))) == has_money

    def test_no_amount_before_the_device_is_confirmed(
        self, aisha: Actor, partner: Partner, huda: Contact, set_settings: Any
    ) -> None:
        set_settings(code_on_new_device=True)
        with transaction(aisha) as session:
            make_intent(session, partner, huda, amount=CANARY)
        assert "73519" not in repr(home(huda))
        assert home(huda).standings[0].count == 1


class TestWhose:
    def test_a_salesperson_sees_their_own_and_nobody_another_partners(
        self, aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        salim = made(aisha, partner, ContactRole.SALESPERSON)
        with transaction(aisha) as session:
            other = make_partner(session)
            for owner, contact, name in ((partner, salim, "Salim's"), (partner, huda, "Huda's"), (other, None, "Else")):
                quote = make_quote(session, owner, contact, status=QuoteStatus.SENT, customer_name=name)
                protect(session, quote, days=3)
        mine, ours = home(salim), home(huda)
        for found in (mine.waiting, mine.endings, mine.changes):
            assert [one.customer for one in found] == ["Salim's"]
        assert {one.customer for one in ours.changes} == {"Salim's", "Huda's"}
        assert sum(one.count for one in ours.standings) == 2

    def test_staff_ask_elsewhere(self, member: Actor) -> None:
        with reading(member) as session, pytest.raises(NotAllowed):
            home_queries.home(session)


class TestEndings:
    def test_are_those_of_the_next_thirty_days(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        with transaction(aisha) as session:
            for name, days, ended in (
                ("Later", 29.9, None), ("Soon", 2, None), ("Past", -1, None), ("Far", 30.1, None),
                ("Sold", 5, ProtectionEnd.SOLD),
            ):  # fmt: skip
                protect(session, make_quote(session, partner, huda, customer_name=name), days=days, ended=ended)
        assert [one.customer for one in home(huda).endings] == ["Soon", "Later"]

    def test_are_no_business_of_a_viewer(self, aisha: Actor, partner: Partner) -> None:
        with transaction(aisha) as session:
            protect(session, make_quote(session, partner), days=2)
        assert home(made(aisha, partner, ContactRole.VIEWER)).endings == []


class TestChanges:
    def test_are_the_newest_first(self, clock: Clock, aisha: Actor, partner: Partner, huda: Contact) -> None:
        with transaction(aisha) as session:
            sold = make_quote(session, partner, huda, status=QuoteStatus.ACCEPTED, customer_name="Sold")
            again = make_intent(session, partner, huda, customer_name="Again")
            again.decided_at = clock.now() - timedelta(days=9)
            for number in range(home_queries.NEWEST):
                make_intent(session, partner, huda, customer_name=str(number))
            paid = clock.forward(days=2)
            facts: dict[str, Any] = {"status": SaleStatus.PAID, "amount": CANARY, "currency": "OMR", "number": 1}
            facts |= {"invoiced_at": paid - timedelta(days=1), "due_on": paid.date(), "paid_at": paid}
            session.add(Sale(quote_id=sold.id, partner_id=partner.id, invoice_number="INV-1", **facts))
            session.flush()
            sold.status = QuoteStatus.INVOICED
            again.submitted_at = clock.forward(hours=1)
        found = home(huda).changes
        assert [one.customer for one in found][:2] == ["Again", "Sold"]
        assert len(found) == home_queries.NEWEST
        assert (found[1].at, found[1].sale_status, found[0].sale_status) == (paid, SaleStatus.PAID, None)

    def test_tell_a_viewer_no_notes(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        with transaction(aisha) as session:
            make_intent(session, partner, status=QuoteStatus.REJECTED, note="Because")
        assert home(huda).changes[0].note == "Because"
        assert home(made(aisha, partner, ContactRole.VIEWER)).changes[0].note == ""


class TestCost:
    def test_does_not_grow_with_deals(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        actor = contact_actor(huda)
        for _ in range(2):
            with transaction(aisha) as session:
                for _ in range(8):
                    protect(session, make_quote(session, partner, huda, status=QuoteStatus.SENT), days=5)
            with statements() as asked, reading(actor) as session:
                home_queries.home(session)
            assert len(asked) == 4
