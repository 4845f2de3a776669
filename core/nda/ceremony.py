"""The last press: signers take turns, so that each draws and seals its PDF while nobody waits for the database.

The turn is a file in the state folder. It only makes the expected number come true: without it, or with two hosts, a
PDF may have to be drawn again inside the transaction, and nothing else changes.
"""

import fcntl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.actor import Actor
from core.db import reading, transaction
from core.failpoints import reach
from core.nda import service
from core.nda.signing import Signed
from core.settings import settings
from core.vault.storage import blobs

LONGEST_WAIT = 60.0
"""Seconds somebody waits for a turn before going on without one."""
_PAUSE = 0.01


def sign(
    *,
    signature: str,
    confirmed_name: bool,
    consent: bool,
    text_number: int,
    origin: Mapping[str, Any] | None = None,
    by: Actor,
) -> Signed:
    """Sign, in transactions of its own; call ``limits.submitted_nda(ip, str(partner))`` first. See ``service.sign``.

    Raises:
        See ``service.sign``. Nothing is kept then.
    """
    wish: dict[str, Any] = {"signature": signature, "confirmed_name": confirmed_name, "consent": consent}
    wish |= {"text_number": text_number, "origin": origin}
    with _turn():
        with reading(by) as session:
            prepared = service.prepare(session, **wish)
        if prepared is not None:
            blobs().keep(prepared.sealed.pdf)
        reach("nda:prepared")
        with transaction(by) as session:
            return service.sign(session, **wish, prepared=prepared, by=by)


@contextmanager
def _turn() -> Iterator[None]:
    """Hold the turn, or go on without it after a long wait. It is let go of when its holder dies."""
    place = Path(settings().state_dir) / "signing.turn"
    place.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + LONGEST_WAIT
    with place.open("a") as file:
        while time.monotonic() < until:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_PAUSE)
        yield
