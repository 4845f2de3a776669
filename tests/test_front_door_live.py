"""The front door of the real processes: stolen ids, floods, limits across processes, and what a browser makes of it."""

import asyncio
import os
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import pytest
import websockets
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from core.access import tokens
from core.access.models import AccessSession, Attempt
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies import sign_in
from core.db import Base, reading, transaction
from core.engagement.models import Visit
from core.partners.models import Partner
from tests.browser import axe
from tests.core.proposal_acts import invite, publish, written
from tests.factories import make_partner
from tests.servers import ROOT, Process, Stack, free_port
from tests.wire import connected

CANARY = "Canary of the first partner"
PLACE = "/partnership/salalah-retail"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ALLOWED_VIOLATIONS = ("script-src wasm-eval", "WebAssembly")
"""What Streamlit's own front end tries and does without: its protobuf library counts in WebAssembly where it may."""


@dataclass(frozen=True)
class Portal:
    """A running portal with two partners who may read."""

    stack: Stack
    token: str
    other_token: str

    @property
    def url(self) -> str:
        """Its address."""
        return self.stack.portal_url

    def cookie(self, place: str, token: str) -> str:
        """The cookie of a new reader."""
        headers = {"Origin": self.url}
        with httpx.Client(base_url=self.url, trust_env=False, headers=headers) as client:
            answer = client.post(place, data={"token": token, "measured": "no"})
        assert answer.status_code == 303
        return f"pd_portal={answer.cookies['pd_portal']}"


@pytest.fixture
def portal(sqlite_database: str, tmp_path: Path, aisha: Actor, partner: Partner) -> Iterator[Portal]:
    """The real portal, and links to the proposals of two partners."""
    with transaction(aisha) as session:
        other = make_partner(session, slug="nizwa-dates", name="Nizwa Dates", owner_id=aisha.id)
    publish(aisha, partner, written(CANARY))
    publish(aisha, other, written("Another proposal"))
    links = [tokens.spell(invite(aisha, someone)) for someone in (partner, other)]
    with Stack(
        database_url=sqlite_database, folder=tmp_path / "run", worker=False, state_dir=os.environ["STATE_DIR"]
    ) as s:
        yield Portal(s, *links)
        said = s.logs()
    assert not any(link in said for link in links)
    assert "GET /" not in said
    assert not re.search(r"pd_portal=[\w-]{20}", said)


def count(model: type[Base], *conditions: object) -> int:
    """How many rows there are."""
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


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


def violations(page: Page) -> list[str]:
    """Collects what the browser refuses on a page because of the content policy."""
    found: list[str] = []
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error(`CSP ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`))"
    )
    page.on("console", lambda message: found.append(message.text) if "CSP" in message.text else None)
    page.on("console", lambda m: found.append(m.text) if "Content Security Policy" in m.text else None)
    return found


VIEWS = sorted(file.stem for file in (ROOT / "admin_app" / "views").glob("*.py"))


class TestAdminInABrowser:
    def test_no_page_needs_more_than_the_content_policy_allows(self, portal, aisha, browser: Browser):
        with transaction(system()) as session:
            secret = sign_in.open_for_email(session, "aisha.al.balushi@dhofar.om", by=system())
        admin = portal.stack.admin_url
        context = browser.new_context()
        context.add_cookies([{"name": "pd_admin", "value": secret, "url": admin}])
        page = context.new_page()
        refused = violations(page)
        for view in VIEWS:
            page.goto(f"{admin}/{view}")
            page.get_by_test_id("stApp").wait_for()
            page.wait_for_timeout(1_200)
        assert {text for text in refused if not any(known in text for known in ALLOWED_VIOLATIONS)} == set()
        context.close()


class TestInABrowser:
    def test_a_scanner_that_runs_scripts_but_presses_nothing_leaves_no_trace(self, portal, browser: Browser):
        page = browser.new_page()
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.mouse.move(200, 200)
        page.wait_for_timeout(3_000)
        page.close()
        assert (count(AccessSession), count(Visit)) == (0, 0)

    def test_a_press_opens_the_proposal_at_an_address_without_the_token(self, portal, browser: Browser):
        page = browser.new_page()
        refused = violations(page)
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.get_by_role("button", name="Open", exact=True).first.click()
        page.get_by_text(CANARY).first.wait_for()
        page.wait_for_timeout(1_000)
        assert "token" not in page.url
        assert [text for text in refused if not any(known in text for known in ALLOWED_VIOLATIONS)] == []
        page.close()

    def test_every_plain_page_can_be_used_by_everybody(self, portal, browser: Browser):
        addresses = [
            f"{portal.url}{PLACE}?token={portal.token}",
            f"{portal.url}{PLACE}?token={portal.token[:-1]}",
            f"{portal.url}/",
            f"{portal.url}/leave",
            f"{portal.stack.admin_url}/sign-in",
            f"{portal.stack.admin_url}/sign-in?lang=ar",
            f"{portal.stack.admin_url}/sign-in/secret",
            f"{portal.stack.admin_url}/sign-out",
        ]
        for scheme in SCHEMES:
            page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
            for address in addresses:
                page.goto(address)
                assert (address, axe(page)) == (address, [])
                assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.close()

    def test_an_injected_script_does_not_run(self, portal, browser: Browser):
        page = browser.new_page()
        refused = violations(page)
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'document.title = \"owned\"';"
            " document.body.append(s); const i = document.createElement('img'); i.setAttribute('onerror',"
            " 'document.title = \"owned\"'); i.src = 'x:'; document.body.append(i); }"
        )
        page.wait_for_timeout(300)
        assert page.title() != "owned"
        assert refused
        page.close()
