"""Strangers who knock by the hundred: all are refused, the memory stays, and whoever is signed in reads on."""

import asyncio
import re
import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import websockets

from tests.live.conftest import CANARY, PLACE, Portal
from tests.servers import Process
from tests.wire import connected

AT_ONCE = 50
"""Requests an attacker has under way."""
MOST_MB = 50
MOST_SECONDS = 2.0


def memory_mb(process: Process) -> float:
    """The resident memory of a process."""
    assert process.running is not None
    status = Path(f"/proc/{process.running.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


@dataclass
class Flood:
    """One attack on a portal, and what somebody signed in and the machine feel of it."""

    portal: Portal
    uploads: int
    upload_bytes: int
    connects: int
    waits: list[float] = field(default_factory=list)
    """Seconds each rerun of the signed-in reader's page took."""
    peak_mb: float = 0
    refused: int = 0

    async def run(self, cookie: str) -> None:
        """Attack until everything was tried, with a reader at work beside it."""
        self._done = asyncio.Event()
        beside = [asyncio.create_task(work) for work in (self._read_on(cookie), self._watch_memory())]
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits, base_url=self.portal.url) as client:
            body = bytes(self.upload_bytes)
            uploads = (self._upload(client, n, body, cookie if n % 2 else "") for n in range(self.uploads))
            connects = (self._knock("pd_portal=made-up" if n % 2 else "") for n in range(self.connects))
            await asyncio.gather(_some_at_once(uploads), _some_at_once(connects))
        self._done.set()
        await asyncio.gather(*beside)

    async def _upload(self, client: httpx.AsyncClient, n: int, body: bytes, cookie: str) -> None:
        headers = {"Origin": self.portal.url, "Cookie": cookie}
        try:
            answer = await client.put(f"/_stcore/upload_file/s/{n}", content=body, headers=headers)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            self.refused += 1  # So early that the rest could not be sent.
            return
        assert answer.status_code in (401, 403)
        self.refused += 1

    async def _knock(self, cookie: str) -> None:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            async with connected(self.portal.url, cookie=cookie):
                pass
        assert refusal.value.response.status_code == 403
        self.refused += 1

    async def _read_on(self, cookie: str) -> None:
        async with connected(self.portal.url, cookie=cookie) as reader:
            await reader.rerun()
            while not self._done.is_set() or len(self.waits) < 20:
                began = time.perf_counter()
                await reader.rerun()
                self.waits.append(time.perf_counter() - began)
                await asyncio.sleep(0.05)
        assert CANARY.encode() in b"".join(reader.received)

    async def _watch_memory(self) -> None:
        while not self._done.is_set():
            self.peak_mb = max(self.peak_mb, memory_mb(self.portal.stack.portal))
            await asyncio.sleep(0.05)


async def _some_at_once(works: Iterable[Awaitable[None]]) -> None:
    """Do all, ``AT_ONCE`` of them at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(work: Awaitable[None]) -> None:
        async with turns:
            await work

    await asyncio.gather(*map(in_turn, works))


async def _warmed(portal: Portal, cookie: str) -> None:
    """Let the portal load what it loads once."""
    async with connected(portal.url, cookie=cookie) as reader:
        for _ in range(3):
            await reader.rerun()


@pytest.mark.parametrize(
    ("uploads", "upload_bytes", "connects"),
    ((20, 5_000_000, 100), pytest.param(300, 15_000_000, 500, marks=pytest.mark.soak)),
)
def test_is_refused_and_felt_by_nobody_who_is_signed_in(portal, uploads, upload_bytes, connects):
    cookie = portal.cookie(PLACE, portal.token)
    asyncio.run(_warmed(portal, cookie))
    before = memory_mb(portal.stack.portal)
    flood = Flood(portal, uploads, upload_bytes, connects)
    asyncio.run(flood.run(cookie))
    grown, p95 = flood.peak_mb - before, sorted(flood.waits)[int(len(flood.waits) * 0.95)]
    assert flood.refused == uploads + connects
    assert grown < MOST_MB
    assert p95 < MOST_SECONDS
