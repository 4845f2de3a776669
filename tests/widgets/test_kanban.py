"""The pipeline board in a real browser: what a hand, a keyboard and a screen reader can do with it, how fast it is."""

from __future__ import annotations

import logging

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.widgets.kanban_page import Board

LOG = logging.getLogger(__name__)
DARK = "embed_options=dark_theme"


class TestMoving:
    def test_a_drag_moves_the_card_and_tells_the_version_seen(self, board: Board) -> None:
        board.open()
        board.drag("c0", to="sent")
        board.expect_in("c0", "sent")
        board.expect_heard("c0>sent@1")
        board.expect_said("Bank Sohar 0 is now in Proposal sent")
        expect(board.page.locator("section.lane", has_text="Proposal sent").locator(".subtitle")).to_have_text(
            "5 · median 4 d"
        )

    def test_alt_arrow_moves_to_the_next_column_that_is_allowed(self, board: Board) -> None:
        board.open()
        board.focus("c1")
        board.press("Alt+ArrowRight")
        board.expect_in("c1", "talks")
        board.expect_focus("c1")
        board.press("Alt+ArrowRight")
        board.expect_in("c1", "mou")
        board.expect_heard("c1>talks@2 | c1>mou@3")
        board.expect_focus("c1")

    def test_alt_arrow_says_so_when_nothing_is_open_that_way(self, board: Board) -> None:
        board.open()
        board.focus("c0")
        board.press("Alt+ArrowLeft")
        board.expect_said("No other stage is open from here")
        board.expect_heard("")

    def test_the_menu_offers_the_allowed_columns_and_keeps_the_focus(self, board: Board) -> None:
        board.open()
        board.focus("c0")
        board.press("m")
        expect(board.page.get_by_role("menuitem")).to_have_text(["Proposal sent", "On hold"])
        board.press("ArrowDown")
        board.press("Enter")
        board.expect_in("c0", "hold")
        board.expect_focus("c0")

    def test_escape_closes_the_menu_and_returns_to_the_card(self, board: Board) -> None:
        board.open()
        board.card("c0").get_by_role("button").click()
        board.press("Escape")
        expect(board.page.get_by_role("menu")).to_be_hidden()
        board.expect_focus("c0")
        board.expect_heard("")

    def test_a_refused_move_puts_the_card_back_and_says_why(self, board: Board) -> None:
        board.open()
        board.drag("c0", to="active")
        board.expect_in("c0", "draft")
        reason = "From Draft you can go to: Proposal sent, On hold"
        expect(board.page.locator(".notice")).to_have_text(reason)
        expect(board.page.locator(".notice")).to_be_visible()
        board.expect_said(reason)
        expect(board.card("c0").locator(".back")).to_have_text("Not moved")

    def test_the_next_move_clears_the_refusal(self, board: Board) -> None:
        board.open()
        board.drag("c0", to="active")
        expect(board.page.locator(".notice")).to_be_visible()
        board.drag("c0", to="sent")
        board.expect_in("c0", "sent")
        expect(board.page.locator(".notice")).to_be_hidden()
        expect(board.page.locator(".back")).to_have_count(0)

    def test_the_same_refusal_twice_is_said_twice(self, board: Board) -> None:
        board.open()
        for _ in range(2):
            board.drag("c0", to="active")
            expect(board.page.locator(".notice")).to_be_visible()
            board.expect_said("From Draft you can go to: Proposal sent, On hold")
        board.expect_heard("c0>active@1 | c0>active@1")

    def test_two_moves_in_a_row_leave_nothing_stale(self, board: Board) -> None:
        board.open("slow=1")
        board.focus("c0")
        board.press("Alt+ArrowRight")
        board.focus("c2")
        board.press("Alt+ArrowRight")
        expect(board.page.locator("li.pending")).to_have_count(2)
        board.expect_in("c0", "sent")
        board.expect_in("c2", "mou")
        board.expect_heard("c0>sent@1 | c2>mou@3")
        expect(board.page.locator("li.pending")).to_have_count(0)
        board.expect_focus("c2")

    def test_the_same_card_moved_twice_before_the_answer_is_sent_with_the_new_version(self, board: Board) -> None:
        board.open("slow=1")
        board.focus("c1")
        board.press("Alt+ArrowRight")
        board.press("Alt+ArrowRight")
        board.expect_in("c1", "mou")
        board.expect_heard("c1>talks@2 | c1>mou@3")

    def test_a_move_after_a_refused_one_of_the_same_card_is_not_sent(self, board: Board) -> None:
        board.open("slow=3")  # Longer than both drags take, so that the second meets the first unanswered.
        board.drag("c0", to="active")
        board.drag("c0", to="hold")
        board.expect_in("c0", "draft")
        board.expect_heard("c0>active@1")

    def test_a_move_answered_by_a_question_puts_the_card_back_without_a_refusal(self, board: Board) -> None:
        board.open("ask=closed")
        board.focus("c1")
        board.press("m")
        board.press("End")
        board.press("Enter")
        board.expect_heard("c1>closed@2")
        board.expect_in("c1", "sent")
        expect(board.page.locator(".back")).to_have_count(0)
        expect(board.page.locator(".notice")).to_be_hidden()

    def test_a_card_that_disappears_while_it_moves_leaves_a_working_board(self, board: Board) -> None:
        board.open("gone=hold")
        board.focus("c0")
        board.press("m")
        board.press("End")
        board.press("Enter")
        board.expect_heard("c0>hold@1")
        expect(board.card("c0")).to_have_count(0)
        board.expect_focus("c5")
        board.focus("c1")
        board.press("Alt+ArrowRight")
        board.expect_in("c1", "talks")

    def test_a_move_without_an_answer_is_given_up_and_a_late_answer_still_counts(self, board: Board) -> None:
        board.page.clock.install()
        board.open("slow=3")
        board.focus("c0")
        board.press("Alt+ArrowRight")
        expect(board.page.locator("li.pending")).to_have_count(1)
        board.page.clock.fast_forward(21_000)
        expect(board.page.locator(".notice")).to_have_text(
            "The move was not confirmed. Check the connection and try again."
        )
        board.expect_in("c0", "draft")
        board.expect_in("c0", "sent")
        expect(board.page.locator(".notice")).to_be_hidden()

    def test_a_card_carried_to_the_border_scrolls_the_board(self, board: Board) -> None:
        board.page.set_viewport_size({"width": 700, "height": 900})
        board.open()
        assert (board.column("closed").bounding_box() or {"x": 0})["x"] > 700
        start = board.card("c1").bounding_box()
        assert start
        board.page.mouse.move(start["x"] + 60, start["y"] + 40)
        board.page.mouse.down()
        board.page.mouse.move(start["x"] + 75, start["y"] + 50, steps=4)
        board.page.mouse.move(665, start["y"] + 100, steps=10)
        expect(board.page.locator("section.lane", has_text="Closed")).to_be_in_viewport(ratio=0.5)
        board.page.mouse.move(625, start["y"] + 120, steps=4)
        board.page.mouse.up()
        board.expect_in("c1", "closed")

    def test_a_finger_that_rests_on_a_card_carries_it(self, browser: Browser, server: str) -> None:
        board = Board(browser, server, has_touch=True).open()
        board.finger_drag("c0", to="sent")
        board.expect_in("c0", "sent")
        board.expect_heard("c0>sent@1")
        board.page.context.close()

    def test_a_run_for_another_reason_does_not_bring_a_moved_card_back(self, board: Board) -> None:
        board.open()
        board.drag("c0", to="sent")
        board.expect_in("c0", "sent")
        board.page.get_by_role("button", name="Run again").click()
        board.page.wait_for_timeout(500)
        board.expect_in("c0", "sent")


class TestLookingAround:
    def test_arrows_go_from_card_to_card_and_column_to_column(self, board: Board) -> None:
        board.open()
        board.focus("c0")
        for key, card_id in (("ArrowDown", "c6"), ("ArrowRight", "c7"), ("ArrowUp", "c1"), ("ArrowLeft", "c0")):
            board.press(key)
            board.expect_focus(card_id)
        board.press("End")
        board.expect_focus("c18")

    def test_tab_reaches_one_card_only_and_then_leaves(self, board: Board) -> None:
        board.open()
        board.focus("c7")
        board.press("Tab")
        expect(board.card("c7").get_by_role("button")).to_be_focused()
        board.press("Tab")
        expect(board.page.get_by_role("button", name="Run again")).to_be_focused()

    def test_enter_and_a_click_open_the_card_without_leaving_the_page(self, board: Board) -> None:
        board.open()
        board.focus("c7")
        board.press("Enter")
        board.expect_heard("open c7")
        board.card("c1").click()
        board.expect_heard("open c7 | open c1")
        expect(board.card("c1").locator(".title")).to_have_attribute("href", "/partner?id=1")

    def test_a_drag_does_not_open_the_card(self, board: Board) -> None:
        board.open()
        board.drag("c0", to="sent")
        board.expect_in("c0", "sent")
        board.expect_heard("c0>sent@1")

    def test_a_name_with_markup_stays_text(self, board: Board) -> None:
        board.open()
        expect(board.card("c3").locator(".title")).to_have_text("Dhofar Insurance <b> 3")
        expect(board.page.locator("section.board b")).to_have_count(0)

    def test_an_empty_column_says_so(self, board: Board) -> None:
        board.open()
        expect(board.page.locator("section.lane", has_text="Closed").locator(".empty")).to_have_text("No partners here")

    def test_more_cards_come_on_scroll(self, board: Board) -> None:
        board.open("n=1000")
        column = board.column("draft")
        first = column.locator("li").count()
        assert 50 <= first < 140
        for _ in range(4):
            board.page.locator("section.lane").first.locator(".body").evaluate("body => body.scrollTo(0, 1e6)")
            board.page.wait_for_timeout(100)
        assert column.locator("li").count() > 140


class TestRightToLeft:
    def test_the_columns_and_the_keys_are_mirrored(self, board: Board) -> None:
        board.open("dir=rtl")
        expect(board.page.locator("html")).to_have_attribute("dir", "rtl")
        draft, sent = board.column("draft").bounding_box(), board.column("sent").bounding_box()
        assert draft
        assert sent
        assert draft["x"] > sent["x"]
        board.focus("c0")
        board.press("ArrowLeft")
        board.expect_focus("c1")
        board.press("Alt+ArrowLeft")
        board.expect_in("c1", "talks")
        board.drag("c0", to="sent")
        board.expect_in("c0", "sent")


@pytest.mark.parametrize("width", (1280, 390))
@pytest.mark.parametrize("query", ("", DARK, "dir=rtl"))
def test_axe_finds_nothing_serious(board: Board, query: str, width: int) -> None:
    board.page.set_viewport_size({"width": width, "height": 900})
    board.open(query)
    board.drag("c0", to="sent") if width > 390 else board.focus("c0")
    board.press("m")
    assert axe(board.page, within="[data-testid=stBidiComponentIsolated]") == []


@pytest.mark.parametrize("count", (50, 1000, 5000))
def test_a_thousand_cards_paint_about_as_fast_as_none(board: Board, count: int) -> None:
    empty = min(board.seconds_to_show("board=0") for _ in range(3))
    full = min(board.seconds_to_show(f"n={count}") for _ in range(3))
    LOG.info("%d cards: %.2f s, the page without a board: %.2f s", count, full, empty)
    assert full - empty < 2
