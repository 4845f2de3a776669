"""A mail as it looks, in a tab of its own: served as a document that may run, load and reach nothing."""

from uuid import UUID

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from admin_app.caller import caller
from core.actor import Act, allowed
from core.db import reading
from core.mail import queries

POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


def route() -> Route:
    """``GET /mail/{id}``."""
    return Route("/mail/{mail_id:uuid}", MailPreview)


class MailPreview(HTTPEndpoint):
    """One mail's HTML, for those who may read mail; links that let somebody in only for those who manage it."""

    async def get(self, request: Request) -> Response:
        """The mail as a page in a sandbox."""
        html = await to_thread.run_sync(_html, request, request.path_params["mail_id"])
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def _html(request: Request, mail_id: UUID) -> str:
    actor = caller(request)
    with reading(actor) as session:
        read = queries.mail_with_links if allowed(actor, Act.MANAGE_MAIL) else queries.mail
        return read(session, mail_id).html
