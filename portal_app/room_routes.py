"""The room's plain HTTP: the page before it, entering, asking for the newest link."""

import structlog
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.access import limits
from core.access.tokens import LinkRefused, LinkReplaced
from core.actor import Actor, system
from core.db import reading, transaction
from core.errors import DomainError
from core.i18n import LANGUAGES
from core.mail.brand import Brand
from core.partners import room_entry
from core.partners.hosts import Host
from front_door import answers, cookies, pages
from front_door.client import client_of
from portal_app.door import door
from portal_app.wrong_doors import meant

log = structlog.get_logger()
LONGEST_TOKEN = 4_000


def routes() -> list[BaseRoute]:
    """The routes of the room besides its page."""
    return [Route("/portal/{token}", Entry), Route("/portal/{token}/new-link", NewLink)]


class Entry(HTTPEndpoint):
    """The room's link: looking at it changes nothing, pressing the button lets somebody in."""

    async def get(self, request: Request) -> Response:
        """The page that says whose room it is and what is in it; or what is wrong with the link."""
        token = _token(request)
        try:
            entry = await to_thread.run_sync(_look, token)
        except LinkRefused as refusal:
            return await _refused(request, refusal, token)
        return _entry_page(entry)

    async def post(self, request: Request) -> Response:
        """Enter: a session, its cookie, and an address without the token."""
        token, device = _token(request), cookies.device(request)
        try:
            secret = await to_thread.run_sync(_enter, token, device, client_of(request.scope).actor())
        except DomainError as refusal:
            return await _refused(request, refusal, token)
        answer = RedirectResponse("/room", 303)
        cookies.let_in(answer, door(), secret)
        cookies.remember_device(answer, door(), device)
        return answer


class NewLink(HTTPEndpoint):
    """ "Send me a new link", for links that a newer one replaced."""

    async def post(self, request: Request) -> Response:
        """The same answer, whatever is known about the link."""
        await to_thread.run_sync(_ask_for_new_link, _token(request), client_of(request.scope).actor())
        return pages.bilingual(request.scope, "notice", words="entry.asked")


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    return token[:LONGEST_TOKEN]


def _look(token: str) -> Host:
    with reading(system()) as session:
        return room_entry.look(session, token)


def _enter(token: str, device: str, by: Actor) -> str:
    """The secret of a new session; only links that open nothing are counted."""
    try:
        with transaction(by) as session:
            return room_entry.enter(session, token, device=device, by=by)
    except LinkRefused as refusal:
        log.warning("room.refused", ip=by.ip, why=type(refusal).__name__)
        limits.failed_unlock(by.ip or "", "room")
        raise


def _ask_for_new_link(token: str, by: Actor) -> None:
    limits.asked_for_link(by.ip or "", f"room:{token}")
    with transaction(by) as session:
        room_entry.ask_for_new_link(session, token, by=by)


def _entry_page(entry: Host) -> Response:
    languages = pages.both_languages(entry.language)
    names = {language: entry.named(language) for language in LANGUAGES}
    brand = Brand(names[languages[0]]["company"], entry.colour)
    return pages.page("room_entry", languages=languages, brand=brand, entry=entry, names=names)


async def _refused(request: Request, refusal: DomainError, token: str) -> Response:
    refusal = await to_thread.run_sync(meant, refusal, token)
    again = f"/portal/{token}/new-link" if isinstance(refusal, LinkReplaced) else ""
    return pages.refused(request.scope, refusal, status=answers.status_of(refusal), again=again)
