"""Deciding deals on the review queue's page: one at a time, and several together."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from admin_app.intents import queue
from core.actor import Actor
from core.db import reading, transaction
from core.deals import deciding
from core.deals.models import Quote
from core.deals.states import QuoteStatus
from core.mail.models import Mail
from tests.core.deal_acts import make_plan
from tests.screens import texts
from tests.screens.deal_queue import confirmed, labels, pressed, standing

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


class TestDeciding:
    def test_an_approval_says_what_it_does_and_goes_on_to_the_next(
        self, open_page: Open, reviewer: Actor, deals: list[UUID]
    ) -> None:
        screen = open_page("deal_intents", reviewer)
        assert screen.text_input(key="intents.pct").value == "12.5"
        screen = pressed(screen, "Approve…")
        assert "becomes a quote. Muscat Tech is paid **12\\.5%** of OMR\u00a0100.000" in texts(screen)
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


class TestKeys:
    @pytest.fixture
    def told(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """What the line of keys was told last."""
        told: dict[str, Any] = {}
        monkeypatch.setattr(queue, "keys", lambda **options: told.update(options))
        return told

    def test_press_the_buttons_of_the_deal_that_is_open(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], told: dict[str, Any]
    ) -> None:
        screen = open_page("deal_intents", reviewer, deal=str(deals[1]))
        pressed = {letter: screen.button(key=key).label for letter, key in told["buttons"].items()}
        assert pressed == {"a": "Approve…", "r": "Reject…", "t": "Return…"}
        assert (told["grid"], told["row"]) == (queue.KEY, 1)
        assert told["words"] == [("JK", "down and up"), ("A", "approve"), ("R", "reject"), ("T", "return")]

    def test_only_move_for_who_decides_nothing(
        self, open_page: Open, analyst: Actor, deals: list[UUID], told: dict[str, Any]
    ) -> None:
        open_page("deal_intents", analyst)
        assert told["buttons"] == {}
        assert told["words"] == [("JK", "down and up")]


class TestTogether:
    def test_says_what_it_would_decide_then_decides_each_on_its_own(
        self, open_page: Open, reviewer: Actor, deals: list[UUID], protected: UUID, shown: dict[str, Any]
    ) -> None:
        shown["checked"] = [str(one) for one in deals[:2]]
        screen = pressed(open_page("deal_intents", reviewer), "Approve 2 deals…")
        said = texts(screen)
        assert "**2 deals** of 1 partner, OMR\u00a0400.000 in all." in said
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
