"""Noting who looked at a space, once a visit, so that what comes next can be marked as new; part of another act."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import now
from core.db import lock
from core.failpoints import reach
from core.vault.models import SpaceLook

VISIT = timedelta(minutes=30)
"""Looks closer together than this are one visit."""
KEEP_VISIT = timedelta(minutes=5)
"""How stale the end of a visit may get before it is written down."""


def note_look(session: Session, space_id: UUID, *, who: str) -> None:
    """Somebody looks at a space now. ``who``: as ``SpaceLook.looker`` has it."""
    at = now()
    lock(session, f"look:{space_id}:{who}")
    seen = session.get(SpaceLook, (space_id, who))
    if seen is None:
        session.add(SpaceLook(space_id=space_id, looker=who, at=at))
    elif at - seen.at > VISIT:
        seen.before, seen.at = seen.at, at
    elif at - seen.at > KEEP_VISIT:
        seen.at = at
    reach("vault:look")
