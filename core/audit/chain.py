"""The hash chain, as pure functions: each entry's hash covers its content and the hash before it."""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

START = bytes(32)


@dataclass(frozen=True)
class Link:
    """What the chain sees of an entry."""

    seq: int
    at: datetime
    company: UUID
    fields: tuple[str, ...]
    hash: bytes


@dataclass(frozen=True)
class Verdict:
    """What verifying a chain found: how many entries are intact, and the first bad one, if any."""

    checked: int
    bad_seq: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.bad_seq is None


def canonical(values: Mapping[str, Any] | None) -> str:
    """The one JSON text of these values: sorted keys, UTC instants, decimals as strings."""
    return json.dumps(values or {}, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (UUID, Decimal, StrEnum)):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no place in the audit log")


def link_hash(key: bytes, before: bytes, seq: int, at: datetime, company: UUID, fields: tuple[str, ...]) -> bytes:
    """The keyed hash of one entry."""
    text = json.dumps([seq, at.isoformat(), company.hex, *fields], ensure_ascii=False)
    return hmac.digest(key, before + text.encode("utf-8", "surrogatepass"), "sha256")


def verify(
    links: Iterable[Link], *, key: bytes, head: tuple[int, bytes] | None, anchors: Mapping[int, bytes] | None = None
) -> Verdict:
    """Walk a company's chain from its first entry.

    ``head``: the sequence number and hash the database says the chain ends with. ``anchors``: hashes that were
    copied out of the database earlier, by sequence number.
    """
    seq, last = 0, START
    for entry in links:
        seq += 1
        if entry.seq != seq:
            return Verdict(seq - 1, seq, "missing")
        last_now = link_hash(key, last, entry.seq, entry.at, entry.company, entry.fields)
        if not hmac.compare_digest(last_now, entry.hash):
            return Verdict(seq - 1, seq, "changed")
        if anchors and anchors.get(seq, last_now) != last_now:
            return Verdict(seq - 1, seq, "differs from its anchor")
        last = last_now
    return _check_end(seq, last, head, anchors or {})


def _check_end(seq: int, last: bytes, head: tuple[int, bytes] | None, anchors: Mapping[int, bytes]) -> Verdict:
    if (head or (0, START)) != (seq, last):
        return Verdict(seq, min(seq, (head or (0, START))[0]) + 1, "the end does not match the head")
    if any(anchored > seq for anchored in anchors):
        return Verdict(seq, seq + 1, "entries after it were cut off")
    return Verdict(seq)
