"""The portal as it is served, for the beacon bench: behind its gate, with two routes that do nothing beside it.

``uvicorn bench.beacon_server:app``. BENCH_SYNC_MS makes every commit so much slower, like a disk's sync.
"""

import os
import time

from sqlalchemy import event
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

import portal_app.routes as portal
from core import db
from core.access.secret import hashed
from core.engagement.batch import keep
from core.engagement.beacons import parse
from core.engagement.ingest import Ingest
from front_door import cookies
from portal_app.door import door

INSIDE = "/partnership/bench/nothing/inside"
ALONE = "/partnership/bench/nothing/alone"
"""Paths that the portal's gate lets through without a session, as it does ``/seen``."""


async def nothing(_request: Request) -> Response:
    """Answer at once: the floor."""
    return Response(status_code=204)


async def alone(request: Request) -> Response:
    """A transaction for each beacon, for comparison."""
    beacon, secret = parse(await request.body()), cookies.session_secret(request.scope, door())
    await run_in_threadpool(keep, [(beacon, hashed(secret))])
    return Response(status_code=204)


_own = portal.routes


def _routes(ingest: Ingest) -> list[BaseRoute]:
    return [Route(INSIDE, nothing, methods=["POST"]), Route(ALONE, alone, methods=["POST"]), *_own(ingest)]


portal.routes = _routes

from portal_app.asgi import app as served  # noqa: E402 - made with the routes above

if sync := float(os.environ.get("BENCH_SYNC_MS", "0")):
    event.listen(db.writer(), "commit", lambda _connection: time.sleep(sync / 1_000))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The floor for itself; everything else, and the start and the end, to the portal."""
    is_floor = scope["type"] == "http" and scope["path"] == "/nothing"
    await (_floor if is_floor else served)(scope, receive, send)


_floor = Starlette(routes=[Route("/nothing", nothing, methods=["POST"])])
