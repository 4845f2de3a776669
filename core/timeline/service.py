"""Writing on a partner's timeline, in the same transaction as what happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry


def note(
    session: Session,
    partner_id: UUID,
    kind: Kind,
    *,
    by: Actor,
    at: datetime | None = None,
    company: UUID | None = None,
    **facts: str,
) -> None:
    """Put an entry on a partner's timeline. ``company`` is needed only by the product itself."""
    entry = TimelineEntry(
        partner_id=partner_id, at=at or now(), kind=kind, actor_kind=by.kind.value, actor_name=by.name, facts=facts
    )
    if company is not None:
        entry.company_id = company
    session.add(entry)
