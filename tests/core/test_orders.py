"""Purchase orders: compared at once, differences named, numbers of two partners, settled; and what that does later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.deals import order_queries
from core.deals.lines import NewLine
from core.deals.matching import OrderUnsettled
from core.deals.models import PurchaseOrder
from core.deals.orders import OrderNotYet, OrderSettled, OrderThere, OrderTooLate
from core.deals.states import DocumentUse, OrderState, QuoteStatus
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind as MailKind
from core.partners.models import Partner
from core.vault.intake import take_in
from core.vault.upload_refusals import FileEmpty, NotThatKind
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.files import HTML
from tests.core.sale_acts import (
    TOTAL,
    a_file,
    accepted,
    answer,
    deal,
    document_of,
    invoice,
    mails,
    save_lines,
    send,
    sent,
    settle,
    upload_order,
)


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


@pytest.fixture
def rival(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Sohar Retail", owner_id=aisha.id)


@pytest.fixture
def huda(reseller: Partner) -> Actor:
    """The reseller's principal."""
    return as_contact(reseller, email="huda@s.om")


def row(actor: Actor, order: PurchaseOrder) -> PurchaseOrder:
    with reading(actor) as session:
        return session.get_one(PurchaseOrder, order.id)


def waiting(actor: Actor) -> list[order_queries.OrderRow]:
    with reading(actor) as session:
        return order_queries.waiting_orders(session)[0]


def mine(person: Actor, quote: Any) -> list[order_queries.MyOrder]:
    with reading(person) as session:
        return order_queries.my_orders(session, quote.id)


class TestUploading:
    def test_shows_at_once_that_it_matches(self, clock, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        order = upload_order(huda, quote, customer_name="OMAN FLOUR MILLS SAOG", amount="١٬٨٣٤٫٣٧٥")
        assert (order.state, order.differences, order.amount) == (OrderState.MATCHED, [], Decimal(TOTAL))
        assert (order.uploaded_at, order.uploaded_by, order.number_key) == (now(), huda.name, "118")
        assert document_of(aisha, quote, DocumentUse.ORDER) == order.document_id
        assert waiting(aisha) == []
        assert mails(aisha, MailKind.ORDER_WAITING) == []
        [seen] = mine(huda, quote)
        assert (seen.state, seen.is_waiting, seen.differences) == (OrderState.MATCHED, False, ())

    def test_puts_what_differs_into_the_queue_and_tells_the_owner(self, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        order = upload_order(huda, quote, amount="1,800", customer_name="Oman Cables")
        assert order.state is OrderState.DIFFERS
        assert [one["what"] for one in order.differences] == ["customer", "amount"]
        [seen] = waiting(aisha)
        assert [(one.what, one.expected, one.found) for one in seen.differences] == [
            ("Customer", "Oman Flour Mills", "Oman Cables"),
            ("Amount", "OMR\u00a01,834.375", "OMR\u00a01,800.000"),
        ]
        [mail] = mails(aisha, MailKind.ORDER_WAITING)
        assert mail.to_address == "aisha.al.balushi@dhofar.om"
        assert "Amount: OMR\u00a01,800.000 instead of OMR\u00a01,834.375" in mail.text

    def test_one_number_of_two_partners_collides_and_neither_hears_of_the_other(self, aisha, reseller, rival, huda):
        first = upload_order(
            as_contact(rival), sent(aisha, rival, customer_name="Oman Cables"), customer_name="Oman Cables"
        )
        quote = sent(aisha, reseller)
        order = upload_order(huda, quote, number="P.O. 0118")
        assert (first.state, order.state) == (OrderState.MATCHED, OrderState.COLLIDES)
        [seen] = waiting(aisha)
        assert [(one.partner, one.customer) for one in seen.others] == [("Sohar Retail", "Oman Cables")]
        [own] = mine(huda, quote)
        assert (own.is_waiting, own.differences) == (True, ())
        assert "Sohar" not in repr(own)

    def test_one_number_on_two_deals_of_a_partner_differs(self, aisha, reseller, huda):
        upload_order(huda, sent(aisha, reseller))
        order = upload_order(huda, sent(aisha, reseller))
        assert (order.state, order.differences) == (
            OrderState.DIFFERS,
            [{"what": "number", "expected": "", "found": "PO-118"}],
        )

    def test_two_partners_at_once_collide(self, aisha, reseller, rival, huda):
        people, start = [huda, as_contact(rival)], Barrier(2)
        quotes = [sent(aisha, reseller), sent(aisha, rival)]

        def race(pair: Any) -> OrderState:
            start.wait(60)
            return upload_order(*pair).state

        with ThreadPoolExecutor(2) as pool:
            states = sorted(pool.map(race, zip(people, quotes, strict=True)))
        assert states == [OrderState.COLLIDES, OrderState.MATCHED]

    def test_pressed_twice_is_there_once(self, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        upload_order(huda, quote)
        with pytest.raises(OrderThere):
            upload_order(huda, quote)
        assert len(mine(huda, quote)) == 1

    def test_a_corrected_one_replaces_what_nobody_accepted(self, clock, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        wrong = upload_order(huda, quote, amount="1")
        clock.forward(minutes=1)
        right = upload_order(huda, quote, number="PO-119")
        assert (row(aisha, wrong).state, row(aisha, wrong).settled_note) == (OrderState.REPLACED, "")
        assert right.state is OrderState.MATCHED
        assert [(one.number, one.replaced_by) for one in mine(huda, quote)] == [("PO-119", ""), ("PO-118", "PO-119")]

    def test_waits_for_the_quote_and_ends_with_the_deal(self, aisha, reseller, huda):
        with transaction(aisha) as session:
            intent = make_intent(session, reseller)
        for early in (intent, deal(aisha, reseller)):
            with pytest.raises(OrderNotYet):
                upload_order(huda, early)
        lost = answer(aisha, sent(aisha, reseller), False)
        with pytest.raises(OrderTooLate, match="Lost"):
            upload_order(huda, lost)

    def test_says_what_cannot_be_used(self, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        refused: tuple[tuple[dict[str, Any], str], ...] = (
            ({"number": ""}, "Order number is missing"),
            ({"number": "x" * 61}, "maximum 60"),
            ({"amount": "-5"}, "Enter an amount from 0.001"),
            ({"amount": "1.234,50"}, "Enter an amount"),
            ({"customer_name": "a\r\nb"}, "cannot contain line breaks"),
        )
        for facts, why in refused:
            with pytest.raises(Invalid, match=why):
                upload_order(huda, quote, **facts)
        assert mine(huda, quote) == []

    def test_takes_files_as_the_vault_does(self):
        with pytest.raises(NotThatKind, match=r"This is not a PDF \(it looks like HTML\)"):
            take_in("PO.pdf", HTML)
        with pytest.raises(FileEmpty):
            take_in("PO.pdf", b"")
        assert a_file(name="../../app.pdf").file_name == "app.pdf"

    def test_is_for_who_sells_and_of_the_own_deals(self, aisha, reseller, rival, huda):
        quote = sent(aisha, reseller)
        for role in (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER):
            with pytest.raises(NotAllowed):
                upload_order(as_contact(reseller, role), quote)
        for stranger in (as_contact(rival), as_contact(reseller, ContactRole.SALESPERSON)):
            with pytest.raises(NotFound):
                upload_order(stranger, quote)
        upload_order(huda, quote)
        for role in (ContactRole.TECHNICAL, ContactRole.VIEWER, ContactRole.SALESPERSON):
            assert mine(as_contact(reseller, role), quote) == []


class TestSettling:
    def test_accepts_with_a_note_the_partner_reads(self, clock, aisha, nora, reseller, huda):
        order = upload_order(huda, sent(aisha, reseller), amount="1,800")
        done = settle(nora, order, note="Discount agreed by phone")
        assert (done.state, done.settled_by, done.settled_at) == (OrderState.SETTLED, nora.name, now())
        [mail] = mails(aisha, MailKind.ORDER_SETTLED)
        assert mail.to_address == "huda@s.om"
        assert "Discount agreed by phone" in mail.text
        assert waiting(aisha) == []
        with pytest.raises(OrderSettled, match="Nora"):
            settle(aisha, order, False)

    def test_refuses_with_a_note(self, aisha, reseller, huda):
        order = upload_order(huda, sent(aisha, reseller), amount="1,800")
        with pytest.raises(Invalid, match="note is missing"):
            settle(aisha, order, False, note=" ")
        assert settle(aisha, order, False, note="Wrong total").state is OrderState.REFUSED
        [mail] = mails(aisha, MailKind.ORDER_SETTLED)
        assert "not accepted" in mail.subject

    def test_is_not_needed_where_it_matches_nor_anybody_elses(self, aisha, reseller, huda, outsider, reviewer):
        order = upload_order(huda, sent(aisha, reseller))
        with pytest.raises(OrderSettled):
            settle(aisha, order)
        with pytest.raises(NotFound):
            settle(outsider, order)
        with pytest.raises(NotAllowed):
            settle(reviewer, order)

    def test_is_on_record(self, aisha, reseller, huda):
        settle(aisha, upload_order(huda, sent(aisha, reseller), amount="1,800"))
        with reading(aisha) as session:
            found = list(session.scalars(select(AuditEntry.tag).where(AuditEntry.tag.like("%:order:%"))))
        assert sorted(found) == ["admin:order:settle", "partner:order:upload"]


class TestInvoicing:
    def test_names_the_order_that_counts(self, aisha, reseller, huda):
        quote = accepted(aisha, reseller)
        order = upload_order(huda, quote)
        assert invoice(aisha, quote).po_document_id == order.document_id

    def test_waits_until_what_differs_is_settled(self, aisha, reseller, huda):
        quote = accepted(aisha, reseller)
        order = upload_order(huda, quote, amount="1,800")
        with pytest.raises(OrderUnsettled, match="PO-118"):
            invoice(aisha, quote)
        settle(aisha, order)
        assert invoice(aisha, quote).po_document_id == order.document_id

    def test_names_no_order_that_was_refused(self, aisha, reseller, huda):
        quote = accepted(aisha, reseller)
        settle(aisha, upload_order(huda, quote, amount="1,800"), False)
        assert invoice(aisha, quote).po_document_id is None

    def test_compares_again_when_the_quote_changed(self, clock, aisha, reseller, huda):
        quote = sent(aisha, reseller)
        order = upload_order(huda, quote)
        save_lines(aisha, quote, lines=[NewLine("Setup", "1", "850")])
        assert send(aisha, quote).status is QuoteStatus.SENT
        assert row(aisha, order).state is OrderState.DIFFERS
        clock.forward(minutes=1)
        save_lines(aisha, quote)
        send(aisha, quote)
        assert row(aisha, order).state is OrderState.MATCHED


def test_the_queue_is_read_page_by_page_the_oldest_first(clock, aisha, reseller, huda):
    uploaded = []
    for number in range(3):
        uploaded.append(upload_order(huda, sent(aisha, reseller), number=f"PO-{number + 1}", amount="1"))
        clock.forward(minutes=1)
    with reading(aisha) as session:
        rows, total = order_queries.waiting_orders(session, page=2, size=2)
    assert ([one.id for one in rows], total) == ([uploaded[2].id], 3)
    assert rows[0].uploaded_at < now() - timedelta(seconds=1)
