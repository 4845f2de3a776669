"""Routes and answers that both apps have: health, fonts, robots, and what is said when something fails."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import structlog
from anyio import to_thread
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.access import sessions
from core.access.kinds import STAFF_KINDS
from core.actor import system
from core.db import reading
from core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, NotSaved, TooManyAttempts
from front_door import pages

log = structlog.get_logger()
FONTS = Path(__file__).parent.parent / "data" / "fonts"
MOST_OF_A_FORM = 16_384
_A_YEAR = "public, max-age=31536000, immutable"
_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotSaved, 503),
    (TooManyAttempts, 429),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
)


class Crashed(DomainError):
    """Something went wrong on our side, and it was noted. Try again; if it happens again, tell us error {error_id}."""


class PageNotFound(NotFound):
    """There is no page at this address. Check the address, or open the link in the e-mail."""


class MethodRefused(DomainError):
    """This cannot be done from here. Open the page and press the button there."""


class TooBig(DomainError):
    """This is larger than what is accepted here."""


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    own = getattr(error, "status", None)
    return own or next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def answer_refusal(request: Request, error: DomainError) -> Response:
    """The page for a refusal."""
    return pages.refused(request.scope, error, status=status_of(error))


def answer_http_error(request: Request, error: HTTPException) -> Response:
    """The page for an address or a method that is not served."""
    kinds: dict[int, type[DomainError]] = {404: PageNotFound, 405: MethodRefused, 413: TooBig}
    refusal = kinds.get(error.status_code, DomainError)()
    answer = pages.refused(request.scope, refusal, status=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def answer_crash(request: Request, error: Exception) -> Response:
    """The page for a fault of ours: an error id, and nothing about the fault."""
    error_id = secrets.token_hex(2).upper()
    log.error("request.crashed", error_id=error_id, kind=type(error).__name__, method=request.method, exc_info=error)
    return pages.refused(request.scope, Crashed(error_id=error_id), status=500)


EXCEPTION_HANDLERS: dict[Any, Callable[[Request, Any], Response]] = {
    DomainError: answer_refusal,
    HTTPException: answer_http_error,
    Exception: answer_crash,
}


class Health(HTTPEndpoint):
    """Whether the app answers and reaches its database."""

    async def get(self, _request: Request) -> Response:
        """200 ``ok``; 503 when the database does not answer."""
        try:
            await to_thread.run_sync(_look_at_the_database)
        except NotSaved:
            return PlainTextResponse("database unreachable", 503)
        return PlainTextResponse("ok")


def _look_at_the_database() -> None:
    with reading(system()) as session:
        sessions.find_live(session, "", kinds=STAFF_KINDS)


class Font(HTTPEndpoint):
    """One of our fonts."""

    async def get(self, request: Request) -> Response:
        """The file, cached for a year; only files of the fonts' own folder exist here."""
        name = request.path_params["name"]
        if name not in _font_names():
            raise HTTPException(404)
        return FileResponse(FONTS / name, media_type="font/woff2", headers={"Cache-Control": _A_YEAR})


def _font_names() -> set[str]:
    return {path.name for path in FONTS.glob("*.woff2")}


class Robots(HTTPEndpoint):
    """What search engines may visit: nothing."""

    async def get(self, _request: Request) -> Response:
        """A robots.txt that forbids all."""
        return PlainTextResponse("User-agent: *\nDisallow: /\n")


async def body(request: Request, *, most: int) -> bytes:
    """What was sent, at most so many bytes, whatever the sender says its length is.

    Raises:
        HTTPException: 413 when it is more.
    """
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise HTTPException(413)
    return bytes(found)


async def form(request: Request) -> dict[str, str]:
    """The fields of one of our forms.

    Raises:
        HTTPException: 413 when it is larger than any form of ours.
    """
    text = (await body(request, most=MOST_OF_A_FORM)).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))


ROUTES = [Route("/healthz", Health), Route("/robots.txt", Robots), Route("/fonts/{name}", Font)]
