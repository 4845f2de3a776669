"""A document on its way out: on record before its first byte leaves, in whole or in part, never shown inline."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.actor import Actor
from core.db import transaction
from core.errors import DomainError
from core.vault.handing_over import File
from core.vault.rows import DocumentNotFound
from core.vault.storage import blobs

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_ATTRIBUTE = "!#$&+-.^_`|~"
"""What RFC 5987 lets stand unescaped besides letters and digits."""
Fetch = Callable[..., File]
_TURN = Lock()
"""Records are written one after the other anyway; who waits here goes on at once, who waits for SQLite sleeps."""


class RangeNotThere(DomainError):
    """The file does not have the part that was asked for. Download the whole file."""

    status = 416


@dataclass(frozen=True)
class Span:
    """The bytes from ``start`` up to ``end``, not included; ``whole``: no part was asked for."""

    start: int
    end: int
    whole: bool


def span_of(header: str, size: int) -> Span:
    """The part of a file that a Range header asks for; what is not one plain range is answered with the whole file.

    Raises:
        RangeNotThere: the file is shorter.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return Span(0, size, whole=True)
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return Span(0, size, whole=True)
    if start >= size:
        raise RangeNotThere
    return Span(start, end, whole=False)


def disposition(name: str) -> str:
    """The header that makes a browser save a file under this name, in any script (RFC 6266)."""
    plain = "".join(mark if mark.isascii() and mark.isprintable() and mark not in '"\\%' else "_" for mark in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE)}"


async def deliver(request: Request, actor: Actor, fetch: Fetch) -> Response:
    """Hand a document over: ``fetch`` says whether this actor may have it, and records it.

    The address names the document and, by ``?version=``, one of its versions.

    Raises:
        DomainError: it may not leave, or cannot.
    """
    document_id, number = _asked(request)
    wanted = "" if "if-range" in request.headers else request.headers.get("range", "")
    file, span, first, rest = await to_thread.run_sync(_begin, actor, fetch, document_id, number, wanted)
    return StreamingResponse(
        _pieces(first, rest, span.end - span.start), 200 if span.whole else 206, headers=_headers(file, span)
    )


def _asked(request: Request) -> tuple[UUID, int | None]:
    number = request.query_params.get("version", "")
    try:
        document_id = UUID(request.path_params["id"])
    except ValueError:
        raise DocumentNotFound from None
    if number and not _NUMBER.fullmatch(number):
        raise DocumentNotFound
    return document_id, int(number) if number else None


def _begin(
    actor: Actor, fetch: Fetch, document_id: UUID, number: int | None, wanted: str
) -> tuple[File, Span, bytes, Iterator[bytes]]:
    """Record it, then open it. A file that cannot be opened, or a part that is not there, leaves no record."""
    with _TURN, transaction(actor) as session:
        file = fetch(session, document_id, number=number, by=actor)
        span = span_of(wanted, file.size)
        pieces = blobs().stream(file.sha256, span.start, span.end)
    return file, span, next(pieces, b""), pieces


async def _pieces(first: bytes, rest: Iterator[bytes], length: int) -> AsyncIterator[bytes]:
    piece = first
    while piece:
        yield piece
        length -= len(piece)
        piece = await to_thread.run_sync(next, rest, b"") if length > 0 else b""


def _headers(file: File, span: Span) -> dict[str, str]:
    found = {
        "Content-Type": f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type,
        "Content-Length": str(span.end - span.start),
        "Content-Disposition": disposition(file.file_name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
    }
    if not span.whole:
        found["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{file.size}"
    return found
