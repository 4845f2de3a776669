"""The board and its table: filled, empty, refused; and what a dropped card asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from admin_app.widgets import kanban
from core.actor import Actor
from core.db import reading, transaction
from core.partners import queries
from core.partners.models import Partner
from core.partners.moves import Answer, move
from core.partners.pipeline import Status
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


@dataclass
class Board:
    """The board as the page drew it last; ``drop`` is what the next run's button does, as a hand would."""

    drawn: dict[str, Any] = field(default_factory=dict)
    drop: kanban.Move | None = None
    open: str = ""

    def draw(self, **given: Any) -> None:
        """Stand in for the board: keep what it was given, and offer the drop as a button."""
        self.drawn = given
        st.button("Drop", key="drop", on_click=lambda: given["on_move"](self.drop))
        st.button("Open", key="open", on_click=lambda: given["on_open"](self.open))

    @property
    def cards(self) -> dict[str, kanban.Card]:
        """What is on it, by title."""
        return {card.title: card for card in self.drawn["cards"]}


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    found = Board()
    monkeypatch.setattr(kanban, "kanban", found.draw)
    return found


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return opener(monkeypatch)


def drop(screen: AppTest, board: Board, partner: Partner, to: Status, *, version: int = 1) -> AppTest:
    """Drop a card on a column."""
    board.drop = kanban.Move(str(partner.id), to.value, version)
    return screen.button(key="drop").click().run()


def press(screen: AppTest, label: str) -> AppTest:
    """Press the button of a dialog or a form."""
    return next(button for button in screen.button if button.label == label).click().run()


def status_of(actor: Actor, partner: Partner) -> Status:
    with reading(actor) as session:
        return queries.partner(session, partner.id).status


def standing(actor: Actor, status: Status, **facts: Any) -> Partner:
    with transaction(actor) as session:
        return make_partner(session, status=status, **facts)


class TestBoard:
    def test_shows_each_partner_with_what_one_needs_to_know(self, clock, partner, aisha, board, open_page):
        clock.forward(days=20)
        screen = open_page("partnerships", aisha)
        card = board.cards["Salalah Retail"]
        assert (card.column, card.owner, card.age, card.stale, card.version) == ("draft", "AB", "20 d", True, 1)
        assert card.href == f"/partner?id={partner.id}"
        assert [column.subtitle for column in board.drawn["columns"]][:2] == ["1 · median 20 d", "0"]
        assert "1 partner, 1 stuck" in texts(screen)

    def test_is_replaced_by_a_beginning_when_there_is_nobody(self, aisha, board, open_page):
        screen = open_page("partnerships", aisha)
        assert "There are no partners yet." in texts(screen)
        assert board.drawn == {}
        press(screen, "Add the first partner")
        assert screen.session_state["adding.open"]

    def test_takes_its_filters_from_the_address(self, partner, nora, board, open_page):
        standing(nora, Status.PROPOSAL_SENT, name="Bank Sohar", owner_id=nora.id)
        screen = open_page("partnerships", nora)
        assert set(board.cards) == {"Salalah Retail", "Bank Sohar"}
        screen.query_params["owner"] = str(nora.id)
        screen.run()
        assert set(board.cards) == {"Bank Sohar"}

    def test_puts_a_filter_in_the_address(self, partner, aisha, board, open_page):
        screen = open_page("partnerships", aisha)
        screen.text_input(key="partnerships.text").input("nobody").run()
        assert screen.query_params["text"] == "nobody"
        assert "No partner passes these filters." in texts(screen)
        press(screen, "Clear the filters")
        assert set(board.cards) == {"Salalah Retail"}

    def test_opens_a_partner(self, partner, aisha, board, open_page):
        screen = open_page("partnerships", aisha)
        board.open = str(partner.id)
        screen.button(key="open").click().run()
        assert screen.title[0].value == "Salalah Retail"

    @pytest.mark.parametrize("who", ("analyst", "reviewer"))
    def test_cannot_be_moved_by_those_who_only_read(self, request, partner, who, board, open_page):
        actor: Actor = request.getfixturevalue(who)
        screen = open_page("partnerships", actor)
        assert board.drawn["moves"] == {}
        assert board.drawn["read_only"]
        assert "Add partner" not in [button.label for button in screen.button]
        drop(screen, board, partner, Status.ON_HOLD)
        assert status_of(actor, partner) is Status.DRAFT

    def test_is_not_offered_to_members(self, member, open_page):
        assert is_closed(open_page("partnerships", member))

    def test_shows_the_same_partners_as_a_table(self, partner, aisha, board, open_page):
        screen = open_page("partnerships", aisha)
        screen.segmented_control(key="partnerships.view").set_value("Table").run()
        (row,) = screen.dataframe[0].value.to_dict("records")
        assert (row["Stage"], row["Owner"]) == ("Draft", "Aisha Al Balushi")
        assert row["Partner"] == f"/partner?id={partner.id}#Salalah%20Retail"
        assert screen.query_params["view"] == "Table"


class TestDrop:
    def test_moves_at_once_what_asks_nothing(self, aisha, board, open_page):
        partner = standing(aisha, Status.PROPOSAL_SENT)
        drop(open_page("partnerships", aisha), board, partner, Status.MEETING_SCHEDULED)
        assert status_of(aisha, partner) is Status.MEETING_SCHEDULED
        assert board.cards[partner.name].column == "meeting_scheduled"

    def test_sends_a_card_back_with_a_sentence(self, partner, aisha, board, open_page):
        screen = drop(open_page("partnerships", aisha), board, partner, Status.ACTIVE)
        assert board.drawn["notice"] == "From Draft you can go to: Proposal sent, On hold."
        assert board.cards[partner.name].column == "draft"
        screen.run()
        assert board.drawn["notice"] is None

    def test_tells_the_second_admin_what_the_first_did(self, clock, partner, aisha, nora, board, open_page):
        screen = open_page("partnerships", nora)
        with transaction(aisha) as session:
            move(session, partner.id, to=Status.PROPOSAL_SENT, version=1, answer=Answer("Courier"), by=aisha)
        drop(screen, board, partner, Status.ON_HOLD)
        assert board.drawn["notice"].startswith("Moved to Proposal sent by Aisha Al Balushi at 12:00")
        assert board.cards[partner.name].column == "proposal_sent"

    def test_asks_how_it_was_sent(self, partner, aisha, board, open_page):
        screen = drop(open_page("partnerships", aisha), board, partner, Status.PROPOSAL_SENT)
        assert status_of(aisha, partner) is Status.DRAFT
        press(screen, "Move")
        assert "Say why in a few words." in texts(screen)
        screen.text_area(key="moving.reason").input("Handed over")
        press(screen, "Move")
        assert status_of(aisha, partner) is Status.PROPOSAL_SENT

    def test_asks_for_the_day_the_mou_was_signed(self, clock, aisha, board, open_page):
        partner = standing(aisha, Status.NDA_SIGNED)
        screen = drop(open_page("partnerships", aisha), board, partner, Status.MOU_SIGNED)
        screen.date_input(key="moving.on").set_value(date(2026, 11, 3))
        press(screen, "Move")
        with reading(aisha) as session:
            assert queries.partner(session, partner.id).mou_signed_at == date(2026, 11, 3)

    def test_names_the_consequence_of_winning(self, aisha, board, open_page):
        partner = standing(aisha, Status.MOU_SIGNED)
        screen = drop(open_page("partnerships", aisha), board, partner, Status.ACTIVE)
        assert "cannot be moved a step back" in texts(screen)
        press(screen, "Close as won")
        assert status_of(aisha, partner) is Status.ACTIVE

    def test_asks_whether_it_was_lost_or_stalled_and_why(self, partner, aisha, board, open_page):
        screen = drop(open_page("partnerships", aisha), board, partner, Status.ON_HOLD)
        screen.text_area(key="moving.reason").input("No budget")
        press(screen, "Close the partnership")
        assert "Say whether the deal was lost or stalled." in texts(screen)
        screen.radio(key="moving.hold").set_value("lost")
        press(screen, "Close the partnership")
        with reading(aisha) as session:
            record = queries.partner(session, partner.id)
        assert (record.status, record.hold_reason) == (Status.ON_HOLD, "lost")

    def test_answered_too_late_shows_the_new_state(self, clock, partner, aisha, nora, board, open_page):
        screen = drop(open_page("partnerships", nora), board, partner, Status.ON_HOLD)
        with transaction(aisha) as session:
            move(session, partner.id, to=Status.PROPOSAL_SENT, version=1, answer=Answer("Courier"), by=aisha)
        screen.text_area(key="moving.reason").input("No budget")
        screen.radio(key="moving.hold").set_value("lost")
        press(screen, "Close the partnership")
        assert board.drawn["notice"].startswith("Moved to Proposal sent by Aisha Al Balushi")
        assert status_of(nora, partner) is Status.PROPOSAL_SENT


class TestAdd:
    def test_adds_a_partner_and_opens_it(self, aisha, board, open_page):
        screen = press(open_page("partnerships", aisha), "Add the first partner")
        screen.text_input(key="adding.name").input("Gulf Steel")
        screen.text_input(key="adding.contact_email").input("Ali@Gulf-Steel.om")
        next(button for button in screen.button if button.form_id == "adding").click().run()
        assert screen.title[0].value == "Gulf Steel"
        with reading(aisha) as session:
            (found,) = queries.cards(session)
            assert queries.partner(session, found.id).profile.contact_email == "ali@gulf-steel.om"

    def test_keeps_what_was_typed_when_it_cannot_be_added(self, aisha, board, open_page):
        screen = press(open_page("partnerships", aisha), "Add the first partner")
        screen.text_input(key="adding.name").input("Gulf Steel")
        screen.text_input(key="adding.contact_email").input("nobody")
        next(button for button in screen.button if button.form_id == "adding").click().run()
        assert "Contact e-mail does not look like name@company.com" in texts(screen)
        assert screen.text_input(key="adding.name").value == "Gulf Steel"
        with reading(aisha) as session:
            assert queries.cards(session) == []
