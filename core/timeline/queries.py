"""Reading a partner's timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry

PAGE = 40


@dataclass(frozen=True)
class Event:
    """One entry of a timeline."""

    id: UUID
    at: datetime
    kind: Kind
    who: str
    facts: dict[str, Any]


@permits(Act.READ_PIPELINE)
def timeline(
    session: Session, partner_id: UUID, *, kinds: list[Kind] | None = None, page: int = 1
) -> tuple[list[Event], int]:
    """One page of a partner's timeline, newest first, and how many entries there are in all."""
    found = select(TimelineEntry).where(TimelineEntry.partner_id == partner_id)
    if kinds:
        found = found.where(TimelineEntry.kind.in_(kinds))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = found.order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
    rows = session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE))
    return [Event(row.id, row.at, row.kind, row.actor_name, row.facts) for row in rows], total
