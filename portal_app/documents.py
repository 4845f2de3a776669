"""``GET /documents/{id}``: a document out of a partner's vault; for a reseller's people, of whatever they are shown."""

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access.devices import DeviceUnknown
from core.actor import Act, Actor, ActorKind, allowed, system
from core.companies.models import Company
from core.companies.service import brand_of
from core.contacts.presence import who
from core.db import reading
from core.library import fetching as of_portal
from core.mail.brand import Brand
from core.vault.fetching import NdaFirst, fetch_own
from core.vault.handing_over import SessionEnded
from front_door import answers, cookies, pages
from front_door.client import client_of
from front_door.downloads import deliver
from portal_app.door import door

UNLOCK = "/room?unlock=1"
"""Where a person proves the mailbox before documents open."""
CONFIRM = "/"
"""The same for a reseller's people."""


def route() -> Route:
    """``GET /documents/{id}``."""
    return Route("/documents/{id}", Download)


class Download(HTTPEndpoint):
    """A document as a file."""

    async def get(self, request: Request) -> Response:
        """The file; or a page that says what opens it; or the room, where a code opens it."""
        actor = await to_thread.run_sync(caller, request)
        if actor.kind is ActorKind.CONTACT:
            return await _for_contact(request, actor)
        if not allowed(actor, Act.USE_ROOM):
            return RedirectResponse(UNLOCK, 303)
        try:
            return await deliver(request, actor, fetch_own)
        except DeviceUnknown:
            return RedirectResponse(UNLOCK, 303)
        except NdaFirst as refusal:
            return await to_thread.run_sync(_gated, actor, refusal)

    async def head(self, request: Request) -> Response:
        """Refused: nothing leaves without a record, not even a size."""
        raise HTTPException(405, headers={"Allow": "GET"})


async def _for_contact(request: Request, actor: Actor) -> Response:
    """A document for one of a reseller's people; or the page where a code opens it."""
    try:
        return await deliver(request, actor, of_portal.fetch_own)
    except DeviceUnknown:
        return RedirectResponse(CONFIRM, 303)


def caller(request: Request) -> Actor:
    """Whose request this is.

    Raises:
        SessionEnded: the cookie lets nobody in any more.
    """
    client, secret = client_of(request.scope), cookies.session_secret(request.scope, door())
    with reading(system()) as session:
        found = who(session, secret, ip=client.ip, user_agent=client.user_agent) if secret else None
    if found is None:
        raise SessionEnded
    return found


def _gated(actor: Actor, refusal: NdaFirst) -> Response:
    """What a person sees who asks for a document before the NDA is signed."""
    with reading(actor) as session:
        company = session.get_one(Company, actor.company)
        brand: Brand = brand_of(company, actor.language)
    languages = pages.both_languages(actor.language)
    return pages.page("gated", languages=languages, brand=brand, status=answers.status_of(refusal), error=refusal)
