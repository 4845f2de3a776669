"""What leaves either app by a plain address in training: pictures of questions, and certificates, which are on record.

Each app says who asks; core says what they may have.
"""

from collections.abc import Callable
from uuid import UUID

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.actor import Actor
from core.db import reading, transaction
from core.errors import NotFound
from core.training import certificates, my_modules
from front_door.downloads import disposition

CERTIFICATES = "/training/certificates/"
PICTURES = "/training/pictures/"
Caller = Callable[[Request], Actor]
_HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


class TrainingFileNotFound(NotFound):
    """This file was not found. Open the training again and choose it there."""


def routes(caller: Caller) -> list[BaseRoute]:
    """``GET /training/pictures/{id}`` and ``GET /training/certificates/{id}``; ``caller`` tells who asks, and runs in a
    thread.
    """

    class Picture(HTTPEndpoint):
        """A picture of a question, shown in the page."""

        async def get(self, request: Request) -> Response:
            """The picture."""
            return await to_thread.run_sync(_picture, caller, request)

    class Certificate(HTTPEndpoint):
        """A certificate as a file."""

        async def get(self, request: Request) -> Response:
            """The file; every time is on record before it leaves."""
            return await to_thread.run_sync(_certificate, caller, request)

        async def head(self, request: Request) -> Response:
            """Refused: nothing leaves without a record, not even a size."""
            raise HTTPException(405, headers={"Allow": "GET"})

    return [Route(f"{PICTURES}{{id}}", Picture), Route(f"{CERTIFICATES}{{id}}", Certificate)]


def _picture(caller: Caller, request: Request) -> Response:
    with reading(caller(request)) as session:
        found = my_modules.picture(session, _asked(request))
    return Response(found.content, media_type=found.media_type, headers=_HARMLESS)


def _certificate(caller: Caller, request: Request) -> Response:
    by = caller(request)
    with transaction(by) as session:
        found = certificates.fetch(session, _asked(request), by=by)
    headers = _HARMLESS | {"Content-Disposition": disposition(found.name)}
    return Response(found.content, media_type=found.media_type, headers=headers)


def _asked(request: Request) -> UUID:
    try:
        return UUID(request.path_params["id"])
    except ValueError:
        raise TrainingFileNotFound from None
