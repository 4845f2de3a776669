"""The review queue: which deals wait for a decision, and is it safe to approve them?"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from admin_app.intents.asked import asked, turned
from admin_app.intents.export import intents_sheet
from core.actor import Actor
from core.db import reader, reading, transaction
from core.deals import queue_views
from core.deals.models import Review
from core.deals.queries import Sort
from core.deals.states import QuoteStatus, Verdict
from tests.core.deal_acts import make_intent, make_reseller
from tests.screens import is_closed, texts
from tests.screens.deal_queue import confirmed, labels, pressed, standing

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


class TestQueue:
    def test_without_any_says_how_they_come(self, open_page: Open, reviewer: Actor) -> None:
        said = texts(open_page("deal_intents", reviewer))
        assert "0 in review" in said
        assert "Nothing waits for a decision." in said

    def test_shows_them_in_words_those_that_wait_longest_first(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        columns = shown["columns"]
        assert list(columns["Deal"].values) == ["DI-0001", "DI-0002", "DI-0003"]
        assert list(columns["Clock"].values) == ["12 h late", "8 h left", "1 d left"]
        assert list(columns["Clock"].tones) == ["stop", "attention", ""]
        assert columns["Amount"].values[0] == "OMR\u00a0100.000"
        assert "3 in review, 1 of this page past 48 h" in texts(screen)

    def test_opens_the_first_one_and_any_that_is_pressed(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        assert "DI-0001 · Bank Sohar" in texts(screen)
        assert "60 h of 48 h, 12 h late" in texts(screen)
        screen.query_params["deal"] = str(deals[1])
        assert "DI-0002 · Nizwa Hospital" in texts(screen.run())
        assert shown["opened"] == str(deals[1])

    def test_the_queue_stands_before_evidence_is_looked_for(
        self,
        open_page: Open,
        reviewer: Actor,
        deals: list[UUID],
        shown: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        stood: list[str] = []

        def find(*_: Any) -> None:
            stood.append(shown["opened"])

        monkeypatch.setattr("core.deals.queries.intent", find)
        open_page("deal_intents", reviewer)
        assert stood == [str(deals[0])]

    def test_the_address_carries_filters_and_order(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        screen.selectbox(key="intents.sort").set_value("-amount").run()
        assert list(shown["columns"]["Deal"].values) == ["DI-0002", "DI-0003", "DI-0001"]
        assert shown["sorted_by"] == ("amount", True)
        screen.text_input(key="intents.text").set_value("nizwa").run()
        assert list(shown["columns"]["Deal"].values) == ["DI-0002"]
        assert screen.query_params["text"] == "nizwa"
        screen.selectbox(key="intents.status").set_value("rejected").run()
        assert "No deal is like this." in texts(screen)
        assert "deal" not in screen.query_params
        assert "status" in pressed(screen, "Show all of them").query_params
        assert "No deal stands here." in texts(screen)

    @pytest.mark.parametrize("query", ({"status": "x", "sort": "y", "partner": "z", "page": "-1"}, {"deal": "x"}))
    def test_what_an_address_says_wrongly_is_not_heard(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any], query: dict[str, str]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        screen.query_params.update(query)
        assert not screen.run().exception
        assert len(shown["ids"]) == 3

    def test_a_deal_that_is_not_there_is_said_so(self, open_page: Open, reviewer: Actor, deals: list[UUID]) -> None:
        screen = open_page("deal_intents", reviewer)
        screen.query_params["deal"] = str(UUID(int=7))
        assert "was not found" in screen.run().toast[0].value

    def test_is_not_offered_to_a_member(self, open_page: Open, member: Actor) -> None:
        assert is_closed(open_page("deal_intents", member))

    def test_of_another_company_nothing_is_in_it(self, open_page: Open, deals: list[UUID], outsider: Actor) -> None:
        screen = open_page("deal_intents", outsider)
        screen.query_params["deal"] = str(deals[0])
        said = texts(screen.run())
        assert "Nothing waits for a decision." in said
        assert "Bank Sohar" not in said

    def test_an_analyst_reads_and_decides_nothing(
        self, open_page: Open, analyst: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        screen = open_page("deal_intents", analyst)
        assert "DI-0001 · Bank Sohar" in texts(screen)
        assert {"Approve…", "Reject…", "Return…"} & labels(screen) == set()
        assert shown["checks"] is False

    def test_costs_few_statements(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any], asked_for: list[str]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        asked_for.clear()
        screen.run()
        assert len(shown["ids"]) == 3
        assert len([one for one in asked_for if one.startswith("SELECT")]) <= 10

    @pytest.fixture
    def asked_for(self, sqlite_database: str) -> Iterator[list[str]]:
        """Every statement that a page reads by."""
        found: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            found.append(statement)

        event.listen(reader(), "before_cursor_execute", note)
        yield found
        event.remove(reader(), "before_cursor_execute", note)


class TestSafety:
    def test_says_when_nothing_stands_in_the_way(self, open_page: Open, reviewer: Actor, deals: list[UUID]) -> None:
        screen = open_page("deal_intents", reviewer)
        assert "**Safe to approve.**" in screen.success[0].value

    def test_shows_what_looks_alike_side_by_side(
        self, open_page: Open, aisha: Actor, reviewer: Actor, deals: list[UUID]
    ) -> None:
        with transaction(aisha) as session:
            other = make_reseller(session, slug="dhofar-soft", name="Dhofar Soft")
            make_intent(session, other, customer_name="Bank Sohar")
        screen = open_page("deal_intents", reviewer)
        assert "looks like another deal" in screen.warning[0].value
        said = texts(screen)
        assert "| | This deal | DI-0004 |" in said
        assert "deal in review" in said

    def test_names_a_protection_and_wants_a_reason_against_it(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], protected: UUID
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        assert "Bank Sohar is protected for Dhofar Soft until" in screen.error[0].value
        screen = confirmed(screen, "Approve")
        assert screen.error[0].value
        assert standing(reviewer, deals[0]) is QuoteStatus.PENDING
        screen.text_area(key="intents.override").set_value("They agreed to share it.")
        pressed(screen, "Approve DI-0001")
        with reading(reviewer) as session:
            review = session.scalars(select(Review).where(Review.quote_id == deals[0])).one()
        assert (review.verdict, review.override) == (Verdict.APPROVED, "They agreed to share it.")


class TestViews:
    def test_are_kept_shown_and_dropped(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        with transaction(reviewer) as session:
            queue_views.keep(session, page="deal_intents", name="Large", query="sort=-amount&text=a", by=reviewer)
        with reading(reviewer) as session:
            kept = queue_views.views(session, page="deal_intents")[0]
        assert asked(dict(part.split("=") for part in kept.query.split("&"))).order == (Sort.AMOUNT, True)


class TestExport:
    def test_goes_by_the_filters_of_the_page(self, aisha: Actor, deals: list[UUID]) -> None:
        with reading(aisha) as session:
            assert [row[0] for row in intents_sheet(session, {"sort": "-amount"}).rows] == [
                "DI-0002", "DI-0003", "DI-0001",
            ]  # fmt: skip
            assert intents_sheet(session, {"status": "rejected"}).rows == []

    def test_stands_beside_the_filters_of_who_may(
        self, open_page: Open, analyst: Actor, reviewer: Actor, deals: list[UUID]
    ) -> None:
        links = [str(getattr(one, "url", "")) for one in open_page("deal_intents", analyst).get("link_button")]
        assert [one for one in links if "/export/" in one] == [
            "/export/deal_intents?format=csv", "/export/deal_intents?format=xlsx",
        ]  # fmt: skip
        links = [str(getattr(one, "url", "")) for one in open_page("deal_intents", reviewer).get("link_button")]
        assert not any("/export/" in one for one in links)


class TestWords:
    @pytest.mark.parametrize(
        ("now_by", "pressed_on", "then"),
        (("", "submitted", "-submitted"), ("-submitted", "submitted", ""), ("", "amount", "amount"),
         ("amount", "amount", "-amount"), ("-amount", "amount", "amount")),
    )  # fmt: skip
    def test_of_a_pressed_heading(self, now_by: str, pressed_on: str, then: str) -> None:
        assert turned(now_by, pressed_on) == then

    def test_of_an_address(self) -> None:
        found = asked({"status": "returned", "text": "x" * 300, "sort": "-amount", "partner": str(UUID(int=3))})
        assert (found.status, found.order, len(found.text)) == (QuoteStatus.RETURNED, (Sort.AMOUNT, True), 100)
        assert asked(found.params) == found
