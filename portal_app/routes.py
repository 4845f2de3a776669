"""The portal's plain HTTP: the page before a proposal, opening it, asking for a new link, beacons, leaving."""

import re
from collections.abc import Mapping
from pathlib import Path

import structlog
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.access import limits
from core.access.secret import hashed
from core.access.service import leave
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced
from core.actor import Actor, ActorKind, system
from core.contacts.presence import who
from core.db import reading, transaction
from core.engagement.batch import Outcome
from core.engagement.ingest import Ingest
from core.errors import DomainError, NotSaved
from core.format import day
from core.i18n import LANGUAGES
from core.mail.brand import Brand
from core.proposals import unlock
from core.proposals.unlock import EntryPage
from core.settings import settings
from front_door import answers, cookies, pages
from front_door.client import client_of
from front_door.stray import Stray
from portal_app import contact_routes, documents, hooks, room_routes, sign_routes, training_routes, verify_routes
from portal_app.door import door
from portal_app.wrong_doors import meant

log = structlog.get_logger()
VIEWS = Path(__file__).parent / "views"
MOST_OF_A_BEACON = 4_096
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
REPLACEABLE = (LinkExpired, LinkReplaced)
"""Links that a press of "Send me a new link" can do something about."""


def routes(ingest: Ingest) -> list[BaseRoute]:
    """Every route of the portal besides Streamlit's."""
    return [
        Route("/partnership/{slug}", Entry),
        Route("/partnership/{slug}/new-link", NewLink),
        Route("/seen", Beacons(ingest)),
        Route("/leave", Leave),
        *room_routes.routes(),
        *contact_routes.routes(),
        *sign_routes.routes(),
        *verify_routes.routes(),
        *training_routes.routes(),
        documents.route(),
        hooks.route(),
        *answers.ROUTES,
        Stray(VIEWS, door()),
    ]


class Entry(HTTPEndpoint):
    """A proposal's link: looking at it changes nothing, pressing a button opens the proposal."""

    async def get(self, request: Request) -> Response:
        """The page that says who invites whom and what is recorded; or what is wrong with the link."""
        slug, token = _slug(request), request.query_params.get("token", "")
        if not token and settings().legacy_proposal_codes_accepted:
            return pages.bilingual(request.scope, "code", slug=slug)
        try:
            entry = await to_thread.run_sync(_look, slug, token)
        except LinkRefused as refusal:
            return await _refused(request, refusal, slug, token)
        return _entry_page(entry, token)

    async def post(self, request: Request) -> Response:
        """Open the proposal: a session, its cookie, and an address without the token."""
        slug, form = _slug(request), await answers.form(request)
        device = cookies.device(request)
        by = client_of(request.scope).actor()
        try:
            secret = await to_thread.run_sync(_open, slug, form, device, by)
        except DomainError as refusal:
            return await _refused(request, refusal, slug, form.get("token", ""))
        answer = RedirectResponse("/", 303)
        cookies.let_in(answer, door(), secret)
        cookies.remember_device(answer, door(), device)
        return answer


class NewLink(HTTPEndpoint):
    """ "Send me a new link", for links that have run out."""

    async def post(self, request: Request) -> Response:
        """The same answer, whatever is known about the link."""
        slug, form = _slug(request), await answers.form(request)
        await to_thread.run_sync(_ask_for_new_link, slug, form.get("token", ""), client_of(request.scope).actor())
        return pages.bilingual(request.scope, "notice", words="entry.asked")


class Leave(HTTPEndpoint):
    """Ending one's own session."""

    async def get(self, request: Request) -> Response:
        """Ask; a link alone ends nothing."""
        return pages.bilingual(request.scope, "leave", words="entry.leave")

    async def post(self, request: Request) -> Response:
        """End it and say so."""
        secret = cookies.session_secret(request.scope, door())
        left = await to_thread.run_sync(_close, secret, client_of(request.scope).actor())
        way = ("contact_sign_in.lead", "/sign-in") if left == "entry.left_portal" else None
        answer = pages.bilingual(request.scope, "notice", words=left, way=way)
        cookies.let_out(answer, door())
        return answer


class Beacons:
    """Reading times as a reader's browser reports them; plain ASGI, since no route is busier."""

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest
        self.door = door()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """204 once a beacon is kept, or dropped for whatever reason; 403 when the session has ended."""
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        sent = await _beacon(receive)
        try:
            outcome = await self.ingest.receive(sent, hashed(cookies.session_secret(scope, self.door)))
        except NotSaved as refusal:
            status = answers.status_of(refusal)
        else:
            status = 403 if outcome is Outcome.ENDED else 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body"})


async def _beacon(receive: Receive) -> bytes:
    """What was sent; nothing when it is longer than any beacon."""
    message = await receive()
    sent: bytes = message.get("body", b"")
    while message.get("more_body") and len(sent) <= MOST_OF_A_BEACON:
        message = await receive()
        sent += message.get("body", b"")
    return sent if len(sent) <= MOST_OF_A_BEACON else b""


def beacons_first(app: ASGIApp, ingest: Ingest) -> ASGIApp:
    """The app, with beacons taken in before it: they need nothing of its middleware."""
    beacons = ServerErrorMiddleware(Beacons(ingest), handler=answers.answer_crash)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        is_beacon = scope["type"] == "http" and scope["path"] == "/seen" and scope["method"] == "POST"
        await (beacons if is_beacon else app)(scope, receive, send)

    return served


def _slug(request: Request) -> str:
    """The partner's name in the address.

    Raises:
        LinkAltered: it is not spelled as we spell them.
    """
    slug: str = request.path_params["slug"]
    if not SLUG.fullmatch(slug):
        raise LinkAltered
    return slug


def _look(slug: str, token: str) -> EntryPage:
    with reading(system()) as session:
        return unlock.look(session, slug, token)


def _open(slug: str, form: Mapping[str, str], device: str, by: Actor) -> str:
    """The secret of a new session. A code is counted before it is compared; a good link is never counted."""
    measured, code = form.get("measured") == "yes", form.get("code", "")
    if code:
        limits.failed_unlock(by.ip or "", slug)
        with transaction(by) as session:
            return unlock.open_by_code(session, slug, code, measured=measured, device=device, by=by)
    try:
        with transaction(by) as session:
            return unlock.open_by_link(session, slug, form.get("token", ""), measured=measured, device=device, by=by)
    except LinkRefused as refusal:
        log.warning("unlock.refused", slug=slug, ip=by.ip, why=type(refusal).__name__)
        limits.failed_unlock(by.ip or "", slug)
        raise


def _ask_for_new_link(slug: str, token: str, by: Actor) -> None:
    limits.asked_for_link(by.ip or "", slug)
    with transaction(by) as session:
        unlock.ask_for_new_link(session, slug, token, by=by)


def _close(secret: str, by: Actor) -> str:
    """End a session; the words for who left: a reader or a guest, a contact, or staff who looked as one."""
    with transaction(by) as session:
        was = who(session, secret) if secret else None
        leave(session, secret, by=by)
    if was is None or was.kind is not ActorKind.CONTACT:
        return "entry.left"
    return "entry.left_view" if was.viewer else "entry.left_portal"


def _entry_page(entry: EntryPage, token: str) -> Response:
    languages = pages.both_languages(entry.language)
    names = {
        language: entry.named(language) | {"day": day(entry.expires_on, language=language, year=True)}
        for language in LANGUAGES
    }
    brand = Brand(names[languages[0]]["company"], entry.colour)
    return pages.page("entry", languages=languages, brand=brand, entry=entry, names=names, slug=entry.slug, token=token)


async def _refused(request: Request, refusal: DomainError, slug: str, token: str) -> Response:
    refusal = await to_thread.run_sync(meant, refusal, token)
    again = f"/partnership/{slug}/new-link" if isinstance(refusal, REPLACEABLE) else ""
    return pages.refused(request.scope, refusal, status=answers.status_of(refusal), again=again, token=token)
