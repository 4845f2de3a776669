"""Reading times from a real browser into the database, though the network goes and pages are killed."""

import json
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import select

from core.actor import system
from core.db import reading
from core.engagement.models import Visit
from core.engagement.rollups import MS
from tests.live.conftest import PLACE, Portal

BEAT = 5.0
SLACK = 1.0
"""Seconds between a page's doings and this test's own watch."""


class Watch:
    """A reader's page, and seconds by a watch beside it."""

    def __init__(self, context: BrowserContext, portal: Portal) -> None:
        self.page = context.new_page()
        self.page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        self.pressed = time.monotonic()
        self.page.get_by_role("button", name="Open", exact=True).first.click()
        expect(self.page.locator("nav.rail li:not([hidden])")).to_have_count(9, timeout=20_000)
        self.began = time.monotonic()

    def reads(self, seconds: float) -> None:
        """Stay on the page, with a hand on the mouse."""
        self.page.mouse.move(300, 300)
        self.page.mouse.move(320, 310)
        self.page.wait_for_timeout(seconds * 1_000)

    def read(self) -> tuple[float, float]:
        """How long it was read so far, at least and at most."""
        now = time.monotonic()
        return now - self.began, now - self.pressed


def kill(page: Page) -> None:
    """End the page's process, as the system does when memory is short."""
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page.close()


def visits() -> list[Visit]:
    """Every visit, the first one first."""
    with reading(system()) as session:
        return list(session.scalars(select(Visit).order_by(Visit.started_at)))


def credited(visit: Visit) -> float:
    """Seconds kept of a visit."""
    times: list[int] = [getattr(visit, name) for name in MS]
    return sum(times) / 1_000


def test_what_was_read_without_a_network_is_credited_when_it_is_back(portal, browser: Browser):
    context = browser.new_context()
    reader = Watch(context, portal)
    reader.reads(2)
    context.set_offline(True)
    reader.reads(9)
    before, (least, _) = credited(visits()[0]), reader.read()
    context.set_offline(False)
    reader.page.wait_for_timeout(1_500)
    _, most = reader.read()
    assert before < 2 + BEAT
    assert least - SLACK < credited(visits()[0]) <= most
    context.close()


def test_a_killed_page_loses_a_heartbeat_at_most(portal, browser: Browser):
    context = browser.new_context()
    reader = Watch(context, portal)
    reader.reads(8)
    least, most = reader.read()
    kill(reader.page)
    context.close()
    assert least - BEAT - SLACK < credited(visits()[0]) <= most


def test_what_a_page_killed_without_a_network_had_read_is_credited_when_the_reader_is_back(portal, browser: Browser):
    context = browser.new_context()
    reader = Watch(context, portal)
    reader.reads(1)
    context.set_offline(True)
    reader.reads(10)
    least, most = reader.read()
    kill(reader.page)
    context.set_offline(False)
    assert credited(visits()[0]) < 1 + BEAT
    again = Watch(context, portal)
    again.reads(1)
    first, second = visits()
    assert first.session_id != second.session_id
    assert least - BEAT - SLACK < credited(first) <= most
    assert all(start + ms / 1_000 <= most for _, start, ms in json.loads(first.strip))
    assert credited(second) < BEAT
    context.close()
