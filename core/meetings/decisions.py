"""What both sides decided. It is only ever added to; the database refuses changes too."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.meetings.models import Decision
from core.meetings.rows import find_meeting
from core.partners.rows import get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class AlreadyOverruled(Conflict):
    """A later decision overrules this one already. Overrule that one instead."""


@permits(Act.WORK_PIPELINE)
def add_decision(
    session: Session,
    partner_id: UUID,
    *,
    text: str,
    decided_on: date,
    meeting_id: UUID | None = None,
    replaces_id: UUID | None = None,
    by: Actor,
) -> Decision:
    """Record what was decided; ``replaces_id``: the earlier decision that it overrules.

    Raises:
        Invalid: there is no text, or the day is to come.
        NotFound: the partner has no such meeting or decision.
        AlreadyOverruled: the earlier one does not stand any more.
    """
    partner = get_partner(session, partner_id)
    if decided_on > today(own_company(session).time_zone):
        raise Invalid("A decision cannot be of a day to come. Choose today or an earlier day.")
    row = Decision(
        partner_id=partner.id,
        meeting_id=find_meeting(session, meeting_id, partner_id),
        text=fields.body(text, name="The decision", least=1, most=5_000),
        decided_on=decided_on,
        replaces_id=_standing(session, replaces_id, partner_id),
        created_at=now(),
        created_by=by.name,
    )
    session.add(row)
    session.flush()
    note_timeline(session, partner.id, Kind.DECISION, by=by, text=row.text)
    after = {"text": row.text, "decided_on": decided_on, "replaces": replaces_id}
    record(session, Tag.DECISION_ADD, by=by, subject=row, after=after)
    return row


def _standing(session: Session, decision_id: UUID | None, partner_id: UUID) -> UUID | None:
    """The id of an earlier decision that still stands."""
    if decision_id is None:
        return None
    lock(session, f"decision:{decision_id}")
    earlier = session.get(Decision, decision_id)
    if earlier is None or earlier.partner_id != partner_id:
        raise NotFound("The earlier decision was not found. Choose one from the list.")
    if session.scalars(select(Decision.id).where(Decision.replaces_id == decision_id)).first() is not None:
        raise AlreadyOverruled
    return decision_id
