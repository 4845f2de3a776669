"""The review queue: which deals wait for a decision, and is it safe to approve them?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from admin_app.intents import queue
from admin_app.intents.asked import asked, turned
from admin_app.intents.export import intents_sheet
from core.actor import Actor
from core.clock import now
from core.db import reader, reading, transaction
from core.deals import deciding, protection, queue_views
from core.deals.models import Quote, Review
from core.deals.queries import Sort
from core.deals.states import QuoteStatus, Verdict
from core.mail.models import Mail
from core.partners.models import Partner
from tests.core.deal_acts import make_contact, make_intent, make_plan, make_product, make_quote, make_reseller
from tests.core.deal_acts import make_territory as make_place
from tests.screens import opener, texts

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")
WAITED = (60, 40, 1)
"""Hours that the three deals wait already."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last; ``checked`` are the rows that count as checked."""
    told: dict[str, Any] = {"checked": ()}

    def draw(**options: Any) -> tuple[str, ...]:
        told.update(options)
        return tuple(told["checked"])

    monkeypatch.setattr(queue, "grid", draw)
    return told


@pytest.fixture
def open_page(sqlite_database: str, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody, with the grid in plain sight."""
    return opener(monkeypatch)


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        partner = make_reseller(session, slug="muscat-tech", name="Muscat Tech", default_commission_pct=Decimal("12.5"))
        make_contact(session, partner, name="Salim Al Kindi")
        return partner


@pytest.fixture
def deals(aisha: Actor, reseller: Partner) -> list[UUID]:
    """Three deals that wait, the longest first."""
    with transaction(aisha) as session:
        partner = session.get_one(Partner, reseller.id)
        contact = make_contact(session, partner, name="Huda Al Saadi")
        product, place = make_product(session, name="Ledger"), make_place(session, name="Muscat")
        return [
            make_intent(
                session, partner, contact, customer_name=name, product_id=product.id, territory_id=place.id,
                submitted_at=now() - timedelta(hours=hours), amount=Decimal(amount),
            ).id
            for name, hours, amount in zip(
                ("Bank Sohar", "Nizwa Hospital", "Rustaq College"), WAITED, ("100", "300", "200"), strict=True
            )
        ]  # fmt: skip


@pytest.fixture
def protected(aisha: Actor, deals: list[UUID]) -> UUID:
    """The first deal's customer, protected for somebody else."""
    with transaction(aisha) as session:
        deal = session.get_one(Quote, deals[0])
        other = make_reseller(session, slug="dhofar-soft", name="Dhofar Soft")
        same = {name: getattr(deal, name) for name in ("customer_id", "customer_name", "product_id", "territory_id")}
        held = make_quote(session, other, **same)
        protection.protect(session, held, days=90, at=now())
        return held.id


def pressed(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def standing(by: Actor, deal_id: UUID) -> QuoteStatus:
    with reading(by) as session:
        return session.get_one(Quote, deal_id).status


def confirmed(screen: AppTest, verb: str, *, note: str = "", **fields: Any) -> AppTest:
    """A decision asked for, filled in, and pressed."""
    screen = pressed(screen, f"{verb}…")
    screen.text_area(key="intents.note").set_value(note)
    for key, value in fields.items():
        screen.text_area(key=f"intents.{key}").set_value(value)
    return pressed(screen, f"{verb} DI-0001")


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
        assert columns["Amount"].values[0] == "OMR100.000"
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
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page("deal_intents", member)

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


class TestDeciding:
    def test_an_approval_says_what_it_does_and_goes_on_to_the_next(
        self, open_page: Open, reviewer: Actor, deals: list[UUID]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        assert screen.text_input(key="intents.pct").value == "12.5"
        screen = pressed(screen, "Approve…")
        assert "becomes a quote. Muscat Tech is paid **12\\.5%** of OMR100.000" in texts(screen)
        screen.text_area(key="intents.note").set_value("Well done.")
        screen = pressed(screen, "Approve DI-0001")
        assert screen.toast[0].value == "DI-0001: approved"
        assert screen.query_params["deal"] == [str(deals[1])] or screen.query_params["deal"] == str(deals[1])
        with reading(reviewer) as session:
            quote = session.get_one(Quote, deals[0])
            assert (quote.status, quote.commission_pct, quote.note) == (
                QuoteStatus.DRAFT, Decimal("12.5"), "Well done.",
            )  # fmt: skip
            assert session.scalars(select(Mail).where(Mail.partner_id == quote.partner_id)).all()

    def test_a_plan_may_be_chosen(self, open_page: Open, aisha: Actor, reviewer: Actor, deals: list[UUID]) -> None:
        with transaction(aisha) as session:
            plan = make_plan(session, plan="Growth").id
        screen = open_page("deal_intents", reviewer)
        screen.button_group(key="intents.how").set_value("A plan").run()
        confirmed(screen, "Approve")
        with reading(reviewer) as session:
            assert session.get_one(Quote, deals[0]).plan_version_id == plan

    @pytest.mark.parametrize(("verb", "status"), (("Reject", QuoteStatus.REJECTED), ("Return", QuoteStatus.RETURNED)))
    def test_turning_down_needs_a_word(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], verb: str, status: QuoteStatus
    ) -> None:
        screen = confirmed(open_page("deal_intents", reviewer), verb)
        assert "Say why in a few words" in screen.error[0].value
        screen.text_area(key="intents.note").set_value("Who signs there?")
        pressed(screen, f"{verb} DI-0001")
        assert standing(reviewer, deals[0]) is status

    def test_who_comes_second_reads_who_decided_and_keeps_what_was_typed(
        self, open_page: Open, reviewer: Actor, nora: Actor, deals: list[UUID]
    ) -> None:
        screen = pressed(open_page("deal_intents", reviewer), "Reject…")
        screen.text_area(key="intents.note").set_value("My reason")
        with transaction(nora) as session:
            deciding.reject(session, deals[0], note="Sold by ourselves", version=1, by=nora)
        screen = pressed(screen, "Reject DI-0001")
        assert "Rejected by Nora Al Harthy" in screen.error[0].value
        assert "Nothing changed" in screen.error[0].value

    def test_not_now_changes_nothing(self, open_page: Open, reviewer: Actor, deals: list[UUID]) -> None:
        screen = pressed(pressed(open_page("deal_intents", reviewer), "Approve…"), "Not now")
        assert "Approve DI-0001" not in labels(screen)
        assert standing(reviewer, deals[0]) is QuoteStatus.PENDING


class TestTogether:
    def test_says_what_it_would_decide_then_decides_each_on_its_own(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], protected: UUID, shown: dict[str, Any]
    ) -> None:
        shown["checked"] = [str(one) for one in deals[:2]]
        screen = pressed(open_page("deal_intents", reviewer), "Approve 2 deals…")
        said = texts(screen)
        assert "**2 deals** of 1 partner, OMR400.000 in all." in said
        assert [standing(reviewer, one) for one in deals[:2]] == [QuoteStatus.PENDING] * 2
        screen = pressed(screen, "Approve 2 deals")
        said = texts(screen)
        assert "1 deal approved." in said
        assert "1 deal refused; nothing changed there." in said
        assert "**DI-0001** Bank Sohar" in said
        assert [standing(reviewer, one) for one in deals[:2]] == [QuoteStatus.PENDING, QuoteStatus.DRAFT]
        assert "Close" not in labels(pressed(screen, "Close"))

    def test_leaves_out_what_was_decided_meanwhile(
        self, open_page: Open, reviewer: Actor, nora: Actor, deals: list[UUID], shown: dict[str, Any]
    ) -> None:
        shown["checked"] = [str(one) for one in deals]
        screen = open_page("deal_intents", reviewer)
        with transaction(nora) as session:
            deciding.reject(session, deals[0], note="No", version=1, by=nora)
        screen = pressed(screen, "Return 3 deals…")
        assert "1 deal of those you checked wait no more" in texts(screen)
        screen.text_area(key="intents.bulk.note").set_value("When do they close?")
        pressed(screen, "Return 2 deals")
        assert [standing(reviewer, one) for one in deals] == [
            QuoteStatus.REJECTED, QuoteStatus.RETURNED, QuoteStatus.RETURNED,
        ]  # fmt: skip


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
