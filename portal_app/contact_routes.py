"""How a reseller's people come in by plain HTTP: a mailed link, asking for one, and staff who look as one of them."""

import time
from collections.abc import Callable

import anyio
import structlog
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.access import limits
from core.access.tokens import LinkExpired, LinkRefused, LinkReplaced
from core.actor import Actor, system
from core.contacts import entry as entries
from core.contacts.entry import COMES_IN, Entry, LinkUsed
from core.contacts.models import LinkUse
from core.db import reading, transaction
from core.engagement.devices import device_text
from core.errors import DomainError
from core.format import instant
from core.i18n import LANGUAGES, t
from core.mail.brand import Brand
from front_door import answers, cookies, pages
from front_door.client import client_of
from portal_app.door import door

log = structlog.get_logger()
ANSWER_SECONDS = 0.25
"""How long the answer to a request for a link takes at least, so that its time does not tell who is registered."""
LONGEST_SECRET = 4_000
REPLACEABLE = (LinkUsed, LinkExpired, LinkReplaced)
"""Links that a press of "Send me a new link" can do something about."""


def routes() -> list[BaseRoute]:
    """The routes before the pages of contacts."""
    return [
        Route("/sign-in", SignIn),
        Route("/join/{secret}", Join),
        Route("/join/{secret}/new-link", NewLink),
        Route("/view/{secret}", View),
    ]


class SignIn(HTTPEndpoint):
    """Asking for a link by one's e-mail address."""

    async def get(self, request: Request) -> Response:
        """The form."""
        languages = (pages.language_of(request.scope),)
        answer = pages.page("contact_sign_in", languages=languages)
        if page := cookies.local(request.query_params.get("next", "")):
            cookies.remember_next(answer, door(), page)
        return answer

    async def post(self, request: Request) -> Response:
        """Mail a link to a contact's address. Nobody can tell from the answer whether it is one's."""
        began = time.monotonic()
        form = await answers.form(request)
        await to_thread.run_sync(_ask_for_link, form.get("email", ""), client_of(request.scope).actor())
        await anyio.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))
        return pages.bilingual(request.scope, "notice", words="sign_in.sent")


class Join(HTTPEndpoint):
    """A mailed link: looking at it changes nothing, pressing the button lets its contact in."""

    async def get(self, request: Request) -> Response:
        """The page that says whose portal it is and for whom; or what is wrong with the link."""
        secret = _secret(request)
        try:
            entry = await to_thread.run_sync(_look, secret, COMES_IN)
        except LinkRefused as refusal:
            return _refused(request, refusal, secret)
        return _page("join", entry)

    async def post(self, request: Request) -> Response:
        """Spend the link: a session, its cookie, and an address without the secret."""
        secret, device = _secret(request), cookies.device(request)
        try:
            opened = await to_thread.run_sync(_enter, secret, device, client_of(request.scope).actor())
        except DomainError as refusal:
            return _refused(request, refusal, secret)
        answer = RedirectResponse(cookies.next_page(request), 303)
        cookies.let_in(answer, door(), opened)
        cookies.remember_device(answer, door(), device)
        cookies.forget_next(answer, door())
        return answer


class NewLink(HTTPEndpoint):
    """ "Send me a new link", for links that were used, replaced or have run out."""

    async def post(self, request: Request) -> Response:
        """The same answer after the same time, whatever is known about the link."""
        began = time.monotonic()
        await to_thread.run_sync(_ask_again, _secret(request), client_of(request.scope).actor())
        await anyio.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))
        return pages.bilingual(request.scope, "notice", words="entry.asked")


class View(HTTPEndpoint):
    """A link of staff: looking at it changes nothing, pressing the button shows the portal as a contact sees it."""

    async def get(self, request: Request) -> Response:
        """The page that says as whom one would look, and that it is recorded."""
        try:
            entry = await to_thread.run_sync(_look, _secret(request), (LinkUse.VIEW,))
        except LinkRefused as refusal:
            return _refused(request, refusal)
        return _page("view", entry)

    async def post(self, request: Request) -> Response:
        """Spend the link: a session that looks and changes nothing."""
        try:
            opened = await to_thread.run_sync(_enter_view, _secret(request), client_of(request.scope).actor())
        except DomainError as refusal:
            return _refused(request, refusal)
        answer = RedirectResponse("/", 303)
        cookies.let_in(answer, door(), opened)
        return answer


def _secret(request: Request) -> str:
    secret: str = request.path_params["secret"]
    return secret[:LONGEST_SECRET]


def _look(secret: str, uses: tuple[LinkUse, ...]) -> Entry:
    with reading(system()) as session:
        return entries.look(session, secret, uses=uses)


def _enter(secret: str, device: str, by: Actor) -> str:
    name = device_text(by.user_agent or "")
    return _counted(by, lambda: _entered(secret, device, name, by))


def _entered(secret: str, device: str, name: str, by: Actor) -> str:
    with transaction(by) as session:
        return entries.enter(session, secret, device=device, device_name=name, by=by)


def _enter_view(secret: str, by: Actor) -> str:
    return _counted(by, lambda: _view_entered(secret, by))


def _view_entered(secret: str, by: Actor) -> str:
    with transaction(by) as session:
        return entries.enter_view(session, secret, by=by)


def _counted(by: Actor, enter: Callable[[], str]) -> str:
    """The secret of a new session; only links that open nothing are counted."""
    try:
        return enter()
    except LinkRefused as refusal:
        log.warning("contact.refused", ip=by.ip, why=type(refusal).__name__)
        limits.failed_unlock(by.ip or "", "contact")
        raise


def _ask_for_link(email: str, by: Actor) -> None:
    limits.asked_for_link(by.ip or "", f"contact:{email.strip().lower()}")
    entries.ask_for_link(email, by=by)


def _ask_again(secret: str, by: Actor) -> None:
    limits.asked_for_link(by.ip or "", f"contact-link:{secret}")
    with transaction(by) as session:
        entries.ask_again(session, secret, by=by)


def _page(words: str, entry: Entry) -> Response:
    """The page before the portal. ``words``: what its sentences are called by."""
    languages = pages.both_languages(entry.language)
    names = {language: _facts(entry, language) for language in LANGUAGES}
    brand = Brand(names[languages[0]]["company"], entry.colour)
    return pages.page("contact_entry", languages=languages, brand=brand, words=words, names=names)


def _facts(entry: Entry, language: str) -> dict[str, str]:
    until = instant(entry.expires_at, zone=entry.time_zone, language=language)
    told = {"name": entry.name, "role": t(f"role.{entry.role}", language), "owner": entry.owner, "until": until}
    return entry.named(language) | told


def _refused(request: Request, refusal: DomainError, secret: str = "") -> Response:
    again = f"/join/{secret}/new-link" if secret and isinstance(refusal, REPLACEABLE) else ""
    return pages.refused(request.scope, refusal, status=answers.status_of(refusal), again=again)
