"""Failed unlocks of the real processes: counted once for all of them, in the database."""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from core.access import tokens
from core.access.models import AccessSession, Attempt
from core.actor import Actor
from core.db import transaction, writer
from core.partners.models import Partner
from core.partners.service import set_legacy_code
from tests.core.proposal_acts import invite, publish
from tests.live.conftest import PLACE, count
from tests.servers import Process, Stack, free_port, wait_until

CODE, WRONG = {"code": "SOHAR-2024"}, {"code": "SOHAR-2025"}
ME, THEM = "203.0.113.66", "198.51.100.7"
MANY = (40, pytest.param(100, marks=pytest.mark.soak))


@dataclass(frozen=True)
class Twins:
    """Two portal processes over one database, and a link and a code that open a proposal."""

    stack: Stack
    second: Process
    token: str

    @property
    def urls(self) -> tuple[str, str]:
        """Their addresses."""
        return self.stack.portal_url, f"http://127.0.0.1:{self.second.command[self.second.command.index('--port') + 1]}"

    def restart(self) -> None:
        """End both at once and start them again."""
        for process in (self.stack.portal, self.second):
            process.kill()
            process.start()
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Return once both answer."""
        self.stack.wait_until_healthy()
        wait_until(lambda: _answers(self.urls[1]), what="the second portal", seconds=40)

    def press(self, times: int, form: dict[str, str]) -> Counter[int]:
        """Press at both at once as the attacker; the statuses."""
        return Counter(answer.status_code for answer in asyncio.run(self._press(form, [me() for _ in range(times)])))

    def press_once(self, form: dict[str, str], forwarded: str = ME) -> httpx.Response:
        """Press at the first."""
        [answer] = asyncio.run(self._press(form, [forwarded]))
        return answer

    async def _press(self, form: dict[str, str], forwarded: list[str]) -> list[httpx.Response]:
        own = {"Origin": self.stack.portal_url}
        async with httpx.AsyncClient(trust_env=False, timeout=60, headers=own, limits=httpx.Limits()) as client:
            works = (
                client.post(self.urls[n % 2] + PLACE, data=form, headers={"X-Forwarded-For": hops})
                for n, hops in enumerate(forwarded)
            )
            return list(await asyncio.gather(*works))


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False


@contextmanager
def running(database: str, folder: Path, token: str, **settings: Any) -> Iterator[Twins]:
    """Two portals for a test."""
    stack = Stack(
        database_url=database, folder=folder, apps=("portal",), legacy_proposal_codes_accepted=True, **settings
    )
    port, own = str(free_port()), stack.portal_url.rpartition(":")[2]
    command = [port if part == own else part for part in stack.portal.command]
    second = Process("portal-2", command, environment=stack.portal.environment, log=folder / "portal-2.log")
    with stack:
        second.start()
        try:
            twins = Twins(stack, second, token)
            twins.wait_until_up()
            yield twins
        finally:
            second.stop()


@pytest.fixture
def token(aisha: Actor, partner: Partner) -> str:
    """A link to a published proposal; its partner has an access code of an older system too."""
    publish(aisha, partner)
    with transaction(aisha) as session:
        set_legacy_code(session, partner.id, code=CODE["code"], by=aisha)
    return tokens.spell(invite(aisha, partner))


@pytest.fixture
def twins(database: str, tmp_path: Path, token: str) -> Iterator[Twins]:
    """Two portals behind one proxy of ours, which adds to the forwarded header whom it heard."""
    with running(database, tmp_path / "run", token, state_dir=os.environ["STATE_DIR"], trusted_proxies=1) as both:
        yield both


def me() -> str:
    """The forwarded header of one attacker, who claims to be somebody else each time."""
    return f"{THEM}, {'.'.join(str(random.randrange(1, 255)) for _ in range(4))}, {ME}"


@pytest.mark.parametrize("times", MANY)
def test_five_are_looked_at_however_many_come_at_once(twins: Twins, times: int):
    assert twins.press(times, WRONG) == {404: 5, 429: times - 5}
    assert count(Attempt) == 10
    refused = twins.press_once(CODE)
    assert refused.status_code == 429, "not even the right code is looked at"
    assert "Too many attempts. Try again at" in refused.text
    assert int(refused.headers["Retry-After"]) > 3_000
    twins.restart()
    assert twins.press(6, WRONG) == {429: 6}
    assert twins.press(6, {"token": twins.token[:-1]}) == {429: 6}
    assert count(AccessSession) == 0
    assert twins.press(2, {"token": twins.token}) == {303: 2}, "a link that is right was never guessed"
    assert twins.press_once(WRONG, THEM).status_code == 404, "whom the attacker claimed to be was not counted"
    assert twins.press_once(CODE, THEM).status_code == 303


def test_nothing_opens_by_a_code_while_attempts_cannot_be_counted(twins: Twins):
    _rename("attempt", "attempt_gone")
    for form in (CODE, WRONG, {"token": twins.token[:-1]}):
        refused = twins.press_once(form)
        assert refused.status_code in (500, 503)
        assert re.search(r"(Not saved|Something went wrong on our side).+ error [0-9A-F]{4}\.", refused.text)
        assert not refused.cookies
    assert count(AccessSession) == 0
    _rename("attempt_gone", "attempt")
    assert twins.press_once(CODE).status_code == 303


def _rename(table: str, to: str) -> None:
    with writer().begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
