"""Keys that sort by the order they were made in: UUID version 7 (RFC 9562)."""

import secrets
import time
from threading import Lock
from uuid import UUID

_STEP_BITS = 32
_lock = Lock()
_last = (0, 0)
"""The millisecond of the last key of this process, and its random bits."""


def new_id() -> UUID:
    """A fresh key: 48 bits of milliseconds, then 74 random bits; within a millisecond each is larger than the last.

    The order is one process's own; keys are no secrets, whoever is asked for one checks who asks.
    """
    milliseconds, random = _next(time.time_ns() // 1_000_000)
    high, low = random >> 62, random & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low)


def _next(milliseconds: int) -> tuple[int, int]:
    """The millisecond and its random bits: a random step further than the last ones, where the clock stood still."""
    global _last
    with _lock:
        then, random = _last
        random = random + 1 + secrets.randbits(_STEP_BITS) if then == milliseconds else secrets.randbits(73)
        _last = milliseconds, random
        return _last
