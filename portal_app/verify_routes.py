"""The public page that checks a signed agreement, by its PDF or by reference and check code. Nothing is kept of it."""

from collections.abc import MutableMapping
from typing import Any

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.access import limits
from core.actor import system
from core.db import reading
from core.errors import TooManyAttempts
from core.nda import public
from core.nda.public import Answer
from front_door import answers, pages
from front_door.client import client_of

MOST_BYTES = 16 * 1024 * 1024


def routes() -> list[BaseRoute]:
    """The routes of the page."""
    return [Route("/verify", Verify)]


class Verify(HTTPEndpoint):
    """Asking, and being told."""

    async def get(self, request: Request) -> Response:
        """The form; what the address names, such as one in a QR code, is filled in and not looked up yet."""
        asked = request.query_params
        return pages.bilingual(
            request.scope, "verify", reference=asked.get("ref", "")[:40], code=asked.get("code", "")[:40], answer=None
        )

    async def post(self, request: Request) -> Response:
        """The answer. Each is counted by address, so that references cannot be tried out."""
        try:
            await to_thread.run_sync(limits.asked_to_verify, client_of(request.scope).ip)
        except TooManyAttempts as refusal:
            return pages.refused(request.scope, refusal, status=answers.status_of(refusal))
        answer = await to_thread.run_sync(_answer, *await _sent(request))
        return pages.bilingual(request.scope, "verify", reference="", code="", answer=answer)


def _answer(pdf: bytes, reference: str, code: str) -> Answer:
    with reading(system()) as session:
        return public.confirm_document(session, pdf) if pdf else public.confirm_reference(session, reference, code)


async def _sent(request: Request) -> tuple[bytes, str, str]:
    """The file, or the reference and the code, of the form that was sent; at most so many bytes in all."""
    body, is_read = await answers.body(request, most=MOST_BYTES), False

    async def again() -> MutableMapping[str, Any]:
        nonlocal is_read
        chunk, is_read = (b"" if is_read else body), True
        return {"type": "http.request", "body": chunk, "more_body": False}

    async with Request(request.scope, again).form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        pdf = await file.read() if isinstance(file, UploadFile) else b""
        return pdf, str(form.get("reference", "")), str(form.get("code", ""))
