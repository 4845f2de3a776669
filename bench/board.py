"""The board in a real browser: until its cards are painted against an empty page, and from a drop to its answer."""

import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from bench.pipeline import Firm, firm
from bench.served import Served, serving
from bench.spread import row, spread
from bench.world import sqlite_database
from tests.browser import launched

SIZES = (100, 1_000, 5_000)
ROUNDS = 5
DROPS = 16
CARDS = 50
SCRIPT = (Path(__file__).parent / "painted.js").read_text()


@dataclass
class Found:
    """Of one size: ms until painted as (empty page, board), KiB over the websocket, and ms of each drop."""

    cold: list[tuple[float, float]] = field(default_factory=list)
    warm: list[tuple[float, float]] = field(default_factory=list)
    kib: list[tuple[float, float]] = field(default_factory=list)
    persisted: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)


@contextmanager
def visitor(browser: Browser, address: str, firm: Firm, *, selector: str, wanted: int) -> Iterator[BrowserContext]:
    """A new browser profile that is signed in and notes when so many elements are painted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="Asia/Muscat")
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "pd_admin", "value": firm.secret, "url": address}])
    context.add_init_script(SCRIPT.replace("SELECTOR", selector).replace("WANTED", str(wanted)))
    try:
        yield context
    finally:
        context.close()


def visit(context: BrowserContext, address: str) -> tuple[float, float]:
    """Open an address in a new tab: ms until painted, KiB that came over the websocket by then."""
    page, came = context.new_page(), [0]

    def count(payload: str | bytes) -> None:
        came[0] += len(payload)

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    page.goto(address, wait_until="commit")
    ms = float(page.evaluate("() => window.benchPainted"))
    page.close()
    return ms, came[0] / 1024


def loads(browser: Browser, served: dict[str, Served], firm: Firm, found: Found) -> None:
    """One round: the empty page and the board, each in a new profile and then again in the same one."""
    places = {"empty": (served["empty"].address, "h1", 1), "admin": (served["admin"].address, "li.card", CARDS)}
    taken: list[list[tuple[float, float]]] = []
    for address, selector, wanted in places.values():
        path = address if wanted == 1 else f"{address}/partnerships"
        with visitor(browser, address, firm, selector=selector, wanted=wanted) as context:
            taken.append([visit(context, path), visit(context, path)])
    (empty_cold, empty_warm), (cold, warm) = taken
    found.cold.append((empty_cold[0], cold[0]))
    found.warm.append((empty_warm[0], warm[0]))
    found.kib.append((empty_cold[1], cold[1]))


class Watch(threading.Thread):
    """Notes when the row of a partner has changed in the database, as another connection sees it."""

    def __init__(self, file: str, partner: str) -> None:
        super().__init__(daemon=True)
        self.file, self.partner, self.at = file, partner.replace("-", ""), 0.0

    def run(self) -> None:
        """Look every half millisecond, for 20 s at most."""
        asked, until = "SELECT version FROM partner WHERE id = ?", time.time() + 20
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as connection:
            before = connection.execute(asked, (self.partner,)).fetchone()
            while time.time() < until:
                if connection.execute(asked, (self.partner,)).fetchone() != before:
                    self.at = 1_000 * time.time()
                    return
                time.sleep(0.0005)


def drop(page: Page, file: str) -> tuple[float, float]:
    """Carry the first card of a column to the next: ms from letting go until its row is committed, until settled."""
    card = page.locator("ul[data-column=proposal_sent] li").first
    partner = str(card.get_attribute("data-id"))
    start, end = card.bounding_box(), page.locator("ul[data-column=meeting_scheduled]").bounding_box()
    if not start or not end:
        raise SystemExit("the board has no card to carry")
    watch = Watch(file, partner)
    watch.start()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 75, start["y"] + 50, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 150, steps=10)
    page.wait_for_timeout(50)
    page.evaluate("id => void (window.benchDropped = window.benchDrop(id))", partner)
    page.mouse.up()
    at, settled = page.evaluate("() => window.benchDropped")
    watch.join()
    if not watch.at:
        raise SystemExit("a drop was not kept")
    page.wait_for_timeout(250)
    return watch.at - at, settled - at


def drops(browser: Browser, served: Served, firm: Firm, file: str, found: Found) -> None:
    """A number of drops on one open board; the first only warms up."""
    with visitor(browser, served.address, firm, selector="li.card", wanted=CARDS) as context:
        page = context.new_page()
        page.goto(f"{served.address}/partnerships", wait_until="commit")
        page.evaluate("() => window.benchPainted")
        page.wait_for_timeout(1_000)
        for number in range(DROPS + 1):
            persisted, settled = drop(page, file)
            if number:
                found.persisted.append(persisted)
                found.settled.append(settled)


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    with sqlite_database() as url, tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        firms = [firm(size) for size in SIZES]
        found = {size: Found() for size in SIZES}
        with serving("admin", "empty", database_url=url, folder=Path(folder)) as served, launched() as browser:
            loads(browser, served, firms[0], Found())
            for _ in range(ROUNDS):
                for each in firms:
                    loads(browser, served, each, found[each.partners])
            for each in firms:
                drops(browser, served["admin"], each, url.removeprefix("sqlite:///"), found[each.partners])
        return table(found)


def table(found: dict[int, Found]) -> str:
    """The section's text."""
    heads = ["partners", "cold ms", "× empty", "warm ms", "× empty", "websocket KiB", "persisted ms", "settled ms"]
    empty = Found()
    for each in found.values():
        empty.cold, empty.warm, empty.kib = empty.cold + each.cold, empty.warm + each.warm, empty.kib + each.kib
    lines = [
        f"Chromium on the same machine as the server, SQLite, synchronous=FULL. Cold: a new profile; warm: again in it;"
        f" both to the {CARDS}th card painted, each beside an empty page in the same round. {ROUNDS} rounds, {DROPS}"
        f" drops; median (range). Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        row(heads),
        "|" + "---|" * len(heads),
        row(["an empty page", spread([one for one, _ in empty.cold]), "1", spread([one for one, _ in empty.warm]), "1",
             f"{statistics.median(one for one, _ in empty.kib):.0f}", "–", "–"]),
    ]  # fmt: skip
    for size, each in found.items():
        cells = [f"{size:,}"]
        for pairs in (each.cold, each.warm):
            cells += [
                spread([board for _, board in pairs]),
                spread([board / floor for floor, board in pairs], "{:.2f}"),
            ]
        cells += [f"{statistics.median(board for _, board in each.kib):.0f}"]
        lines.append(row([*cells, spread(each.persisted), spread(each.settled)]))
    return "\n".join(lines)
