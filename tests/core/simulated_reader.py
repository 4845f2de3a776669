"""A reader on a bad network, as the tracker's own rules would have it: what was truly read, and what was sent when.

Beacons are lost before the server or after it, repeated, late and out of order; the network is away for a minute;
laptops sleep; tabs are hidden, closed and killed; and some readers come back, whose browser then sends what it kept.
"""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from random import Random

from core.engagement.times import INDEX
from tests.servers import ROOT

SECTIONS = list(INDEX)
LOST, REPEATED, LATE, KILLED, BACK = 0.2, 0.3, 0.2, 0.1, 0.5
LATEST_ARRIVAL = 60.0
OFFLINE_SECONDS = 60.0
SILENCE = 1_800.0
"""After so long without a beacon whoever comes back begins another visit."""
Totals = dict[str, int]


def of_tracker(name: str) -> float:
    """A time constant of the tracker's scripts, in seconds."""
    scripts = "".join(file.read_text("utf-8") for file in (ROOT / "portal_app" / "widgets").glob("section_*.js"))
    [ms] = re.findall(rf"^const {name} = (\d+);", scripts, re.MULTILINE)
    return int(ms) / 1_000


BEAT, SOONEST, LATEST, PATIENCE = map(of_tracker, ("BEAT", "SOONEST", "LATEST", "PATIENCE"))


@dataclass(frozen=True)
class Stretch:
    """One section in view without a break, in seconds since the page was opened."""

    start: float
    end: float
    section: str


@dataclass(frozen=True)
class Pause:
    """Nothing is read: the tab is hidden, or the whole machine sleeps."""

    start: float
    end: float
    asleep: bool


class Plan:
    """What a reader does on a page until it ends."""

    def __init__(self, rng: Random) -> None:
        self.stretches: list[Stretch] = []
        self.pauses: list[Pause] = []
        self.end, place = 0.0, 0
        for _ in range(rng.randrange(3, 60)):
            self._read(rng.uniform(0.3, 10), SECTIONS[place])
            if rng.random() < 0.04:
                self._pause(rng.choice((3.0, 40.0, 600.0)), asleep=rng.random() < 0.5)
            place = min(place + (rng.random() < 0.3), len(SECTIONS) - 1)
        self._read(rng.uniform(0.3, 10), SECTIONS[place])

    def _read(self, seconds: float, section: str) -> None:
        self.stretches.append(Stretch(self.end, self.end + seconds, section))
        self.end += seconds

    def _pause(self, seconds: float, *, asleep: bool) -> None:
        self.pauses.append(Pause(self.end, self.end + seconds, asleep))
        self.end += seconds

    def totals(self, at: float) -> Totals:
        """What was read until then (ms), without the zeros."""
        read = dict.fromkeys(SECTIONS, 0.0)
        for stretch in self.stretches:
            read[stretch.section] += max(0.0, min(at, stretch.end) - stretch.start)
        return {section: int(1_000 * seconds) for section, seconds in read.items() if seconds >= 0.001}

    def awake(self, at: float) -> float:
        """When something due at an instant happens: a machine that sleeps does it when it wakes."""
        return next((pause.end for pause in self.pauses if pause.asleep and pause.start < at < pause.end), at)

    def beats(self) -> Iterator[float]:
        """The heartbeats that find the page visible."""
        for number in range(1, int(self.end / BEAT) + 1):
            if not any(pause.start < number * BEAT < pause.end for pause in self.pauses):
                yield number * BEAT


@dataclass(frozen=True)
class Carried:
    """How a request fared: when it arrived, how often, and when the page knew."""

    arrivals: tuple[float, ...]
    known: float
    answered: bool


class Network:
    """A bad one."""

    def __init__(self, rng: Random, end: float) -> None:
        self.rng = rng
        self.offline = rng.uniform(0, end) if rng.random() < 0.3 else None

    def is_offline(self, at: float) -> bool:
        """Whether it is away."""
        return self.offline is not None and self.offline <= at < self.offline + OFFLINE_SECONDS

    def carry(self, at: float) -> Carried:
        """Send one request."""
        rng = self.rng
        if self.is_offline(at):
            return Carried((), at, answered=False)
        if rng.random() < LOST:
            return Carried((), at + rng.uniform(0.01, 2), answered=False)
        took = rng.uniform(0, LATEST_ARRIVAL) if rng.random() < LATE else rng.uniform(0.01, 0.3)
        again = (at + rng.uniform(0, LATEST_ARRIVAL),) if rng.random() < REPEATED else ()
        is_answered = took < PATIENCE and rng.random() > LOST / 4
        return Carried((at + took, *again), at + min(took, PATIENCE), answered=is_answered)


@dataclass(frozen=True)
class Sent:
    """A beacon that arrived: when, its sequence number and its totals; by which page and session."""

    at: float
    n: int
    totals: Totals
    late: bool = False
    new_session: bool = False


@dataclass
class Page:
    """The tracker on one page, from opening it to its end."""

    plan: Plan
    rng: Random
    sent: list[Sent] = field(default_factory=list)
    kept: Totals = field(default_factory=dict)
    """What the browser's storage holds of the visit."""
    delivered: Totals = field(default_factory=dict)
    underway: Totals = field(default_factory=dict)
    unanswered: list[float] = field(default_factory=list)
    """When the reports were sent that are newer than any the server was heard to have."""
    n: int = 0
    wait: float = SOONEST

    def __post_init__(self) -> None:
        self.network = Network(self.rng, self.plan.end)
        self.killed, self.back = self.rng.random() < KILLED, self.rng.random() < BACK
        self._due: list[tuple[float, int, str, Totals | None, float]] = []
        self._order = count()

    @cached_property
    def true(self) -> Totals:
        """What was truly read (ms)."""
        return self.plan.totals(self.plan.end)

    def live(self) -> list[Sent]:
        """Everything that arrived of it."""
        for beat in self.plan.beats():
            self._later(beat, "send")
        for pause in self.plan.pauses:
            self._later(pause.start, "nothing" if pause.asleep else "send")
        if self.network.offline is not None:
            self._later(self.network.offline + OFFLINE_SECONDS, "send")
        while self._due and self._due[0][0] < self.plan.end:
            self._happen(*heapq.heappop(self._due))
        if not self.killed:
            self._leave()
        if self.back:
            self._come_back()
        return self.sent

    def unanswered_ms(self) -> int:
        """What was read after the first report that the server was not heard to have, when the page ended."""
        read = sum(self.true.values())
        return read - sum(self.plan.totals(min(self.unanswered)).values()) if self.unanswered else 0

    def _later(self, at: float, what: str, news: Totals | None = None, since: float = 0) -> None:
        heapq.heappush(self._due, (self.plan.awake(at), next(self._order), what, news, since))

    def _happen(self, at: float, _order: int, what: str, news: Totals | None, since: float) -> None:
        if what == "send":
            self._send(at)
        elif news is not None:
            self._hear(at, news, since, answered=what == "answer")

    def _send(self, at: float) -> None:
        news = self.plan.totals(at)
        if news in ({}, self.delivered, self.underway):
            return
        self.kept = self.underway = news
        self.unanswered.append(at)
        carried = self._put(at, news)
        self._later(carried.known, "answer" if carried.answered else "failure", news, at)

    def _put(self, at: float, news: Totals) -> Carried:
        self.n += 1
        carried = self.network.carry(at)
        self.sent += [Sent(arrival, self.n, news) for arrival in carried.arrivals]
        return carried

    def _hear(self, at: float, news: Totals, since: float, *, answered: bool) -> None:
        if self.underway == news:
            self.underway = {}
        if answered:
            self.delivered, self.wait = news, SOONEST
            self.unanswered = [sent for sent in self.unanswered if sent > since]
        else:
            self._later(at + self.wait, "send")
            self.wait = min(2 * self.wait, LATEST)

    def _leave(self) -> None:
        """The last report goes twice, and its answer is heard by nobody."""
        self.kept = self.true
        if self.true != self.delivered:
            for _ in range(2):
                self._put(self.plan.end, self.true)

    def _come_back(self) -> None:
        """The next page sends what this one kept until it hears that it arrived."""
        pause = self.rng.choice((self.rng.uniform(1, SILENCE), self.rng.uniform(SILENCE, 3 * 86_400)))
        at, late = self.plan.end + pause, pause > SILENCE
        new_session, wait, answered = late and self.rng.random() < 0.5, SOONEST, not self.kept
        while not answered:
            self.n += 1
            carried = self.network.carry(at)
            self.sent += [Sent(arrival, self.n, self.kept, late, new_session) for arrival in carried.arrivals]
            at, answered, wait = carried.known + wait, carried.answered, min(2 * wait, LATEST)
