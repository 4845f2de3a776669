"""The page with the pipeline board on it, in the words of the tests, and the server that shows it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests.servers import ROOT, STOP_SECONDS, free_port, wait_until


@contextmanager
def serving(script: Path) -> Iterator[str]:
    """The address of a server that shows one script."""
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", "--server.headless=true",
        "--server.address=127.0.0.1", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none",
    ]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_healthy(url), what="the start of the board's app", seconds=40)
        yield url
    finally:
        running.terminate()
        running.wait(STOP_SECONDS)


def is_healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stcore/health").is_success
    except httpx.TransportError:
        return False


class Board:
    """One browser page; what goes wrong in it is kept in `troubles`."""

    def __init__(self, browser: Browser, server: str, *, has_touch: bool = False) -> None:
        self.server = server
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900}, has_touch=has_touch)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda sent: self.troubles.append(sent.url) if not self.is_ours(sent.url) else None)

    def is_ours(self, url: str) -> bool:
        return url.startswith((self.server, self.server.replace("http", "ws", 1), "blob:", "data:"))

    def open(self, query: str = "") -> Board:
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

    def finger_drag(self, card_id: str, to: str) -> None:
        """Rest a finger on a card, carry it, let go."""
        start, end = self.card(card_id).bounding_box(), self.column(to).bounding_box()
        assert start
        assert end
        finger = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *at: float) -> None:
            points = [{"x": at[0], "y": at[1]}] if at else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        x, y = start["x"] + 60, start["y"] + 40
        touch("touchStart", x, y)
        self.page.wait_for_timeout(300)
        for step in range(1, 11):
            touch("touchMove", x + (end["x"] + 40 - x) * step / 10, y + 15)
        self.page.wait_for_timeout(50)
        touch("touchEnd")

    def seconds_to_show(self, query: str) -> float:
        """From the request until the page, and the first cards if there are any, are painted."""
        started = time.perf_counter()
        self.page.goto(f"{self.server}/?embed=true&{query}")
        self.page.get_by_text("Heard:").wait_for()
        if "n=" in query:
            self.page.locator("li.card").first.wait_for()
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.perf_counter() - started
