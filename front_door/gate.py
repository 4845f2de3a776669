"""The gate around an app: nothing of Streamlit answers without a session of ours, and every answer carries our headers.

Pure ASGI, since only that sees the websocket and the answers to crashes.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

import structlog
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access import sessions
from core.access.service import report_mismatch
from core.access.sessions import Live
from core.actor import system
from core.db import reading, transaction
from core.errors import DomainError, NotSaved
from front_door import pages
from front_door.client import Client, client_of
from front_door.cookies import local, session_secret
from front_door.door import Door
from front_door.headers import dressed, security_headers
from front_door.sockets import ConnectLimit, Owners, naming, opened_id, wished_id, without_wish

log = structlog.get_logger()
SAFE = ("GET", "HEAD", "OPTIONS")
UPLOADS = "/_stcore/upload_file"
UPLOADS_PER_MINUTE = 20
"""Files that one session may send a minute; each stays in memory until its page is done with it."""
NOT_SIGNED_IN = 4401
REFUSED = 1008
TRY_LATER = 1013


class NotFromHere(DomainError):
    """This request did not come from one of our own pages. Open the page again and press the button there."""

    status = 403


class SignInFirst(DomainError):
    """Come in by the link in the e-mail you were sent. This page alone shows nothing."""

    status = 401


class Gate:
    """An ASGI app that lets requests through to another one, as its door says."""

    def __init__(self, app: ASGIApp, door: Door, *, hashes: Iterable[str] = (), limit: ConnectLimit | None = None):
        self.app, self.door = app, door
        self.headers = security_headers(door, hashes)
        self.limit = limit or ConnectLimit()
        self.uploads = ConnectLimit(UPLOADS_PER_MINUTE)
        self.owners = Owners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, websocket or lifespan."""
        if scope["type"] == "http":
            await self._http(scope, receive, self._dressing(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _dressing(self, scope: Scope, send: Send) -> Send:
        path, secure = scope["path"], self.door.secure

        async def dressed_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                given, status = message.get("headers", ()), message["status"]
                message["headers"] = dressed(given, self.headers, path=path, status=status, secure=secure)
            await send(message)

        return dressed_send

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._refusal(scope)
        except NotSaved as failure:
            answer = pages.refused(scope, failure, status=503)
        await (answer or self.app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        """Why a request goes no further; None when it may."""
        method, path = scope["method"], scope["path"]
        by_machine = path in self.door.machine_paths
        if method not in SAFE and not by_machine and not self._is_from_here(Headers(scope=scope)):
            return pages.refused(scope, NotFromHere(), status=NotFromHere.status)
        if path.startswith(UPLOADS) and not self.door.uploaders:
            return PlainTextResponse("This app takes no files.", 403)
        if self.door.is_open(path):
            return None
        live = await self._live(scope)
        if live is None:
            return self._closed(scope)
        scope["pd.session"] = live
        return self._upload_refusal(method, path, live) if path.startswith(UPLOADS) else None

    def _upload_refusal(self, method: str, path: str, live: Live) -> Response | None:
        """Why a file is not taken: it is meant for a page of somebody else's, or too many came at once."""
        if live.kind not in self.door.uploaders:
            return PlainTextResponse("Your pages take no files.", 403)
        page = path.removeprefix(UPLOADS).strip("/").partition("/")[0]
        if self.owners.owner(page) != live.id:
            return PlainTextResponse("This file is not for a page of yours.", 403)
        if method == "PUT" and not self.uploads.admits(str(live.id)):
            return PlainTextResponse("Too many files at once. Wait a minute.", 429, {"Retry-After": "60"})
        return None

    def _is_from_here(self, headers: Headers) -> bool:
        """Whether a form or a script of our own pages sent this.

        Browsers blank the Origin of a form whose page sends no referrer, but then say where it came from.
        """
        site = headers.get("sec-fetch-site")
        return site == "same-origin" if site else headers.get("origin") in self.door.origins

    async def _live(self, scope: Scope) -> Live | None:
        secret = session_secret(scope, self.door)
        return await to_thread.run_sync(self._find, secret) if secret else None

    def _find(self, secret: str) -> Live | None:
        with reading(system()) as session:
            live = sessions.find_live(session, secret, kinds=self.door.kinds)
        if live and sessions.needs_touch(live):
            with suppress(NotSaved), transaction(system()) as session:
                sessions.touch(session, live.id)
        return live

    def _closed(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        is_page = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
        if not is_page or headers.get("sec-fetch-dest", "document") != "document":
            return PlainTextResponse("Sign in first.", 401)
        query = scope["query_string"].decode("latin-1")
        page = quote(local(scope["path"] + (f"?{query}" if query else "")) or "/", safe="")
        if not self.door.sign_in:
            way = (
                ("contact_sign_in.lead", f"{self.door.asks_for_link}?next={page}") if self.door.asks_for_link else None
            )
            return pages.refused(scope, SignInFirst(), status=SignInFirst.status, way=way)
        return RedirectResponse(f"{self.door.sign_in}?next={page}", 303)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = client_of(scope)
        if Headers(scope=scope).get("origin") not in self.door.origins:
            await _close(receive, send, REFUSED)
        elif not self.limit.admits(client.ip):
            log.warning("websocket.too_many", ip=client.ip)
            await _close(receive, send, TRY_LATER)
        else:
            await self._signed_in_websocket(scope, receive, send)

    async def _signed_in_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            live = await self._live(scope)
        except NotSaved:
            return await _close(receive, send, TRY_LATER)
        if live is None:
            return await _close(receive, send, NOT_SIGNED_IN)
        scope = naming(await self._without_foreign_wish(scope, live), client_of(scope))
        return await self.app(scope, receive, self._watching(live, send))

    async def _without_foreign_wish(self, scope: Scope, live: Live) -> Scope:
        """The websocket, not asking for a Streamlit session that was given to somebody else."""
        wish = wished_id(scope)
        owner = self.owners.owner(wish)
        if not wish or owner == live.id:
            return scope
        if owner is not None:
            await to_thread.run_sync(_note_mismatch, live, client_of(scope))
        return without_wish(scope)

    def _watching(self, live: Live, send: Send) -> Send:
        """Learn the Streamlit session's id from the first message that announces it."""
        known = False

        async def watched_send(message: Message) -> None:
            nonlocal known
            if not known and message["type"] == "websocket.send" and (found := opened_id(message)):
                self.owners.give(found, live.id)
                known = True
            await send(message)

        return watched_send


async def _close(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})


def _note_mismatch(live: Live, client: Client) -> None:
    log.warning("session.mismatch", session=str(live.id), ip=client.ip)
    by = replace(system(live.company_id, ip=client.ip, user_agent=client.user_agent), session=live.id)
    with transaction(by) as session:
        report_mismatch(session, by=by)
