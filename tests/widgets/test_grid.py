"""The reviewers' grid in a real browser under the admin app's content policy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Response, expect

from admin_app.widgets.grid import MOST, Column, grid
from tests.browser import visiting
from tests.journeys.people import settled
from tests.servers import ROOT, SERVE, STOP_SECONDS, free_port, wait_until
from tests.widgets.grid_app import HOSTILE
from tests.widgets.kanban_page import is_healthy


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "tests.widgets.grid_app.asgi:app", f"--port={port}", *SERVE]
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"ADDRESS": url})
    try:
        wait_until(lambda: is_healthy(url), what="the start of the grid's app", seconds=40)
        yield url
    finally:
        running.terminate()
        running.wait(STOP_SECONDS)


class Grid:
    """The grid on its page; what the browser complained about is in ``troubles``.

    A grid of other rows is another frame, which stands before the one it replaces until that one is taken away.
    """

    def __init__(self, page: Page, address: str) -> None:
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        self.page, self.troubles = page, list[str]()
        self.answers: list[Response] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        page.on("response", lambda answer: self.answers.append(answer) if "/component/" in answer.url else None)
        page.goto(address)
        self.frame: FrameLocator = page.frame_locator("iframe").first
        expect(self.row("DI-0005")).to_be_visible(timeout=30_000)

    def row(self, reference: str) -> Locator:
        return self.frame.locator(".ag-center-cols-container .ag-row", has_text=reference)

    def cell(self, row: int, column: str) -> Locator:
        return self.frame.locator(f".ag-row[row-index='{row}'] .ag-cell[col-id='{column}']")

    def check(self, row: int) -> None:
        self.frame.locator(f".ag-row[row-index='{row}'] .ag-checkbox-input").click()

    def press(self, *places: str) -> None:
        """Press places of the newest frame at once, without leaving the server time between them."""
        self.frame.locator("body").evaluate(
            "(body, places) => places.forEach(place => body.querySelector(place).click())", list(places)
        )

    def expect_turned(self, column: str) -> None:
        expect(self.frame.locator(f".ag-header-cell[col-id='{column}']", has_text="↓")).to_be_visible()
        expect(self.page.locator("iframe")).to_have_count(1)

    def expect_said(self, words: str) -> None:
        expect(self.page.get_by_text(words, exact=True)).to_be_visible(timeout=10_000)
        settled(self.page)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Grid]:
    with visiting(browser) as page:
        shown = Grid(page, address)
        yield shown
        assert [trouble for trouble in shown.troubles if "WebAssembly" not in trouble] == []


class TestGrid:
    def test_opens_what_is_pressed_and_what_the_arrow_keys_reach(self, opened: Grid) -> None:
        opened.cell(2, "Reference").click()
        opened.expect_said("Opened: id2")
        opened.page.keyboard.press("ArrowDown")
        opened.expect_said("Opened: id3")
        expect(opened.frame.locator(".ag-row[row-index='3']").last).to_have_css("font-weight", "600")

    def test_checks_rows_without_opening_them_and_keeps_the_checks_in_another_order(self, opened: Grid) -> None:
        opened.check(1)
        opened.expect_said("Checked: id1")
        opened.check(4)
        opened.expect_said("Checked: id1, id4")
        opened.expect_said("Opened: none")
        opened.frame.locator(".ag-header-cell[col-id='Reference']").click()
        opened.expect_turned("Reference")
        opened.expect_said("Checked: id4, id1")
        expect(opened.cell(0, "Reference")).to_have_text("DI-0039")
        opened.page.get_by_role("button", name="Uncheck").click()
        opened.expect_said("Checked: none")

    def test_keeps_a_check_that_a_heading_is_pressed_right_after(self, opened: Grid) -> None:
        opened.press(".ag-row[row-index='1'] .ag-checkbox-input", ".ag-header-cell[col-id='Reference']")
        opened.expect_turned("Reference")
        opened.expect_said("Checked: id1")
        expect(opened.row("DI-0039")).to_be_visible()

    def test_shows_what_people_typed_as_text_and_tints_rows(self, opened: Grid) -> None:
        expect(opened.cell(0, "Customer")).to_have_text(HOSTILE)
        assert "run" not in (opened.page.title(), opened.page.frames[-1].title())
        expect(opened.cell(2, "Clock")).to_have_css("color", "rgb(168, 32, 26)")
        expect(opened.cell(3, "Clock")).to_have_css("color", "rgb(11, 18, 20)")

    def test_lets_browsers_keep_its_files(self, opened: Grid) -> None:
        kept = {one.url.rpartition("/")[2]: one.headers["cache-control"] for one in opened.answers}
        assert kept.pop(next(name for name in kept if name.startswith("main.") and name.endswith(".js"))) == (
            "private, max-age=31536000, immutable"
        )
        assert kept.pop(next(name for name in kept if name.startswith("index.html"))) == "no-store"


def test_takes_no_more_rows_than_a_page() -> None:
    ids = [str(number) for number in range(MOST + 1)]
    with pytest.raises(ValueError, match=r"A grid takes 200 rows; these are 201\."):
        grid(columns={"Number": Column(ids)}, ids=ids, key="grid", on_open=print)
