"""Lists taken out as files: ``GET /export/<name>?format=csv|xlsx`` with the filters of the page it was taken from.

A list is one entry of ``EXPORTS``: a read that gets a session and the query parameters and answers a ``Sheet``. The
read checks who may see the rows; taking them out is a right of its own, and is recorded before the file leaves.
"""

from collections.abc import Callable, Mapping

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from admin_app.analytics.export import analytics_sheet
from admin_app.caller import caller
from admin_app.intents.export import deals_sheet, intents_sheet
from admin_app.library.downloads import library_downloads_sheet
from admin_app.nda.export import ndas_sheet
from admin_app.partner.downloads import downloads_sheet
from admin_app.reading.export import engagement_sheet
from admin_app.training_team.export import certifications_sheet
from core.actor import Act, Actor, allowed
from core.audit import queries as audit
from core.audit.acts import take_export
from core.clock import now
from core.db import Reads, reading, transaction
from core.errors import NotAllowed
from core.export import MOST_ROWS, Sheet, csv_bytes, xlsx_bytes

Params = Mapping[str, str]
FORMATS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_LONGEST_FILTER = 200


class ExportNotAllowed(NotAllowed):
    """Your role does not allow taking out lists. Ask an admin of your company."""


def route() -> Route:
    """``GET /export/{name}``."""
    return Route("/export/{name}", Export)


class Export(HTTPEndpoint):
    """A list as a file, never stored on the way."""

    async def get(self, request: Request) -> Response:
        """The file; 404 for a list or a format that is not offered."""
        name, kind = request.path_params["name"], request.query_params.get("format", "csv")
        if name not in EXPORTS or kind not in FORMATS:
            raise HTTPException(404)
        return await to_thread.run_sync(_file, request, name, kind)


def _file(request: Request, name: str, kind: str) -> Response:
    actor = caller(request)
    if not allowed(actor, Act.EXPORT):
        raise ExportNotAllowed
    given = {key: value[:_LONGEST_FILTER] for key, value in request.query_params.items() if key != "format" and value}
    with reading(actor) as session:
        sheet = EXPORTS[name](session, given)
    write, media_type = FORMATS[kind]
    content = write(sheet)
    _record(actor, name, kind, rows=len(sheet.rows), filters=given)
    file_name = f"{name}-{now():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _record(actor: Actor, name: str, kind: str, *, rows: int, filters: Params) -> None:
    with transaction(actor) as session:
        take_export(session, name, file_format=kind, rows=rows, filters=filters, by=actor)


def audit_sheet(session: Reads, params: Params) -> Sheet:
    """The audit log as filtered by ``act`` (a tag) and ``text``, newest first."""
    found, _total = audit.entries(session, tag=params.get("act"), text=params.get("text", ""), size=MOST_ROWS)
    header = ("Entry", "When (UTC)", "Who", "Act", "To what", "Kind", "Before", "After", "IP address", "Device")
    rows = [
        (e.seq, e.at, e.who, e.tag, e.subject, e.subject_type, e.before, e.after, e.ip, e.user_agent) for e in found
    ]
    return Sheet("Audit", header, rows)


EXPORTS: dict[str, Callable[[Reads, Params], Sheet]] = {
    "audit": audit_sheet,
    "certifications": certifications_sheet,
    "deal_analytics": analytics_sheet,
    "deal_intents": intents_sheet,
    "deals": deals_sheet,
    "downloads": downloads_sheet,
    "engagement": engagement_sheet,
    "library_downloads": library_downloads_sheet,
    "ndas": ndas_sheet,
}
"""Every list that can be taken out, by the name in its address; pages with a list of their own add it here."""
