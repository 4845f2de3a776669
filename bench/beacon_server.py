"""The server that the beacon bench calls: a route that does nothing, and the intake, in one process.

``uvicorn bench.beacon_server:app --loop uvloop --http httptools`` with BENCH_DATABASE set.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import db
from core.engagement.batch import Outcome, keep
from core.engagement.beacons import parse
from core.engagement.ingest import Ingest

db.configure(os.environ["BENCH_DATABASE"])
intake: list[Ingest] = []


async def nothing(_request: Request) -> Response:
    """Answer at once: the floor."""
    return Response(status_code=204)


async def seen(request: Request) -> Response:
    """Take a beacon in, as the portal does."""
    secret = hashlib.sha256(request.cookies.get("reader", "").encode()).digest()
    outcome = await intake[0].receive(await request.body(), secret)
    return Response(status_code=403 if outcome is Outcome.ENDED else 204)


async def seen_alone(request: Request) -> Response:
    """The same with a transaction for each beacon, for comparison."""
    secret = hashlib.sha256(request.cookies.get("reader", "").encode()).digest()
    beacon = parse(await request.body())
    await run_in_threadpool(keep, [(beacon, secret)])
    return Response(status_code=204)


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Run the intake as long as the server."""
    intake.append(Ingest())
    intake[0].start()
    yield
    await intake[0].stop()


app = Starlette(
    routes=[Route(path, route, methods=["POST"]) for path, route in
            (("/nothing", nothing), ("/seen", seen), ("/alone", seen_alone))],
    lifespan=lifespan,
)  # fmt: skip
