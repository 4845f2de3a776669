"""``GET /documents/{id}``: a document out of a partner's vault, of a deal or of the library, for staff."""

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from admin_app.caller import caller
from core.library.fetching import fetch
from front_door.downloads import deliver


def route() -> Route:
    """``GET /documents/{id}``, with ``?version=`` for an earlier one."""
    return Route("/documents/{id}", Download)


class Download(HTTPEndpoint):
    """A document as a file."""

    async def get(self, request: Request) -> Response:
        """The file; every time is on record."""
        return await deliver(request, await to_thread.run_sync(caller, request), fetch)

    async def head(self, request: Request) -> Response:
        """Refused: nothing leaves without a record, not even a size."""
        raise HTTPException(405, headers={"Allow": "GET"})
