"""``GET /training/{id}/quiz?format=json|gift``: the questions of a quiz as a file, for who writes training."""

from typing import Any
from uuid import UUID

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from admin_app.caller import caller
from core.audit.acts import take_export
from core.db import transaction
from core.training import queries
from core.training.authoring import Form
from core.vault.names import safe_name
from front_door.downloads import disposition

FORMS: dict[str, tuple[Form, str, str]] = {
    "json": ("json", "json", "application/json"),
    "gift": ("gift", "gift.txt", "text/plain; charset=utf-8"),
}
"""Per ``?format=``: the form, the end of the file's name, and what it is."""


def route() -> Route:
    """``GET /training/{id}/quiz``."""
    return Route("/training/{module_id:uuid}/quiz", Quiz)


class Quiz(HTTPEndpoint):
    """The questions with their right answers; every time is on record before the first byte leaves."""

    async def get(self, request: Request) -> Response:
        """The file, never stored on the way; 404 for a form that is not offered."""
        if (form := request.query_params.get("format", "json")) not in FORMS:
            raise HTTPException(404)
        return await to_thread.run_sync(_file, request, request.path_params["module_id"], form)

    async def head(self, request: Request) -> Response:
        """Refused: nothing leaves without a record, not even a size."""
        raise HTTPException(405, headers={"Allow": "GET"})


def _file(request: Request, module_id: UUID, asked: str) -> Response:
    actor = caller(request)
    form, extension, media_type = FORMS[asked]
    with transaction(actor) as session:
        content = queries.export_quiz(session, module_id, form=form)
        module = queries.module(session, module_id)
        rows = len(module.draft if module.draft_version is not None else module.published)
        about: dict[str, Any] = {"file_format": form, "rows": rows, "filters": {"training": module.name}}
        take_export(session, "quiz", **about, by=actor)
    name = safe_name(module.name, extension=extension)
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return Response(content.encode(), media_type=media_type, headers=headers)
