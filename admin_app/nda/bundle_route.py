"""``GET /nda/{id}/evidence``: the evidence of one NDA as a file, for who manages NDAs."""

from uuid import UUID

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from admin_app.caller import caller
from core.db import transaction
from core.nda import evidence_service
from core.nda.evidence_service import Bundle


def route() -> Route:
    """``GET /nda/{id}/evidence``."""
    return Route("/nda/{nda_id:uuid}/evidence", Evidence)


class Evidence(HTTPEndpoint):
    """The evidence bundle; every time is on record before the first byte leaves."""

    async def get(self, request: Request) -> Response:
        """The file, never stored on the way."""
        bundle = await to_thread.run_sync(_bundle, request, request.path_params["nda_id"])
        headers = {
            "Content-Disposition": f'attachment; filename="{bundle.file_name}"',
            "Cache-Control": "no-store",
        }
        return Response(bundle.data, media_type="application/zip", headers=headers)

    async def head(self, request: Request) -> Response:
        """Refused: nothing leaves without a record, not even a size."""
        raise HTTPException(405, headers={"Allow": "GET"})


def _bundle(request: Request, nda_id: UUID) -> Bundle:
    actor = caller(request)
    with transaction(actor) as session:
        return evidence_service.bundle(session, nda_id, by=actor)
