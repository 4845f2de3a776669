"""The front door of the real processes: stolen ids, floods, limits across processes, headers."""

import asyncio
import random
import re
import time
from pathlib import Path

import httpx
import pytest
import websockets

from core.access.models import Attempt
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from tests.live.conftest import CANARY, PLACE, Portal, count
from tests.servers import Process, Stack, free_port
from tests.wire import connected


class TestStolenStreamlitSession:
    """The id of somebody's Streamlit session gives away nothing without their cookie."""

    def test_shows_nothing_of_its_owner(self, portal):
        mine, theirs = portal.cookie("/partnership/nizwa-dates", portal.other_token), portal.cookie(PLACE, portal.token)
        asyncio.run(self._steal(portal.url, theirs=theirs, mine=mine))
        assert count(AuditEntry, AuditEntry.tag == Tag.SESSION_MISMATCH.value) == 20

    async def _steal(self, url: str, *, theirs: str, mine: str) -> None:
        async with connected(url, cookie=theirs) as victim:
            await victim.rerun()
            assert CANARY.encode() in b"".join(victim.received)
            await self._try(url, victim.session_id, mine)
            again = await victim.rerun()
            assert again[-1].WhichOneof("type") == "script_finished"
        await self._try(url, victim.session_id, mine)

    async def _try(self, url: str, stolen: str, mine: str) -> None:
        for _ in range(10):
            async with connected(url, cookie=mine, resume=stolen) as thief:
                await thief.rerun()
            assert CANARY.encode() not in b"".join(thief.received)
            assert thief.session_id != stolen
            for cookie in ("", "pd_portal=made-up"):
                with pytest.raises(websockets.InvalidStatus) as refused:
                    async with connected(url, cookie=cookie, resume=stolen):
                        pass
                assert refused.value.response.status_code == 403

    def test_is_its_owners_to_go_on_with(self, portal):
        cookie = portal.cookie(PLACE, portal.token)

        async def lose_and_return() -> None:
            async with connected(portal.url, cookie=cookie) as tab:
                await tab.rerun()
            async with connected(portal.url, cookie=cookie, resume=tab.session_id) as back:
                await back.rerun()
            assert back.session_id == tab.session_id

        asyncio.run(lose_and_return())

    @pytest.mark.parametrize("origin", ("", "https://evil.example"))
    def test_opens_from_no_other_site(self, portal, origin):
        cookie = portal.cookie(PLACE, portal.token)

        async def connect() -> None:
            async with connected(portal.url, cookie=cookie, origin=origin):
                pass

        with pytest.raises(websockets.InvalidStatus):
            asyncio.run(connect())


def memory_mb(process: Process) -> float:
    """The resident memory of a process."""
    assert process.running is not None
    status = Path(f"/proc/{process.running.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


class TestFlood:
    def test_of_strangers_is_refused_at_once_and_leaves_the_memory_alone(self, portal):
        cookie, before = portal.cookie(PLACE, portal.token), memory_mb(portal.stack.portal)
        waits = asyncio.run(self._flood(portal.url, cookie))
        assert memory_mb(portal.stack.portal) - before < 50
        assert sorted(waits)[int(len(waits) * 0.95)] < 2

    async def _flood(self, url: str, cookie: str) -> list[float]:
        waits: list[float] = []
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client:
            await asyncio.gather(
                *(self._upload(client, url, n, cookie if n % 2 else "") for n in range(20)),
                *(self._knock(url) for _ in range(100)),
                self._read_on(client, cookie, waits),
            )
        return waits

    async def _upload(self, client: httpx.AsyncClient, url: str, n: int, cookie: str) -> None:
        headers = {"Origin": url, "Cookie": cookie}
        try:
            answer = await client.put(f"/_stcore/upload_file/s/{n}", content=bytes(5_000_000), headers=headers)
        except httpx.TransportError:
            return  # Refused so early that the rest could not be sent.
        assert answer.status_code in (401, 403)

    async def _knock(self, url: str) -> None:
        with pytest.raises(websockets.InvalidStatus):
            async with connected(url, cookie="pd_portal=made-up"):
                pass

    async def _read_on(self, client: httpx.AsyncClient, cookie: str, waits: list[float]) -> None:
        for _ in range(20):
            began = time.perf_counter()
            answer = await client.get("/_stcore/host-config", headers={"Cookie": cookie})
            waits.append(time.perf_counter() - began)
            assert answer.status_code == 200


class TestLimits:
    def test_hold_across_processes_and_restarts(self, portal, tmp_path):
        second = self._second(portal.stack, tmp_path)
        second.start()
        try:
            statuses = asyncio.run(self._press(portal, second.environment["SECOND"], 40))
            assert (statuses.count(404), statuses.count(429)) == (5, 35)
            second.stop()
            second.start()
            assert set(asyncio.run(self._press(portal, second.environment["SECOND"], 6))) == {429}
            assert count(Attempt) == 10
        finally:
            second.stop()

    def _second(self, stack: Stack, folder: Path) -> Process:
        port = free_port()
        environment = stack.portal.environment | {"SECOND": f"http://127.0.0.1:{port}"}
        command = [
            port_text if part == stack.portal_url.rpartition(":")[2] else part
            for part in stack.portal.command
            for port_text in [str(port)]
        ]
        return Process("portal-2", command, environment=environment, log=folder / "portal-2.log")

    async def _press(self, portal: Portal, second: str, times: int) -> list[int]:
        """Failed presses at both processes at once, each claiming another address."""
        async with httpx.AsyncClient(trust_env=False, timeout=30, headers={"Origin": portal.url}) as client:
            await self._until_up(client, second)

            async def press(n: int) -> int:
                claimed = {"X-Forwarded-For": ".".join(str(random.randrange(256)) for _ in range(4))}
                place = (portal.url, second)[n % 2] + PLACE
                return (await client.post(place, data={"token": portal.token[:-1]}, headers=claimed)).status_code

            return list(await asyncio.gather(*map(press, range(times))))

    async def _until_up(self, client: httpx.AsyncClient, url: str) -> None:
        for _ in range(400):
            try:
                if (await client.get(f"{url}/healthz")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        raise TimeoutError(url)


class TestHeaders:
    def test_stand_on_everything_that_streamlit_serves(self, portal):
        cookie = portal.cookie(PLACE, portal.token)
        with httpx.Client(
            base_url=portal.url, trust_env=False, headers={"Cookie": cookie, "Accept-Encoding": "gzip"}
        ) as c:
            script = re.search(r'src="\./(static/js/[^"]+)"', c.get("/").text)
            assert script is not None
            paths = [
                "/",
                f"/{script[1]}",
                "/favicon.png",
                "/_stcore/health",
                "/_stcore/host-config",
                "/_stcore/metrics",
            ]
            for path in [*paths, "/media/none.png", "/component/none/x.js", "/static/../x", "//evil.example/x"]:
                answer = c.get(path)
                policy = answer.headers["content-security-policy"]
                assert re.search(r"script-src 'self' blob: 'sha256-[\w+/=]+';", policy), path
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["referrer-policy"] == "no-referrer"
                assert "server" not in answer.headers
                cached = answer.headers["cache-control"].startswith("public")
                assert cached == (path in ("/favicon.png", f"/{script[1]}")), path
