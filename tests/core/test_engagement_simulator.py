"""Readers on bad networks: what is credited, against what they truly read.

Browsers' clocks may be days wrong, which matters to nobody: what a beacon says has no time of day in it, and the
server counts by its own clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import system
from core.db import reading
from core.engagement.batch import Outcome, keep
from core.engagement.models import PartnerViews, Visit
from core.engagement.rollups import MS
from tests.core.engagement_world import Proposal, Reading, open_proposal, publish, rebuilt_sums, sums
from tests.core.simulated_reader import BEAT, SECTIONS, Page, Plan, Sent

HEARTBEAT_MS = 1_000 * BEAT


@dataclass
class Browser:
    """One reader's browser: the visit, the session it is given when it comes back, and its page."""

    opened: Reading
    again: Reading
    page: Page
    is_scanner: bool

    def beacon(self, sent: Sent) -> tuple[Any, bytes]:
        """A beacon as it arrives."""
        totals: dict[str, Any] = {**sent.totals}
        beacon, secret = self.opened.beacon(sent.n, human=not self.is_scanner, **totals)
        return beacon._replace(late=sent.late), self.again.secret if sent.new_session else secret

    @property
    def read_ms(self) -> int:
        """True reading time."""
        return sum(self.page.true.values())

    @property
    def most_lost_ms(self) -> float:
        """A heartbeat; and of a page that ended while the server did not answer, what was read since then.

        That cannot be saved when the browser never comes back: nobody but the killed or closed page knew it.
        """
        return HEARTBEAT_MS + (0 if self.page.back else self.page.unanswered_ms())


def credited(opened: Reading) -> dict[str, int]:
    """What is kept of a visit."""
    with reading(system()) as session:
        row = session.scalars(select(Visit).where(Visit.id == opened.visit)).one()
    return {section: getattr(row, name) for section, name in zip(SECTIONS, MS, strict=True)}


def open_browser(proposal: Proposal, number: int, rng: Random) -> Browser:
    """A reader who opens the proposal now, on a device of their own; one in ten is a scanner."""
    is_scanner = rng.random() < 0.1
    agent = "curl/8.5" if is_scanner else "Mozilla/5.0 Chrome/150"
    opened, again = (open_proposal(proposal, device=str(number), user_agent=agent) for _ in range(2))
    return Browser(opened, again, Page(Plan(rng), rng), is_scanner)


def simulate(clock, proposal: Proposal, count: int, rng: Random) -> tuple[list[Browser], list[tuple[Any, bytes]]]:
    """Let so many readers read at once, and deliver what arrives in the order it arrives, in batches."""
    start = clock.now()
    browsers = [open_browser(proposal, number, Random(rng.random())) for number in range(count)]
    arriving: list[tuple[datetime, tuple[Any, bytes]]] = [
        (start + timedelta(seconds=sent.at), browser.beacon(sent))
        for browser in browsers
        for sent in browser.page.live()
    ]
    arriving.sort(key=lambda pair: pair[0])
    place = 0
    while batch := arriving[place : place + rng.randrange(1, 60)]:
        clock.at(batch[-1][0])
        assert set(keep([beacon for _, beacon in batch])) == {Outcome.KEPT}
        place += len(batch)
    return browsers, [beacon for _, beacon in arriving]


def check(browsers: list[Browser]) -> None:
    """Never more than was read in any section; hardly less in all; and of no visit more than a heartbeat less.

    What is more than a heartbeat had no way to the server: nearly always the network was away when the page ended.
    """
    gaps, unlucky = [], 0
    for browser in browsers:
        kept, page = credited(browser.opened), browser.page
        assert all(kept[section] <= page.true.get(section, 0) for section in SECTIONS)
        gaps.append(browser.read_ms - sum(kept.values()))
        assert gaps[-1] <= browser.most_lost_ms
        unlucky += gaps[-1] > HEARTBEAT_MS and not page.network.is_offline(page.plan.end)
    assert unlucky <= 0.005 * len(browsers)
    assert sum(gaps) / sum(browser.read_ms for browser in browsers) <= 0.02


def scanners_counted(browsers: list[Browser]) -> int:
    """Visits counted beyond those of people whose browser could report anything."""
    with reading(system()) as session:
        views = session.scalars(select(PartnerViews)).one()
    return views.visits - sum(not browser.is_scanner and bool(browser.page.sent) for browser in browsers)


def run(clock, company, *, count: int, seed: int) -> None:
    """Simulate and check everything, and that sending all of it three times over changes nothing."""
    browsers, arrived = simulate(clock, publish(company), count, Random(seed))
    check(browsers)
    assert scanners_counted(browsers) == 0
    kept = sums()
    assert rebuilt_sums() == kept
    for _ in range(3):
        clock.forward(hours=1)
        keep(arrived)
    assert sums() == kept


@pytest.mark.parametrize("seed", range(2))
def test_readers_on_bad_networks(clock, company, seed):
    run(clock, company, count=60, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_many_readers_on_bad_networks(clock, company, seed):
    run(clock, company, count=500, seed=seed)
