"""Selling a deal on the admin's page: its lines, each next step with its question, orders side by side, the queue."""

from datetime import date
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from admin_app.selling import orders_queue
from core.actor import Actor
from core.db import transaction
from core.deals.states import QuoteStatus
from core.mail.messages import Kind
from core.partners.models import Partner
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.sale_acts import (
    accepted,
    again,
    deal,
    invoice,
    mails,
    pay,
    save_lines,
    sent,
    status_of,
    upload_order,
)
from tests.screens import opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


@pytest.fixture
def open_deal(monkeypatch: pytest.MonkeyPatch):
    """A function that opens a deal as somebody; the lines' table is told what was typed, since AppTest cannot type."""
    open_page = opener(monkeypatch)
    typed: dict[str, Any] = {}

    def editor(_data: Any, *, key: str, **_: Any) -> None:
        st.session_state[key] = dict(typed)

    monkeypatch.setattr(st, "data_editor", editor)

    def open_one(actor: Actor, quote: Any, **edits: Any) -> AppTest:
        typed.update(edits)
        return open_page("deals", actor, deal=str(quote.id))

    return open_one


def press(screen: AppTest, label: str) -> AppTest:
    """Press the button of a name."""
    [button] = [one for one in screen.button if one.label == label]
    return button.click().run()


def labels(screen: AppTest) -> set[str]:
    return {one.label for one in screen.button}


class TestDraft:
    def test_offers_what_was_registered_as_its_first_line(self, clock, aisha, reseller, open_deal):
        screen = open_deal(aisha, deal(aisha, reseller))
        said = texts(screen)
        assert not screen.exception
        assert "Oman Flour Mills" in said
        assert "registered over OMR\u00a01,200" in said
        assert "Total **OMR\u00a01,200.000**" in said
        assert "Send it" not in labels(screen)

    def test_saves_what_was_typed_and_then_sends(self, clock, aisha, reseller, open_deal):
        as_contact(reseller, email="huda@s.om")
        quote = deal(aisha, reseller)
        edits = {"edited_rows": {0: {"quantity": "10", "unit_price": "99.5", "discount": "10"}}}
        screen = open_deal(aisha, quote, **edits)
        assert "Total **OMR\u00a0895.500**" in texts(screen)
        screen.text_area(key=f"selling.{quote.id}.{quote.version}.conditions").input("Net 30")
        screen = press(screen, "Save quote")
        saved = again(aisha, quote)
        assert (saved.version, saved.conditions) == (quote.version + 1, "Net 30")
        save_lines(aisha, quote)
        screen = press(open_deal(aisha, quote), "Send it")
        assert not screen.exception
        assert status_of(aisha, quote) is QuoteStatus.SENT
        assert len(mails(aisha, Kind.QUOTE_SENT)) == 1

    def test_is_saved_before_it_is_sent_when_its_validity_has_passed(self, clock, aisha, reseller, open_deal):
        quote = deal(aisha, reseller)
        save_lines(aisha, quote)
        clock.forward(days=31)
        screen = open_deal(aisha, quote)
        assert "Send it" not in labels(screen)
        screen = press(screen, "Save quote")
        assert again(aisha, quote).valid_until == date(2027, 1, 22)
        assert "Send it" in labels(open_deal(aisha, quote))

    def test_says_why_lines_cannot_be_kept_and_keeps_them(self, clock, aisha, reseller, open_deal):
        quote = deal(aisha, reseller)
        screen = open_deal(aisha, quote, edited_rows={0: {"unit_price": "-5"}})
        screen = press(screen, "Save quote")
        assert "Line 1: Enter an amount from 0.001 to 999,999,999.999." in texts(screen)
        assert again(aisha, quote).version == quote.version

    def test_an_intent_has_its_review_instead(self, clock, aisha, reseller, open_deal):
        with transaction(aisha) as session:
            intent = make_intent(session, reseller)
        screen = open_deal(aisha, intent)
        assert not screen.exception
        assert "Save quote" not in labels(screen)


class TestOnTheWay:
    def test_notes_the_answer_then_invoices_then_is_paid(self, clock, aisha, reseller, open_deal):
        quote = sent(aisha, reseller)
        screen = open_deal(aisha, quote)
        assert {"Note the acceptance", "Close the deal as lost", "Change the quote"} <= labels(screen)
        screen = press(screen, "Note the acceptance")
        assert status_of(aisha, quote) is QuoteStatus.ACCEPTED
        screen = press(open_deal(aisha, quote), "Issue the invoice")
        assert status_of(aisha, quote) is QuoteStatus.INVOICED
        screen = open_deal(aisha, quote)
        assert "INV\\-00001" in texts(screen) or "INV-00001" in texts(screen)
        assert {"Note the payment", "Cancel the invoice"} <= labels(screen)
        press(screen, "Note the payment")
        screen = open_deal(aisha, quote)
        assert "paid 22 Nov 2026" in texts(screen)
        assert "Note the refund" in labels(screen)

    def test_a_refund_needs_a_reason(self, clock, aisha, reseller, open_deal):
        quote = accepted(aisha, reseller)
        pay(aisha, invoice(aisha, quote))
        screen = press(open_deal(aisha, quote), "Note the refund")
        assert "reason is missing" in texts(screen)
        screen.text_area(key=f"selling.{quote.id}.refund.reason").input("Returned")
        press(screen, "Note the refund")
        assert "refunded: Returned" in texts(open_deal(aisha, quote))

    def test_a_sent_quote_is_changed_only_when_asked_to(self, clock, aisha, reseller, open_deal):
        quote = sent(aisha, reseller)
        screen = open_deal(aisha, quote)
        assert "Save quote" not in labels(screen)
        screen = press(screen, "Change the quote")
        assert "Saving takes the quote back" in texts(screen)
        press(screen, "Save quote")
        assert status_of(aisha, quote) is QuoteStatus.DRAFT

    def test_who_only_reads_is_offered_no_step(self, clock, aisha, analyst, reseller, open_deal):
        screen = open_deal(analyst, sent(aisha, reseller))
        assert not screen.exception
        assert not {"Note the acceptance", "Change the quote", "Close the deal as lost"} & labels(screen)
        [table] = screen.table
        assert list(table.value["What is sold"]) == ["Payroll", "Setup", "**Total**"]
        assert list(table.value["Amount"]) == ["OMR\u00a0984.375", "OMR\u00a0850.000", "**OMR\u00a01,834.375**"]


class TestOrders:
    def test_show_side_by_side_what_differs_and_are_settled(self, clock, aisha, reseller, open_deal):
        quote = sent(aisha, reseller)
        order = upload_order(as_contact(reseller), quote, amount="1,800")
        screen = open_deal(aisha, quote)
        assert "Differs" in texts(screen)
        differing = [list(table.value["Agreed"]) for table in screen.table if "Agreed" in table.value]
        assert differing == [["OMR\u00a01,834\\.375"]] * len(differing) != []
        screen = press(screen, "Accept the order")
        assert "note is missing" in texts(screen)
        screen.text_area(key=f"order.{order.id}.True").input("By phone")
        press(screen, "Accept the order")
        assert "By phone" in texts(open_deal(aisha, quote))

    def test_that_differ_wait_above_the_list(self, clock, aisha, reseller, monkeypatch):
        open_page = opener(monkeypatch)
        assert "differ" not in " ".join(one.label for one in open_page("deals", aisha).expander)
        upload_order(as_contact(reseller), sent(aisha, reseller), amount="1,800")
        screen = open_page("deals", aisha)
        assert not screen.exception
        assert [one.label for one in screen.expander] == ["1 purchase order differs from what was agreed"]
        assert "Salalah Retail" in texts(screen)

    @pytest.mark.parametrize(
        ("page", "shown", "said"),
        (("1", "PO\\-1", "1–1 of 2"), ("2", "PO\\-2", "2–2 of 2"), ("9", "PO\\-1", "1–1 of 2")),
    )
    def test_are_shown_page_by_page(self, clock, aisha, reseller, monkeypatch, page, shown, said):
        monkeypatch.setattr(orders_queue, "SIZE", 1)
        for number in ("PO-1", "PO-2"):
            upload_order(as_contact(reseller), sent(aisha, reseller), number=number, amount="1,800")
            clock.forward(minutes=1)
        screen = opener(monkeypatch)("deals", aisha, orders=page)
        assert not screen.exception
        assert f"{said} orders · oldest first" in texts(screen)
        assert texts(screen).count("Purchase order **") == 1
        assert f"Purchase order **{shown}**" in texts(screen)
