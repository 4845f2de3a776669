"""The portal as it is served, for the bench of downloads, with a plain file response behind the same gate.

``uvicorn bench.download_server:app``. BENCH_FILES names the folder of the plain files.
"""

import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Route

import portal_app.routes as portal
from core.engagement.ingest import Ingest

PLAIN = "/partnership/bench/plain/{name}"
"""A path that the portal's gate lets through without a session."""


async def plain(request: Request) -> FileResponse:
    """A file as Starlette sends it: nobody is asked, nothing is recorded."""
    return FileResponse(Path(os.environ["BENCH_FILES"]) / request.path_params["name"])


_own = portal.routes


def _routes(ingest: Ingest) -> list[BaseRoute]:
    return [Route(PLAIN, plain), *_own(ingest)]


portal.routes = _routes

from portal_app.asgi import app  # noqa: E402 - made with the routes above

__all__ = ["app"]
