"""Signing an NDA: drawing and sealing its PDF alone, verifying it, and the whole last press with all that it keeps."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from bench.spread import row
from bench.world import sqlite_database
from core import db, keys
from core.actor import Actor, system
from core.nda.seal import signing_chain, trusted
from core.nda.verify import verify
from core.settings import settings
from tests.core.nda_acts import NAME, press, ready_to_sign, visitor
from tests.core.nda_samples import long_agreement, sealed_of, signing
from tests.factories import make_company, make_partner

ALONE = 60
ACTS = 24
AT_ONCE = 4


@dataclass(frozen=True)
class Found:
    """Of one kind of work: how many at a time, its wall times (ms) one by one, all of it (s), and CPU (s)."""

    name: str
    at_once: int
    each: list[float]
    seconds: float
    cpu: float


def measured(name: str, work: Callable[[int], object], count: int, at_once: int) -> Found:
    """Do it so many times by so many threads."""

    def timed(number: int) -> float:
        start = time.perf_counter()
        work(number)
        return 1_000 * (time.perf_counter() - start)

    start, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(at_once) as pool:
        each = list(pool.map(timed, range(count)))
    return Found(name, at_once, each, time.perf_counter() - start, time.process_time() - cpu)


@contextmanager
def own_state() -> Iterator[None]:
    """Keys and files in a folder that goes away."""
    before = os.environ.get("STATE_DIR")
    with tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        os.environ["STATE_DIR"] = folder
        settings.cache_clear()
        keys.forget()
        yield
    os.environ.pop("STATE_DIR")
    if before is not None:
        os.environ["STATE_DIR"] = before
    settings.cache_clear()
    keys.forget()


def certificates() -> list[Found]:
    """Drawing and sealing the usual text of fourteen clauses, and verifying what came of it."""
    signed = [signing(long_agreement(), reference=f"NDA-{number:05d}") for number in range(ALONE)]
    signing_chain()
    sealed = [sealed_of(*signed[0])]
    known = trusted()

    def draw(number: int) -> None:
        sealed_of(*signed[number])

    def check(_number: int) -> None:
        verify(sealed[0].pdf, trusted=known)

    return [
        *(measured("draw and seal", draw, ALONE, threads) for threads in (1, AT_ONCE)),
        measured("verify", check, ALONE, 1),
    ]


def acts() -> list[Found]:
    """The last press of the four steps, from the click until it is kept, on SQLite."""
    found = []
    with sqlite_database():
        for threads in (1, AT_ONCE):
            people = ready_people(f"bench-{threads}", ACTS + 1)
            press_of(people[-1])
            found.append(measured("sign", lambda n, people=people: press_of(people[n]), ACTS, threads))  # type: ignore[misc]
    return found


def press_of(person: Actor) -> None:
    """Press sign."""
    press(person, signature=NAME)


def ready_people(slug: str, count: int) -> list[Actor]:
    """One person each of so many partners, who have read the text and proved their mailbox."""
    with db.transaction(system()) as session:
        company = make_company(session, slug=slug, name="Dhofar Systems", name_ar="أنظمة ظفار")
        partners = [make_partner(session, company_id=company.id) for _ in range(count)]
    return [ready_to_sign(visitor(partner)) for partner in partners]


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    with own_state():
        return table([*certificates(), *acts()])


def table(found: Sequence[Found]) -> str:
    """The section."""
    lines = [
        "The usual text of 14 clauses (5 pages, RSA-3072, no timestamp); sign: from the last press until all is kept, "
        f"SQLite with synchronous=FULL, one process. {ALONE} and {ACTS} times. "
        f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        row(("work", "at a time", "per second", "p50 ms", "p95 ms", "CPU ms each")),
        row("---" for _ in range(6)),
    ]
    for one in found:
        p95 = statistics.quantiles(one.each, n=20)[-1]
        figures = (len(one.each) / one.seconds, statistics.median(one.each), p95, 1_000 * one.cpu / len(one.each))
        rate, *rest = figures
        lines.append(row((one.name, str(one.at_once), f"{rate:.1f}", *(f"{value:,.0f}" for value in rest))))
    return "\n".join(lines)
