"""The pipeline board in a real browser: what a hand, a keyboard and a screen reader can do with it, and how fast it paints."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from admin_app.widgets import kanban as widget
from admin_app.widgets.kanban import Card, Column, Move

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
DARK = "embed_options=dark_theme"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("kanban_app.py")),
        "--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}",
        "--browser.gatherUsageStats=false", "--server.fileWatcherType=none",
    ]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url)
        yield url
    finally:
        running.terminate()
        running.wait(10)


def wait_until_healthy(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health") as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("the board's app did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def board(browser: Browser, server: str) -> Iterator["Board"]:
    opened = Board(browser, server)
    yield opened
    opened.page.close()
    assert opened.troubles == []


class Board:
    """The page with the board on it, in the words of the tests."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.server = server
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda sent: self.troubles.append(sent.url) if not self.is_ours(sent.url) else None)

    def is_ours(self, url: str) -> bool:
        return url.startswith((self.server, self.server.replace("http", "ws"), "blob:", "data:"))

    def open(self, query: str = "") -> "Board":
        self.page.goto(f"{self.server}/?embed=true&{query}")
        self.page.locator("section.board .head").first.wait_for(timeout=30_000)
        return self

    def card(self, card_id: str) -> Locator:
        return self.page.locator(f"li[data-id={card_id}]:not(.lifted)")

    def column(self, key: str) -> Locator:
        return self.page.locator(f"ul[data-column={key}]")

    def focus(self, card_id: str) -> None:
        self.card(card_id).locator(".title").focus()

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def drag(self, card_id: str, to: str) -> None:
        start, end = self.card(card_id).bounding_box(), self.column(to).bounding_box()
        assert start
        assert end
        mouse = self.page.mouse
        mouse.move(start["x"] + 60, start["y"] + 40)
        mouse.down()
        mouse.move(start["x"] + 75, start["y"] + 50, steps=4)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + 150, steps=10)
        self.page.wait_for_timeout(50)
        mouse.up()

    def expect_in(self, card_id: str, key: str) -> None:
        expect(self.column(key).locator(f"li[data-id={card_id}]:not(.pending)")).to_have_count(1)
        expect(self.card(card_id)).to_have_count(1)

    def expect_focus(self, card_id: str) -> None:
        expect(self.card(card_id).locator(".title")).to_be_focused()

    def expect_heard(self, text: str) -> None:
        expect(self.page.get_by_text("Heard:")).to_have_text(f"Heard: {text}".strip())

    def expect_said(self, text: str) -> None:
        expect(self.page.locator(".spoken")).to_have_text(text)


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
        expect(board.card("c0").locator(".back")).to_have_text("Moved back")

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
        board.open("slow=1")
        board.drag("c0", to="active")
        board.drag("c0", to="hold")
        board.expect_in("c0", "draft")
        board.expect_heard("c0>active@1")

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
    found = Axe().run(board.page, context="[data-testid=stBidiComponentIsolated]").response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == []


def test_a_phone_shows_one_column_and_a_hint_of_the_next_without_scrolling_the_page(board: Board) -> None:
    board.page.set_viewport_size({"width": 390, "height": 800})
    board.open()
    draft, sent = board.column("draft").bounding_box(), board.column("sent").bounding_box()
    assert draft
    assert sent
    assert draft["width"] > 250
    assert sent["x"] < 390
    assert board.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("count", (50, 1000, 5000))
def test_a_thousand_cards_paint_about_as_fast_as_none(board: Board, count: int) -> None:
    empty = min(seconds_to_show(board, "board=0") for _ in range(3))
    full = min(seconds_to_show(board, f"n={count}") for _ in range(3))
    print(f"{count} cards: {full:.2f} s, the page without a board: {empty:.2f} s")
    assert full - empty < 2


def seconds_to_show(board: Board, query: str) -> float:
    started = time.perf_counter()
    board.page.goto(f"{board.server}/?embed=true&{query}")
    board.page.get_by_text("Heard:").wait_for()
    if "n=" in query:
        board.page.locator("li.card").first.wait_for()
    board.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - started


class TestPython:
    """What needs no browser: the payload, and what is let through from one."""

    columns = (Column("draft", "Draft"), Column("sent", "Sent"))
    card = Card(
        id="0192f1aa-7c1e-7b7a-9b0e-2f6d1c0a9e55", column="draft", version=3, title="شركة الخليج للتقنية", owner="SA",
        owner_name="Salim Al Amri", views="12 views, 3 today", activity="Last activity 4 d", age="9 d in stage",
        next_action="Send the NDA", href="/partners?id=0192f1aa-7c1e-7b7a-9b0e-2f6d1c0a9e55",
    )  # fmt: skip

    def test_fifty_cards_weigh_under_30_kib(self) -> None:
        words = dict.fromkeys(widget.WORDS, "some words of this length")
        cards = [replace(self.card, id=f"{n:036}") for n in range(50)]
        size = len(json.dumps(widget._payload(self.columns, cards, {"draft": ["sent"]}, words)))
        print(f"50 cards: {size / 1024:.1f} KiB")
        assert size < 30 * 1024

    def test_a_missing_word_is_named(self) -> None:
        words = dict.fromkeys(widget.WORDS - {"lost"}, "x")
        with pytest.raises(ValueError, match="no words for: lost"):
            widget.kanban(
                columns=[], cards=[], moves={}, words=words, on_move=lambda move: None, on_open=lambda card_id: None
            )

    def test_a_move_of_a_shown_card_is_let_through(self) -> None:
        event = {"id": self.card.id, "to": "sent", "version": 3}
        assert widget._move(event, self.columns, [self.card]) == Move(card_id=self.card.id, to="sent", version=3)

    @pytest.mark.parametrize("forged", ({"id": "x"}, {"to": "x"}, {"version": "3"}, {"version": True}, {"id": None}))
    def test_a_forged_move_is_dropped(self, forged: dict[str, object]) -> None:
        event = {"id": self.card.id, "to": "sent", "version": 3} | forged
        assert widget._move(event, self.columns, [self.card]) is None
