"""What a partner's people see of their own timeline: a closed list of kinds, and of each only the facts it names.

Whatever is not named here stays with the company: notes, moves and their reasons, mails, readings, links.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, ActorKind, actor_of, permits
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry

SHOWN: dict[Kind, tuple[str, ...]] = {
    Kind.NDA_SIGNED: ("signer", "reference"),
    Kind.NDA_RECORDED: ("signer", "reference"),
    Kind.NDA_COUNTERSIGNED: ("signer", "reference"),
    Kind.NDA_EXPIRED: ("reference",),
    Kind.DOCUMENT_ADDED: ("title",),
    Kind.DOCUMENT_REPLACED: ("title", "number"),
    Kind.DOCUMENT_REMOVED: ("title",),
    Kind.MEETING_SCHEDULED: ("title", "when"),
    Kind.MEETING_CHANGED: ("title", "when"),
    Kind.MEETING_CANCELLED: ("title",),
    Kind.ACTION_ADDED: ("text",),
    Kind.ACTION_DONE: ("text",),
    Kind.ACTION_REOPENED: ("text",),
    Kind.DECISION: ("text",),
}
MILESTONES = ("mou_signed", "active")
"""The only moves that are told, by where they led."""
_PEOPLE = (ActorKind.STAFF.value, ActorKind.READER.value, ActorKind.PARTNER.value)


@dataclass(frozen=True)
class RoomEvent:
    """One entry as the partner sees it. ``who``: nobody where the product itself did it."""

    id: UUID
    at: datetime
    kind: Kind
    who: str
    facts: dict[str, str]


@permits(Act.USE_ROOM)
def room_timeline(session: Session, *, most: int = 15) -> tuple[list[RoomEvent], int]:
    """The newest entries of the actor's own partner, and how many there are in all."""
    mine = (TimelineEntry.partner_id == actor_of(session).partner, _is_shown())
    found = select(TimelineEntry, func.count().over()).where(*mine)
    rows = session.execute(found.order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc()).limit(most)).all()
    return [_event(row) for row, _total in rows], rows[0][1] if rows else 0


def _is_shown() -> ColumnElement[bool]:
    milestone = and_(TimelineEntry.kind == Kind.MOVED, TimelineEntry.facts["to"].as_string().in_(MILESTONES))
    return or_(TimelineEntry.kind.in_(list(SHOWN)), milestone)


def _event(row: TimelineEntry) -> RoomEvent:
    facts: dict[str, Any] = row.facts
    names = SHOWN.get(row.kind, ("to",))
    who = row.actor_name if row.actor_kind in _PEOPLE and row.kind is not Kind.MOVED else ""
    return RoomEvent(row.id, row.at, row.kind, who, {name: str(facts.get(name, "")) for name in names})
