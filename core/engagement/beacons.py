"""What a reader's browser reports, read and checked: ``{"v": visit, "n": 3, "ms": {"hero": 5200}, …}``. Pure.

Times are cumulative, so a lost, repeated or late beacon changes nothing once the next one arrives.
"""

import hmac
import json
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from core.engagement.times import INDEX
from core.errors import DomainError
from core.keys import signing_keys

MOST_BYTES = 2_048
LONGEST_MS = 86_400_000
"""Nobody reads for a day: longer times are made up."""
MOST_BEACONS = 2_000_000_000
MOST_KNOWN = 16_384
"""Signed names whose check is remembered: readers at the same time, and about 8 MB."""
_PURPOSE = b"partnerdesk:visit:"
_MAC_BYTES = 16
_decoded = json.JSONDecoder().decode


class BeaconRejected(DomainError):
    """This beacon was not used. Nothing was changed."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class Beacon(NamedTuple):
    """The reading times of a visit so far. ``ms`` and ``at`` name sections by their index."""

    visit: UUID
    session: UUID
    n: int
    ms: dict[int, int]
    at: int | None
    human: bool
    late: bool = False
    """Sent by a later page than the one it was read on, so that the time of its arrival says nothing."""


def sign_visit(visit_id: UUID, session_id: UUID) -> str:
    """The name under which a reader's browser may report on a visit: 96 hexadecimal digits."""
    ids = visit_id.bytes + session_id.bytes
    return (ids + _mac(next(iter(signing_keys().values())), ids)).hex()


def read_visit(signed: str) -> tuple[UUID, UUID] | None:
    """The visit and the session of a signed name; None when it is not one of ours."""
    if len(signed) != 2 * (32 + _MAC_BYTES) or not signed.isascii():
        return None
    try:
        return _verified(signed, *signing_keys().values())
    except ValueError:
        return None


@lru_cache(maxsize=MOST_KNOWN)
def _verified(signed: str, *keys: bytes) -> tuple[UUID, UUID]:
    """A browser sends its name with every beacon, so good ones are remembered; what is raised is not."""
    raw = bytes.fromhex(signed)
    ids, mac = raw[:32], raw[32:]
    if not any(hmac.compare_digest(_mac(key, ids), mac) for key in keys):
        raise ValueError("not signed by us")
    return UUID(bytes=ids[:16]), UUID(bytes=ids[16:])


def _mac(key: bytes, ids: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + ids, "sha256")[:_MAC_BYTES]


def parse(body: bytes) -> Beacon:
    """Read a beacon.

    Raises:
        BeaconRejected: it is too large, not JSON of our shape, names an unknown section or visit, or is impossible.
    """
    if len(body) > MOST_BYTES:
        raise BeaconRejected("size")
    try:
        sent = _decoded(body.decode())
    except (ValueError, RecursionError):
        raise BeaconRejected("json") from None
    if type(sent) is not dict:
        raise BeaconRejected("shape")
    ids = read_visit(_text(sent.get("v")))
    if ids is None:
        raise BeaconRejected("visit")
    times, at = _times(sent.get("ms")), _place(sent.get("at"))
    return Beacon(*ids, _number(sent.get("n")), times, at, _flag(sent.get("human")), _flag(sent.get("late", False)))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise BeaconRejected("shape")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise BeaconRejected("shape")
    if not 0 <= value <= MOST_BEACONS:
        raise BeaconRejected("range")
    return value


def _times(value: Any) -> dict[int, int]:
    if type(value) is not dict:
        raise BeaconRejected("shape")
    times = {}
    for section, ms in value.items():
        if section not in INDEX:
            raise BeaconRejected("section")
        if type(ms) is not int:
            raise BeaconRejected("shape")
        if not 0 <= ms <= LONGEST_MS:
            raise BeaconRejected("range")
        times[INDEX[section]] = ms
    return times


def _place(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not str or value not in INDEX:
        raise BeaconRejected("section")
    return INDEX[value]


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise BeaconRejected("shape")
    return value
