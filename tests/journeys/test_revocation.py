"""When access was withdrawn, not one further request of those who had it succeeds, however many were under way."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from uuid import UUID

import httpx
import pytest
import websockets

from core.access import sessions
from core.companies import service as companies
from core.db import transaction
from core.partners import room_service
from core.proposals import service as proposals
from tests.journeys.town import Town, beacon, made_pdf
from tests.wire import connected

FOLLOWING = (150, pytest.param(1_000, marks=pytest.mark.soak))
COMPANY = b"Nizwa Cloud"
"""What every page of the demo company's admin app shows."""
SECONDS = 60.0


@dataclass
class Tally:
    """What was answered: before, and to requests that began after the revocation was committed."""

    revoked: Event = field(default_factory=Event)
    before: Counter[tuple[str, bool]] = field(default_factory=Counter)
    following: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def count(self, kind: str, *, follows: bool, succeeded: bool) -> None:
        with self._lock:
            (self.following if follows else self.before)[kind, succeeded] += 1

    def all_answered(self, kinds: tuple[str, ...]) -> bool:
        """Whether each kind of request succeeded already."""
        with self._lock:
            return all(self.before[kind, True] for kind in kinds)


@dataclass(frozen=True)
class Holder:
    """Somebody who is let in: where, by which cookie, and a text that only those let in see."""

    address: str
    cookie: str
    sees: bytes
    visit: str = ""


class Hammer:
    """Requests of every kind, one after the other in each thread, until so many were made after the revocation."""

    def __init__(self, town: Town, tally: Tally, each: int) -> None:
        self.town, self.tally, self.each = town, tally, each

    def http(self, kind: str, holder: Holder, ask: Callable[[httpx.Client, int], httpx.Response]) -> None:
        with self.town.browser(holder.address, holder.cookie) as client:
            made, number = 0, 0
            while made < self.each:
                follows, number = self.tally.revoked.is_set(), number + 1
                succeeded = ask(client, number).is_success
                self.tally.count(kind, follows=follows, succeeded=succeeded)
                made += follows

    def open_page(self, kind: str, holder: Holder) -> None:
        """A tab that stays open and is run again and again."""
        asyncio.run(self._open_page(kind, holder))

    async def _open_page(self, kind: str, holder: Holder) -> None:
        async with asyncio.timeout(SECONDS), connected(holder.address, cookie=holder.cookie) as tab:
            made = 0
            while made < self.each:
                follows = self.tally.revoked.is_set()
                tab.received.clear()
                await tab.rerun()
                succeeded = holder.sees in b"".join(tab.received)
                self.tally.count(kind, follows=follows, succeeded=succeeded)
                made += follows
            self.town.note("Streamlit session", tab.session_id)

    def new_pages(self, kind: str, holder: Holder) -> None:
        """A new tab each time."""
        asyncio.run(self._repeated(kind, lambda: self._new_page(holder)))

    async def _repeated(self, kind: str, ask: Callable[[], Awaitable[bool]]) -> None:
        made = 0
        while made < self.each:
            follows = self.tally.revoked.is_set()
            self.tally.count(kind, follows=follows, succeeded=await ask())
            made += follows

    async def _new_page(self, holder: Holder) -> bool:
        try:
            async with asyncio.timeout(SECONDS), connected(holder.address, cookie=holder.cookie) as tab:
                await tab.rerun()
        except websockets.InvalidStatus:
            return False
        return holder.sees in b"".join(tab.received)


def _withdraw(town: Town, reader: Holder, colleague: UUID) -> None:
    """Withdraw the partner's access, and disable the colleague."""
    chief, partner = town.staff("rahma"), town.partners()[0]
    with transaction(chief) as session:
        assert proposals.revoke_link(session, partner.id, by=chief) >= 1
    with transaction(chief) as session:
        companies.disable_staff(session, colleague, by=chief)


def _end(town: Town, reader: Holder, colleague: UUID) -> None:
    """End the reader's session as leaving does, and the colleague's as an admin does."""
    chief = town.staff("rahma")
    with transaction(chief) as session:
        sessions.close(session, reader.cookie.partition("=")[2])
        assert companies.end_sessions(session, colleague, by=chief) == 1


WAYS = {"withdrawn and disabled": _withdraw, "ended": _end}


@pytest.mark.parametrize("following", FOLLOWING)
@pytest.mark.parametrize("way", tuple(WAYS))
def test_nothing_succeeds_once_access_is(town: Town, way: str, following: int) -> None:
    colleague = town.new_colleague(f"{way[:5]}{following}")
    partner = town.partners()[0]
    cookie = town.entered(partner, town.link(partner))
    reader = Holder(town.stack.portal_url, cookie, partner.name.encode(), town.visit(cookie))
    desk = Holder(town.stack.admin_url, town.signed_in(colleague), COMPANY)
    tally = Tally()
    hammer = Hammer(town, tally, following // 8 + 1)
    work: dict[str, Callable[[str], None]] = {
        "beacon": lambda kind: hammer.http(
            kind, reader, lambda client, n: client.post("/seen", content=beacon(reader.visit, n))
        ),
        "portal": lambda kind: hammer.http(kind, reader, lambda client, _: client.get("/")),
        "open proposal": lambda kind: hammer.open_page(kind, reader),
        "new proposal": lambda kind: hammer.new_pages(kind, reader),
        "admin": lambda kind: hammer.http(kind, desk, lambda client, _: client.get("/")),
        "export": lambda kind: hammer.http(kind, desk, lambda client, _: client.get("/export/audit?format=csv")),
        "open page": lambda kind: hammer.open_page(kind, desk),
        "new page": lambda kind: hammer.new_pages(kind, desk),
    }
    _check(work, tally, lambda: WAYS[way](town, reader, colleague), following)


def _check(work: dict[str, Callable[[str], None]], tally: Tally, revoke: Callable[[], None], following: int) -> None:
    """Revoke while every kind of request is under way: each succeeded before, none after."""
    with ThreadPoolExecutor(len(work)) as threads:
        running = [threads.submit(do, kind) for kind, do in work.items()]
        while not tally.all_answered(tuple(work)) and not any(one.done() for one in running):
            tally.revoked.wait(0.05)
        revoke()
        tally.revoked.set()
        for one in running:
            one.result()
    assert {kind for kind, succeeded in tally.before if succeeded} == set(work)
    assert [kind for kind, succeeded in tally.following if succeeded] == []
    assert sum(tally.following.values()) >= following


@pytest.mark.parametrize("following", FOLLOWING)
def test_nothing_succeeds_once_the_room_link_is_replaced(town: Town, following: int) -> None:
    partner, chief = town.new_partner(f"Seeb {following} Lines", contact="Qais Al Lawati"), town.staff("rahma")
    document = town.document(partner, "Rates", made_pdf("Rates"), requires_nda=False)
    token = town.room_link(partner)
    guest = Holder(town.stack.portal_url, town.in_room(partner, token), b"/leave")
    tally = Tally()
    hammer = Hammer(town, tally, following // 5 + 1)
    work: dict[str, Callable[[str], None]] = {
        "file": lambda kind: hammer.http(kind, guest, lambda client, _: client.get(f"/documents/{document}")),
        "room": lambda kind: hammer.http(kind, guest, lambda client, _: client.get("/room")),
        "link": lambda kind: hammer.http(kind, guest, lambda client, _: client.get(f"/portal/{token}")),
        "open room": lambda kind: hammer.open_page(kind, guest),
        "new room": lambda kind: hammer.new_pages(kind, guest),
    }

    def replace() -> None:
        with transaction(chief) as session:
            assert room_service.rotate(session, partner.id, by=chief) == 1

    _check(work, tally, replace, following)
