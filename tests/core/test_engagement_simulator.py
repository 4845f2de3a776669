"""Readers on bad networks: what is credited, against what they truly read.

Each simulated browser attributes visible time second by second as the tracker does, and sends cumulative beacons every
five seconds and on leaving. Beacons are lost, repeated and late; laptops sleep; connections fail for a minute; tabs
are killed; browsers' clocks are a day wrong, which matters to nobody because no clock of theirs is sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import system
from core.db import reading
from core.engagement.batch import keep
from core.engagement.models import PartnerViews, Visit
from core.engagement.rollups import MS
from core.engagement.times import INDEX
from tests.core.engagement_world import Proposal, Reading, open_proposal, publish, rebuilt_sums, sums

BEAT = 5
LOST, REPEATED, LATE = 0.2, 0.3, 0.2
SECTIONS = list(INDEX)


@dataclass
class Sent:
    """A beacon on its way: when it arrives, and what it says."""

    at: datetime
    reader: int
    beacon: tuple[Any, bytes]


@dataclass
class Browser:
    """One reader's browser and its true reading times."""

    number: int
    opened: Reading
    rng: Random
    start: datetime
    is_scanner: bool
    true: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SECTIONS, 0))
    n: int = 0

    def read(self) -> Iterator[Sent]:
        """Read for a while, down the page."""
        second, section = 0, 0
        offline = self.rng.randrange(30, 200) if self.rng.random() < 0.2 else None
        for _ in range(self.rng.randrange(4, 60)):
            second += self.rng.choice((1, 1, 1, 1, 600)) if self.rng.random() < 0.02 else 0  # Asleep: nothing is read.
            self.true[SECTIONS[section]] += 1_000 * BEAT
            second += BEAT
            if self.rng.random() < 0.3:
                section = min(section + 1, len(SECTIONS) - 1)
            is_offline = offline is not None and offline <= second < offline + 60
            yield from self._send(second, is_lost=is_offline or self.rng.random() < LOST)
        was_killed = self.rng.random() < 0.1
        self.true[SECTIONS[section]] += (part := self.rng.randrange(1, 1_000 * BEAT))
        if not was_killed:  # The last beacon leaves with the page, and is tried twice.
            yield from self._send(second + part / 1_000, is_lost=self.rng.random() < LOST**2)

    def _send(self, second: float, *, is_lost: bool) -> Iterator[Sent]:
        self.n += 1
        if is_lost:
            return
        human = not self.is_scanner
        read: dict[str, Any] = {key: ms for key, ms in self.true.items() if ms}
        beacon = self.opened.beacon(self.n, human=human, **read)
        at = self.start + timedelta(seconds=second)
        for _ in range(2 if self.rng.random() < REPEATED else 1):
            delay = self.rng.randrange(60) if self.rng.random() < LATE else 0
            yield Sent(at + timedelta(seconds=delay), self.number, beacon)

    @property
    def total(self) -> int:
        """True reading time (ms)."""
        return sum(self.true.values())


def credited(opened: Reading) -> dict[str, int]:
    """What is kept of a visit."""
    with reading(system()) as session:
        row = session.scalars(select(Visit).where(Visit.id == opened.visit)).one()
    return {section: getattr(row, name) for section, name in zip(SECTIONS, MS, strict=True)}


def simulate(clock, proposal: Proposal, count: int, rng: Random) -> tuple[list[Browser], list[Sent]]:
    """Let so many readers read at once, and deliver what arrives in the order it arrives, in batches."""
    start = clock.now()
    browsers = []
    for number in range(count):
        is_scanner = rng.random() < 0.1
        opened = open_proposal(
            proposal, device=str(number), user_agent="curl/8.5" if is_scanner else "Mozilla/5.0 Chrome/150"
        )
        browsers.append(Browser(number, opened, Random(rng.random()), start, is_scanner))
    arriving = sorted((sent for browser in browsers for sent in browser.read()), key=lambda sent: sent.at)
    place = 0
    while batch := arriving[place : place + rng.randrange(1, 60)]:
        clock.at(batch[-1].at)
        keep([sent.beacon for sent in batch])
        place += len(batch)
    return browsers, arriving


def check(browsers: list[Browser]) -> None:
    """Never more than was read in any section; hardly less in all; a heartbeat at most in nine visits of ten."""
    shares, gaps = [], []
    for browser in browsers:
        kept = credited(browser.opened)
        assert all(kept[section] <= browser.true[section] for section in SECTIONS)
        gaps.append(browser.total - sum(kept.values()))
        shares.append(gaps[-1] / browser.total)
    assert sum(gaps) / sum(browser.total for browser in browsers) <= 0.02
    assert sorted(gaps)[int(len(gaps) * 0.9)] <= 1_000 * BEAT


def scanners_counted(browsers: list[Browser]) -> int:
    """Visits counted beyond those of people."""
    with reading(system()) as session:
        views = session.scalars(select(PartnerViews)).one()
    return views.visits - sum(not browser.is_scanner for browser in browsers)


def run(clock, company, *, count: int, seed: int) -> None:
    """Simulate and check everything, and that sending all of it three times over changes nothing."""
    browsers, arrived = simulate(clock, publish(company), count, Random(seed))
    check(browsers)
    assert scanners_counted(browsers) == 0
    kept = sums()
    assert rebuilt_sums() == kept
    for _ in range(3):
        clock.forward(hours=1)
        keep([sent.beacon for sent in arrived])
    assert sums() == kept


@pytest.mark.parametrize("seed", range(2))
def test_readers_on_bad_networks(clock, company, seed):
    run(clock, company, count=60, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_many_readers_on_bad_networks(clock, company, seed):
    run(clock, company, count=500, seed=seed)
