"""Our cookies: the session's, the device's, and the page to come back to. All HttpOnly, SameSite=Lax, for one host."""

import secrets

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from front_door.door import DEVICE_COOKIE, Door

SESSION_DAYS = 90
DEVICE_DAYS = 365
NEXT_COOKIE = "pd_next"
NEXT_SECONDS = 900
_DAY = 86_400
_LONGEST_SECRET = 200


def session_secret(scope: Scope, door: Door) -> str:
    """The secret in a request's session cookie; empty when there is none."""
    secret = cookie_parser(Headers(scope=scope).get("cookie", "")).get(door.cookie, "")
    return secret if len(secret) <= _LONGEST_SECRET else ""


def let_in(response: Response, door: Door, secret: str) -> None:
    """Give a browser its session."""
    _set(response, door, door.cookie, secret, SESSION_DAYS * _DAY)


def let_out(response: Response, door: Door) -> None:
    """Take a browser's session away."""
    _set(response, door, door.cookie, "", 0)


def device(request: Request) -> str:
    """The secret by which this browser is known again, or a new one."""
    known = request.cookies.get(DEVICE_COOKIE, "")
    return known if 40 <= len(known) <= _LONGEST_SECRET else secrets.token_urlsafe(32)


def remember_device(response: Response, door: Door, secret: str) -> None:
    """Let the browser be known again for a year."""
    _set(response, door, DEVICE_COOKIE, secret, DEVICE_DAYS * _DAY)


def remember_next(response: Response, door: Door, page: str) -> None:
    """Come back to a page of ours after signing in."""
    _set(response, door, NEXT_COOKIE, page.encode("ascii", "ignore").hex(), NEXT_SECONDS)


def next_page(request: Request) -> str:
    """The page to come back to, if it is one of ours."""
    try:
        kept = bytes.fromhex(request.cookies.get(NEXT_COOKIE, "")).decode("ascii")
    except ValueError:
        return "/"
    return local(kept) or "/"


def forget_next(response: Response, door: Door) -> None:
    """The page was come back to."""
    _set(response, door, NEXT_COOKIE, "", 0)


def local(page: str) -> str:
    """A path on this host, or nothing: never an address elsewhere, whatever a browser makes of it."""
    plain = page.isascii() and page.isprintable() and not set(page) & set("\\ ")
    return page if plain and page.startswith("/") and not page.startswith("//") and len(page) < 500 else ""


def _set(response: Response, door: Door, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=door.secure, httponly=True, samesite="lax")
