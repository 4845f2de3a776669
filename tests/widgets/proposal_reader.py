"""Somebody reading the proposal page in a real browser, and what the server was told of it."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import complaints, visiting
from tests.servers import ROOT, Process, free_port, wait_until

SHOW = "document.querySelector('.st-key-section-{}').scrollIntoView({{block: 'start', behavior: 'instant'}})"
HIDE = """state => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a proposal page with the portal's own theme, served from a new folder."""
    shutil.copytree(Path(__file__).with_name("proposal_app"), folder)
    shutil.copytree(ROOT / "portal_app" / ".streamlit", folder / ".streamlit")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--app-dir", str(folder), "--port", str(port)]
    process = Process("proposal", command, environment=os.environ | {"PYTHONPATH": str(ROOT)}, log=folder / "log")
    process.start()
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url), what="the proposal's app", seconds=40)
        yield url
    finally:
        process.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stcore/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


class Reader:
    """Somebody reading one visit's page, and what the server was told of it."""

    def __init__(self, page: Page, server: str, visit: str) -> None:
        self.page, self.server, self.visit = page, server, visit

    def open(self, **query: object) -> "Reader":
        """Open the page and wait until the rail has found every section."""
        address = httpx.URL(self.server, params={"visit": self.visit} | {k: str(v) for k, v in query.items()})
        self.page.goto(str(address))
        return self.settled()

    def settled(self) -> "Reader":
        expect(self.page.locator("nav.rail li:not([hidden])")).to_have_count(9, timeout=20_000)
        self.page.wait_for_function("document.fonts.status === 'loaded'")
        return self

    def read(self, section: str, seconds: float) -> float:
        """Stay on a section; returns the milliseconds it took."""
        self.page.evaluate(SHOW.format(section))
        begin = time.monotonic()
        self.page.wait_for_timeout(seconds * 1000)
        return (time.monotonic() - begin) * 1000

    def leave(self) -> dict[str, Any]:
        """Go elsewhere; returns the last beacon."""
        self.page.goto("about:blank")
        self.page.wait_for_timeout(500)
        return self.beacons()[-1]

    def server_answers(self, *statuses: int) -> None:
        httpx.post(f"{self.server}/recorded", json=statuses, trust_env=False)

    def beacons(self) -> list[dict[str, Any]]:
        """The beacons of this visit, in the order they arrived."""
        sent = httpx.get(f"{self.server}/recorded", trust_env=False).json()
        return [beacon for beacon in sent if beacon["v"] == self.visit]

    def total(self) -> int:
        """Milliseconds reported last, of all sections."""
        return sum(self.beacons()[-1]["ms"].values())


@contextmanager
def reading(browser: Browser, server: str, visit: str) -> Iterator[Reader]:
    """A reader of a visit, whose page must have nothing to complain about."""
    with visiting(browser) as page:
        heard = complaints(page)
        reader = Reader(page, server, visit)
        reader.server_answers()
        yield reader
    assert [words for words in heard if "Failed to load resource" not in words] == []


def about(milliseconds: float) -> Any:
    return pytest.approx(milliseconds, rel=0.1)
