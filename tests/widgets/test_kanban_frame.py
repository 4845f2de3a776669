"""The pipeline board as a whole: what fits a screen, and a board that is only read."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.widgets.kanban_page import Board


def test_a_board_that_is_only_read_lets_no_card_be_picked_up(board: Board) -> None:
    board.open("fixed=1")
    board.drag("c0", to="sent")
    expect(board.page.locator(".lifted, .pending")).to_have_count(0)
    board.expect_in("c0", "draft")
    expect(board.card("c0").locator(".move")).to_be_hidden()
    board.focus("c0")
    board.press("m")
    expect(board.page.locator(".menu")).to_be_hidden()
    board.press("Enter")
    expect(board.page.get_by_text("Heard:")).to_have_text(re.compile(r"^Heard: [^>]*open c0$"))


def test_all_columns_of_a_pipeline_stand_beside_each_other_on_a_laptop(board: Board) -> None:
    board.page.set_viewport_size({"width": 1050, "height": 800})
    board.open()
    assert board.page.locator(".columns").evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    closed = board.page.locator("section.lane", has_text="Closed").bounding_box()
    draft = board.page.locator("section.lane", has_text="Draft").first.bounding_box()
    assert closed
    assert draft
    assert closed["width"] < draft["width"]


def test_a_phone_shows_one_column_and_a_hint_of_the_next_without_scrolling_the_page(board: Board) -> None:
    board.page.set_viewport_size({"width": 390, "height": 800})
    board.open()
    draft, sent = board.column("draft").bounding_box(), board.column("sent").bounding_box()
    assert draft
    assert sent
    assert draft["width"] > 250
    assert sent["x"] < 390
    assert board.page.evaluate("document.documentElement.scrollWidth") <= 390
