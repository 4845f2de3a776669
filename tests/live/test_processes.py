"""The front door of the real processes: stolen ids, headers."""

import asyncio
import re

import httpx
import pytest
import websockets

from core.audit.models import AuditEntry
from core.audit.tags import Tag
from tests.live.conftest import CANARY, PLACE, count
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
