"""Both apps' front doors without Streamlit behind them, and the links that lead through."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import StarletteDeprecationWarning
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

import admin_app.routes
import portal_app.door
import portal_app.routes
from core.access import tokens
from core.actor import Actor, system
from core.clock import now
from core.companies import sign_in
from core.companies.models import Staff
from core.db import transaction
from core.engagement.ingest import Ingest
from core.partners.models import Partner
from core.proposals.models import ProposalVersion, VersionState
from front_door.answers import EXCEPTION_HANDLERS
from front_door.door import Door
from front_door.gate import Gate

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)  # It prefers a client library that is not out yet.
    from starlette.testclient import TestClient

PAGE = "text/html,application/xhtml+xml"
HUMAN = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


async def _behind(_request: Request) -> Response:
    return PlainTextResponse("what the gate guards", headers={"Cache-Control": "public", "Server": "streamlit"})


async def _broken(_request: Request) -> Response:
    raise RuntimeError("the database's password is hunter2")


async def _app_behind(scope: Any, receive: Any, send: Any) -> None:
    await (await _behind(Request(scope, receive)))(scope, receive, send)


def gated(door: Door, routes: list[BaseRoute], ingest: Ingest | None = None) -> Gate:
    """A gate around some routes and around a stand-in for everything of Streamlit's."""

    @asynccontextmanager
    async def lifespan(_app: Starlette):
        if ingest:
            ingest.start()
        yield
        if ingest:
            await ingest.stop()

    everything = [Route("/broken", _broken), *routes, Mount("/", _app_behind)]
    return Gate(Starlette(routes=everything, exception_handlers=EXCEPTION_HANDLERS, lifespan=lifespan), door)


def _client(gate: Gate, address: str) -> TestClient:
    headers = {"Origin": address, "Accept": PAGE, "User-Agent": HUMAN}
    return TestClient(
        gate,
        base_url=address,
        headers=headers,
        follow_redirects=False,
        raise_server_exceptions=False,
        client=("203.0.113.9", 50000),
    )


@pytest.fixture
def https(set_settings: Callable[..., None]) -> None:
    """Both apps are reached by https; named before ``portal`` and ``admin``."""
    set_settings(portal_url="https://partners.dhofar.om", admin_url="https://desk.dhofar.om")


@pytest.fixture
def one_proxy(set_settings: Callable[..., None]) -> None:
    """One proxy of ours stands before the apps."""
    set_settings(trusted_proxies=1)


@pytest.fixture
def codes_accepted(set_settings: Callable[..., None]) -> None:
    """Access codes of the older system still unlock."""
    set_settings(legacy_proposal_codes_accepted=True)


@pytest.fixture
def portal(database: str) -> Iterator[TestClient]:
    """A browser at the portal."""
    ingest, door = Ingest(), portal_app.door.door()
    with _client(gated(door, portal_app.routes.routes(ingest), ingest), door.address) as client:
        yield client


@pytest.fixture
def admin(database: str) -> Iterator[TestClient]:
    """A browser at the admin app."""
    door = admin_app.routes.door()
    with _client(gated(door, admin_app.routes.routes()), door.address) as client:
        yield client


@pytest.fixture
def published(aisha: Actor, partner: Partner) -> Partner:
    """The partner, with a proposal to read."""
    with transaction(aisha) as session:
        facts = {"content": {}, "created_at": now(), "saved_at": now(), "saved_by": "Aisha", "published_at": now()}
        session.add(ProposalVersion(partner_id=partner.id, number=1, state=VersionState.PUBLISHED, **facts))
    return partner


@pytest.fixture
def issue(aisha: Actor, published: Partner) -> Callable[[], str]:
    """A function that issues a link to the proposal, replacing the one before; it answers the token."""

    def new_token() -> str:
        with transaction(aisha) as session:
            return tokens.spell(tokens.issue(session, published.id, by=aisha))

    return new_token


@pytest.fixture
def token(issue: Callable[[], str]) -> str:
    """A link's token, in force."""
    return issue()


@pytest.fixture
def sign_in_secret(aisha: Actor) -> str:
    """The secret of a sign-in link for Aisha."""
    with transaction(system(aisha.company)) as session:
        return sign_in.make_link(session, session.get_one(Staff, aisha.id), by=system(aisha.company))
