"""Script runs of each screen with the demo company, against those of an empty page, and the SQL statements of one."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.beacons import cpu_seconds
from bench.served import Served, load_demo, serving
from bench.spread import row, spread
from bench.tabs import Load, Tab, load, opened
from bench.world import sqlite_database
from core import db
from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import ProposalLink
from core.actor import Role, system
from core.companies.models import Staff
from core.partners.models import Partner
from core.tenancy import enter
from core.timeline.models import TimelineEntry

LEVELS = {1: 0.5, 20: 0.7, 100: 0.5}
"""Sessions at a time, and for how many seconds; at least a run each."""
EMPTY_SHARE = 0.6
ROUNDS = 5


@dataclass(frozen=True)
class Screen:
    """A page: whose app it is, its name in the address, and a text that only the drawn page has."""

    app: str
    page: str
    shows: str
    query: str = ""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.app}: {self.page or 'proposal'}"


@dataclass
class Found:
    """What was measured of a screen: statements of one run, KiB sent, and rounds of (empty page, screen) by level."""

    statements: int = 0
    kib: float = 0.0
    rounds: dict[int, list[tuple[Load, Load]]] = field(default_factory=dict)
    cpu: list[tuple[float, float]] = field(default_factory=list)
    """Server CPU ms of a run of the empty page and of the screen, with many sessions."""


def screens(partner: Partner) -> list[Screen]:
    """The screens that are measured; those about a partner show this one."""
    about = f"id={partner.id}"
    return [
        Screen("admin", "today", "Today"),
        Screen("admin", "partnerships", "partnerdesk_kanban"),
        Screen("admin", "partner", partner.name.split()[0], about),
        Screen("admin", "proposals", "Proposals"),
        Screen("admin", "proposal", partner.name.split()[0], about),
        Screen("admin", "engagement", "Engagement"),
        Screen("portal", "", "section-hero"),
    ]


def people(session: Session, count: int) -> tuple[Partner, dict[str, list[str]]]:
    """The partner with most on its timeline among those who may read, and cookies of so many people for each app."""
    entries = select(func.count()).where(TimelineEntry.partner_id == Partner.id).scalar_subquery()
    partner, link = session.execute(
        select(Partner, ProposalLink).join(ProposalLink, ProposalLink.partner_id == Partner.id)
        .order_by(entries.desc()).limit(1)
    ).one()  # fmt: skip
    by = enter(session, partner.company_id)
    staff = session.scalars(select(Staff).where(Staff.role == Role.ADMIN).limit(1)).one()
    staffed = [sessions.open_session(session, kind=SessionKind.STAFF, staff_id=staff.id, by=by) for _ in range(count)]
    reading = [
        sessions.open_session(
            session, kind=SessionKind.READER, partner_id=partner.id, link_id=link.id, measured=True, by=by
        )
        for _ in range(count)
    ]
    admin = [f"pd_admin={secret}" for secret in staffed]
    return partner, {"admin": admin, "empty": admin, "portal": [f"pd_portal={secret}" for secret in reading]}


async def look(served: Served, tab: Tab, screen: Screen) -> Found:
    """Run a screen for the first time, check that it is there, and count what one more run asks and sends."""
    came = b"".join(await tab.run(screen.page, screen.query))
    if screen.shows.encode() not in came:
        raise SystemExit(f"{screen.name} does not show {screen.shows!r}; see {served.process.log}")
    before = await asyncio.to_thread(served.statements)
    again = await tab.run(screen.page, screen.query)
    asked = await asyncio.to_thread(served.statements) - before
    return Found(asked, sum(map(len, again)) / 1024)


async def measure(screen: Screen, served: dict[str, Served], tabs: dict[str, Sequence[Tab]]) -> Found:
    """Rounds of the empty page and the screen in turn, at every level."""
    found = await look(served[screen.app], tabs[screen.app][0], screen)
    for level, seconds in LEVELS.items():
        mine, floor = tabs[screen.app][:level], tabs["empty"][:level]
        await asyncio.gather(*(tab.run(screen.page, screen.query) for tab in mine))
        found.rounds[level] = []
        for _ in range(ROUNDS):
            at = cpu_seconds(served["empty"].pid), cpu_seconds(served[screen.app].pid)
            empty = await load(floor, "", "", seconds=seconds * EMPTY_SHARE)
            drawn = await load(mine, screen.page, screen.query, seconds=seconds)
            spent = cpu_seconds(served["empty"].pid) - at[0], cpu_seconds(served[screen.app].pid) - at[1]
            found.rounds[level].append((empty, drawn))
            if level > 1:
                found.cpu.append((1_000 * spent[0] / empty.runs, 1_000 * spent[1] / drawn.runs))
    return found


async def measure_all(url: str, folder: Path) -> dict[str, Found]:
    """Every screen, by name."""
    most = max(LEVELS)
    with db.transaction(system()) as session:
        partner, cookies = people(session, most)
    with serving("admin", "portal", "empty", database_url=url, folder=folder) as served:
        async with (
            opened(served["admin"].address, cookies["admin"]) as admin,
            opened(served["portal"].address, cookies["portal"]) as portal,
            opened(served["empty"].address, cookies["empty"]) as empty,
        ):
            tabs: dict[str, Sequence[Tab]] = {"admin": admin, "portal": portal, "empty": empty}
            await asyncio.gather(*(tab.run() for tab in empty))
            found = {}
            for screen in screens(partner):
                found[screen.name] = await measure(screen, served, tabs)
                print(screen.name, found[screen.name].statements, flush=True)
            return found


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    with sqlite_database() as url, tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        load_demo(url, Path(folder))
        return table(uvloop.run(measure_all(url, Path(folder))))


def table(found: dict[str, Found]) -> str:
    """The section's text."""
    levels = list(LEVELS)
    empty = {level: [pair[0] for each in found.values() for pair in each.rounds[level]] for level in levels}
    floor_cpu = [pair[0] for each in found.values() for pair in each.cpu]
    head = ["screen", "SQL", "KiB", "CPU ms a run", "CPU × empty"]
    heads = [
        *head,
        *(f"{n} × runs/s" for n in levels),
        *(f"{n} × share" for n in levels),
        *(f"{n} × p95" for n in levels),
    ]
    lines = [
        f"The demo company on SQLite, real sessions through the gate, one process an app (uvicorn, uvloop, httptools),"
        f" raw websocket clients in another process, no think time; {ROUNDS} rounds, each an empty page's runs and then"
        f" the screen's; median (range). Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        row(heads),
        "|" + "---|" * len(heads),
        row(["an empty page", "0", "–", spread(floor_cpu, "{:.1f}"), "1",
             *(spread([each.rate for each in empty[n]]) for n in levels), *("1" for _ in levels),
             *(spread([each.p95 for each in empty[n]]) for n in levels)]),
    ]  # fmt: skip
    for name, each in found.items():
        drawn = {level: [pair[1] for pair in each.rounds[level]] for level in levels}
        shares = {n: [mine.rate / floor.rate for floor, mine in each.rounds[n]] for n in levels}
        cells = [name, str(each.statements), f"{each.kib:.1f}", spread([mine for _, mine in each.cpu], "{:.1f}")]
        cells.append(spread([mine / floor for floor, mine in each.cpu], "{:.1f}"))
        cells += [spread([one.rate for one in drawn[n]]) for n in levels]
        cells += [spread(shares[n], "{:.2f}") for n in levels]
        cells += [spread([one.p95 for one in drawn[n]]) for n in levels]
        lines.append(row(cells))
    return "\n".join(lines)
