"""Sweeping away files that no row names: what was left when an upload was refused late or a process was killed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import system
from core.clock import now
from core.db import lock, reading, transaction
from core.failpoints import reach
from core.vault.storage import Blob, blobs

log = structlog.get_logger()
SAFE_AGE = timedelta(hours=1)
"""How long a file may wait for the row that names it."""
_AT_ONCE = 500


def sweep(holders: Sequence[Any]) -> int:
    """Remove every file older than an hour that none of these columns names. Returns how many went.

    ``holders``: every column in which the SHA-256 of a kept file may stand, in whatever company.

    Raises:
        NotSaved: the database or the store cannot be reached.
    """
    old = [blob for blob in blobs().blobs() if now() - blob.kept_at > SAFE_AGE]
    gone = 0
    for first in range(0, len(old), _AT_ONCE):
        some = old[first : first + _AT_ONCE]
        with reading(system()) as session:
            named = _named(session, [blob.sha256 for blob in some], holders)
        gone += sum(_remove(blob, holders) for blob in some if blob.sha256 not in named)
    if gone:
        log.info("storage.swept", files=gone)
    return gone


def _named(session: Session, hashes: list[str], holders: Sequence[Any]) -> set[str]:
    return {name for holder in holders for name in session.scalars(select(holder).where(holder.in_(hashes)).distinct())}


def _remove(blob: Blob, holders: Sequence[Any]) -> bool:
    """Remove one file, unless it was named meanwhile: whoever files it away holds the same lock until its commit."""
    with transaction(system()) as session:
        lock(session, f"blob:{blob.sha256}")
        if _named(session, [blob.sha256], holders):
            return False
        reach("blob:sweep")
        blobs().forget(blob)
        return True
