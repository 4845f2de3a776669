"""The list of deals: what is sold, and in which state?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.deals import table
from admin_app.deals.asked import asked, turned
from admin_app.intents.export import deals_sheet
from core.actor import Actor
from core.db import reading, transaction
from core.deals.queries import Sort
from core.deals.states import QuoteStatus
from core.partners.models import Partner
from tests.core.deal_acts import make_intent, make_quote, make_reseller
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last."""
    told: dict[str, Any] = {}

    def draw(**options: Any) -> tuple[str, ...]:
        told.update(options)
        return ()

    monkeypatch.setattr(table, "grid", draw)
    return told


@pytest.fixture
def open_page(sqlite_database: str, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody, with the grid in plain sight."""
    return opener(monkeypatch)


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    """A reseller with two quotes and one deal under review."""
    with transaction(aisha) as session:
        partner = make_reseller(session, slug="muscat-tech", name="Muscat Tech")
        make_quote(session, partner, customer_name="Bank Sohar", status=QuoteStatus.SENT)
        make_quote(session, partner, customer_name="Nizwa Hospital")
        make_intent(session, partner, customer_name="Rustaq College")
        return partner


class TestList:
    def test_without_any_says_how_they_come(self, open_page: Open, aisha: Actor) -> None:
        assert "Nothing is sold yet." in texts(open_page("deals", aisha))

    def test_shows_what_is_sold_in_words(
        self, open_page: Open, aisha: Actor, reseller: Partner, shown: dict[str, Any]
    ) -> None:
        screen = open_page("deals", aisha)
        columns = shown["columns"]
        assert set(columns["Customer"].values) == {"Bank Sohar", "Nizwa Hospital"}
        assert set(columns["State"].values) == {"Quote sent", "Approved"}
        assert shown["checks"] is False
        assert "2 approved by a review and sold since" in texts(screen)

    def test_the_address_carries_filters_and_order(
        self, open_page: Open, aisha: Actor, reseller: Partner, shown: dict[str, Any]
    ) -> None:
        screen = open_page("deals", aisha)
        screen.selectbox(key="deals.status").set_value("sent").run()
        assert list(shown["columns"]["Customer"].values) == ["Bank Sohar"]
        screen.text_input(key="deals.text").set_value("nobody").run()
        assert "No deal is like this." in texts(screen)
        screen.query_params.clear()
        screen.query_params["sort"] = "customer"
        screen.run()
        assert list(shown["columns"]["Customer"].values) == ["Bank Sohar", "Nizwa Hospital"]
        assert shown["sorted_by"] == ("customer", False)

    def test_is_not_offered_to_a_member(self, open_page: Open, member: Actor) -> None:
        assert is_closed(open_page("deals", member))

    @pytest.mark.parametrize("name", ("deals", "deal_intents"))
    def test_is_not_offered_where_the_portal_is_off(
        self, sqlite_database: str, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch, aisha: Actor, name: str
    ) -> None:
        assert is_closed(opener(monkeypatch)(name, aisha, portal=False))

    def test_of_another_company_nothing_is_in_it(self, open_page: Open, reseller: Partner, outsider: Actor) -> None:
        assert "Nothing is sold yet." in texts(open_page("deals", outsider))


class TestOfAPartner:
    def test_lists_all_that_it_registered(
        self, open_page: Open, aisha: Actor, reseller: Partner, shown: dict[str, Any]
    ) -> None:
        screen = open_page("partner", aisha)
        screen.query_params.update({"id": str(reseller.id), "tab": "Deals"})
        screen.run()
        assert len(shown["ids"]) == 3
        assert set(shown["columns"]["State"].values) == {"Quote sent", "Approved", "In review"}
        assert "Partner" not in shown["columns"]
        assert shown["on_sort"] is None

    def test_without_any_says_so(self, open_page: Open, aisha: Actor, partner: Partner) -> None:
        screen = open_page("partner", aisha)
        screen.query_params.update({"id": str(partner.id), "tab": "Deals"})
        assert "has registered no deal yet" in texts(screen.run())


class TestExport:
    def test_goes_by_the_filters_of_the_page(self, aisha: Actor, reseller: Partner) -> None:
        with reading(aisha) as session:
            assert [row[3] for row in deals_sheet(session, {"sort": "customer"}).rows] == [
                "Bank Sohar",
                "Nizwa Hospital",
            ]
            sheet = deals_sheet(session, {"status": "sent"})
        assert len(sheet.rows[0]) == len(sheet.header)
        assert [row[1] for row in sheet.rows] == ["Quote sent"]


class TestWords:
    @pytest.mark.parametrize(
        ("now_by", "pressed_on", "then"),
        (("", "submitted", "submitted"), ("submitted", "submitted", ""), ("", "amount", "-amount"),
         ("-amount", "amount", "amount")),
    )  # fmt: skip
    def test_of_a_pressed_heading(self, now_by: str, pressed_on: str, then: str) -> None:
        assert turned(now_by, pressed_on) == then

    def test_of_an_address(self) -> None:
        found = asked({"status": "sent", "text": "x" * 300, "sort": "-amount", "partner": str(UUID(int=3))})
        assert (found.status, found.order, len(found.text)) == (QuoteStatus.SENT, (Sort.AMOUNT, True), 100)
        assert asked(found.params) == found
        assert asked({"status": "pending", "sort": "x"}).params == {}
