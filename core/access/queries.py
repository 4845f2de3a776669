"""Reading one's own sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.access import sessions
from core.actor import Act, actor_of, permits


@dataclass(frozen=True)
class OpenSession:
    """A session in force; ``is_this``: the one this is read in."""

    id: UUID
    opened_at: datetime
    last_used_at: datetime
    ip: str
    user_agent: str
    is_this: bool


@permits(Act.OWN_SESSION)
def own_sessions(session: Session) -> list[OpenSession]:
    """The actor's sessions in force, newest first; none for somebody who is not staff."""
    actor = actor_of(session)
    rows = sessions.of_staff(session, actor.id) if actor.id else []
    return [
        OpenSession(row.id, row.opened_at, row.last_used_at, row.ip, row.user_agent, row.id == actor.session)
        for row in rows
    ]
