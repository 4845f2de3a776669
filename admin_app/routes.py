"""The admin app's plain HTTP: signing in by a mailed link or an identity provider, and signing out."""

import time
from pathlib import Path

import anyio
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from admin_app import documents, exports, mail_preview, provider
from admin_app.caller import caller
from admin_app.nda import bundle_route
from admin_app.training import quiz_route
from core.access import limits
from core.access.kinds import STAFF_KINDS
from core.access.service import leave
from core.actor import Actor
from core.companies import sign_in
from core.db import transaction
from core.errors import DomainError
from core.settings import settings
from front_door import answers, cookies, pages
from front_door.client import client_of
from front_door.door import Door
from front_door.stray import Stray
from training_view import files

VIEWS = Path(__file__).parent / "views"
ANSWER_SECONDS = 0.25
"""How long the answer to a request for a link takes at least, so that its time does not tell who is registered."""


def door() -> Door:
    """The admin app's front door."""
    return Door(
        "admin",
        STAFF_KINDS,
        settings().admin_url,
        open_paths=("/sign-in", "/sign-out", "/auth/login", "/oauth2callback"),
        open_folders=("/sign-in/",),
        sign_in="/sign-in",
        uploaders=STAFF_KINDS,
    )


def routes() -> list[BaseRoute]:
    """Every route of the admin app besides Streamlit's."""
    return [
        Route("/sign-in", SignIn),
        Route("/sign-in/provider", FromProvider),
        Route("/sign-in/with/{key}", ToProvider),
        Route("/sign-in/{secret}", SignInLink),
        Route("/sign-out", SignOut),
        Route("/today", to_today),
        documents.route(),
        exports.route(),
        mail_preview.route(),
        bundle_route.route(),
        quiz_route.route(),
        *files.routes(caller),
        *answers.ROUTES,
        Stray(VIEWS, door()),
    ]


def to_today(request: Request) -> Response:
    """Today is where the app opens; its name as an address leads there."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", 303)


class SignIn(HTTPEndpoint):
    """Who are you? By e-mail, or by the company's identity provider."""

    async def get(self, request: Request) -> Response:
        """The form; a browser that comes back from its provider is sent on."""
        if provider.is_back(request):
            return RedirectResponse("/sign-in/provider", 303)
        languages = (pages.language_of(request.scope),)
        answer = pages.page("sign_in", languages=languages, providers=provider.providers())
        if page := cookies.local(request.query_params.get("next", "")):
            cookies.remember_next(answer, door(), page)
        return answer

    async def post(self, request: Request) -> Response:
        """Mail a link to a registered address. Nobody can tell from the answer whether it is."""
        began = time.monotonic()
        form = await answers.form(request)
        await to_thread.run_sync(_request_link, form.get("email", ""), client_of(request.scope).actor())
        await anyio.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))
        return pages.bilingual(request.scope, "notice", words="sign_in.sent")


class SignInLink(HTTPEndpoint):
    """A mailed link: looking at it changes nothing, pressing the button signs in."""

    async def get(self, request: Request) -> Response:
        """One button, whatever the link is worth."""
        return pages.bilingual(request.scope, "sign_in_link")

    async def post(self, request: Request) -> Response:
        """Spend the link, once."""
        by = client_of(request.scope).actor()
        return _let_in(request, await to_thread.run_sync(_spend_link, request.path_params["secret"], by))


class ToProvider(HTTPEndpoint):
    """On the way to an identity provider."""

    async def get(self, request: Request) -> Response:
        """Start Streamlit's exchange with it."""
        key = request.path_params["key"]
        chosen = next((known for known in provider.providers() if known.key == key), None)
        if chosen is None:
            raise HTTPException(404)
        return RedirectResponse(provider.login_address(chosen), 303)


class FromProvider(HTTPEndpoint):
    """Back from an identity provider."""

    async def get(self, request: Request) -> Response:
        """Let in whom it vouches for and whom we know; whatever the end, what it vouched for is used up."""
        try:
            email = provider.vouched_email(request)
            secret = await to_thread.run_sync(_open_for_email, email, client_of(request.scope).actor())
            answer = _let_in(request, secret)
        except DomainError as refusal:
            answer = answers.answer_refusal(request, refusal)
        provider.forget(request, answer)
        return answer


class SignOut(HTTPEndpoint):
    """Ending one's own session."""

    async def get(self, request: Request) -> Response:
        """Ask; a link alone signs nobody out."""
        return pages.bilingual(request.scope, "leave", words="sign_in.out")

    async def post(self, request: Request) -> Response:
        """End it and go back to the form."""
        secret = cookies.session_secret(request.scope, door())
        await to_thread.run_sync(_close, secret, client_of(request.scope).actor())
        answer = RedirectResponse("/sign-in", 303)
        cookies.let_out(answer, door())
        return answer


def _let_in(request: Request, secret: str) -> Response:
    answer = RedirectResponse(cookies.next_page(request), 303)
    cookies.let_in(answer, door(), secret)
    cookies.forget_next(answer, door())
    return answer


def _request_link(email: str, by: Actor) -> None:
    limits.asked_for_link(by.ip or "", email.strip().lower())
    with transaction(by) as session:
        sign_in.request_link(session, email, by=by)


def _spend_link(secret: str, by: Actor) -> str:
    with transaction(by) as session:
        return sign_in.spend_link(session, secret, by=by)


def _open_for_email(email: str, by: Actor) -> str:
    with transaction(by) as session:
        return sign_in.open_for_email(session, email, by=by)


def _close(secret: str, by: Actor) -> None:
    with transaction(by) as session:
        leave(session, secret, by=by)
