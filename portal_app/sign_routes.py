"""The way to the signing page from outside: the address partners are told, and the link of a colleague who signs."""

from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.access import limits
from core.access.tokens import LinkRefused
from core.actor import Actor, system
from core.db import reading, transaction
from core.errors import DomainError
from core.format import day
from core.i18n import LANGUAGES
from core.mail.brand import Brand
from core.nda import handover
from core.nda.handover import HandoverPage
from front_door import answers, cookies, pages
from front_door.client import client_of
from portal_app.door import door

PAGE = "/nda"


def routes() -> list[BaseRoute]:
    """The routes before the signing page."""
    return [Route("/sign/{slug}/nda", Sign), Route(f"{PAGE}/sign", NoAddress)]


class NoAddress(HTTPEndpoint):
    """Nobody signs by an address, whatever it says: every method is refused. Only the press on the page signs."""


class Sign(HTTPEndpoint):
    """Without a token the page itself, for whoever is in; with one, its person is let in by a press."""

    async def get(self, request: Request) -> Response:
        """The page that says who asks whom to sign what; or what is wrong with the link. Nothing is changed."""
        token = request.query_params.get("token", "")
        if not token:
            return RedirectResponse(PAGE, 303)
        try:
            return _entry(await to_thread.run_sync(_look, token), token)
        except LinkRefused as refusal:
            return _refused(request, refusal)

    async def post(self, request: Request) -> Response:
        """Let its person in: a session, its cookie, and an address without the token."""
        form, device = await answers.form(request), cookies.device(request)
        try:
            secret = await to_thread.run_sync(_open, form.get("token", ""), device, client_of(request.scope).actor())
        except DomainError as refusal:
            return _refused(request, refusal)
        answer = RedirectResponse(PAGE, 303)
        cookies.let_in(answer, door(), secret)
        cookies.remember_device(answer, door(), device)
        return answer


def _look(token: str) -> HandoverPage:
    with reading(system()) as session:
        return handover.look_handover(session, token)


def _open(token: str, device: str, by: Actor) -> str:
    """The secret of a new session; only links that open nothing are counted."""
    try:
        with transaction(by) as session:
            return handover.open_handover(session, token, device=device, by=by)
    except LinkRefused:
        limits.failed_unlock(by.ip or "", "sign")
        raise


def _entry(asked: HandoverPage, token: str) -> Response:
    languages = pages.both_languages(asked.language)
    names = {
        language: asked.named(language)
        | {
            "name": asked.name,
            "asked_by": asked.asked_by,
            "email": asked.email_masked,
            "day": day(asked.expires_on, language=language, year=True),
        }
        for language in LANGUAGES
    }
    brand = Brand(names[languages[0]]["company"], asked.colour)
    return pages.page("sign_entry", languages=languages, brand=brand, names=names, slug=asked.slug, token=token)


def _refused(request: Request, refusal: DomainError) -> Response:
    return pages.refused(request.scope, refusal, status=answers.status_of(refusal))
