"""Rows of meetings, for the operations that need them."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Staff
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.meetings.models import ActionItem, Meeting, MeetingState, Side
from core.meetings.plans import NewAction
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class MeetingChanged(Conflict):
    """Somebody changed this meeting while you were editing. Your text is still here; compare and save again."""


class ActionChanged(Conflict):
    """Somebody changed this action item meanwhile. Look at it again; nothing of yours was saved."""


def held_meeting(session: Session, meeting_id: UUID, *, version: int) -> Meeting:
    """A meeting as it was seen at ``version``, held until the transaction ends.

    Raises:
        NotFound: there is none in this company.
        MeetingChanged: somebody else saved it since.
    """
    lock(session, f"meeting:{meeting_id}")
    found = session.get(Meeting, meeting_id, populate_existing=True)
    if found is None:
        raise NotFound("This meeting was not found. It may have been removed.")
    if found.version != version:
        raise MeetingChanged
    return found


def find_meeting(session: Session, meeting_id: UUID | None, partner_id: UUID) -> UUID | None:
    """The id of a partner's meeting that something came out of.

    Raises:
        NotFound: the partner has no such meeting.
    """
    if meeting_id is None:
        return None
    found = session.get(Meeting, meeting_id)
    if found is None or found.partner_id != partner_id:
        raise NotFound("This meeting was not found. It may have been removed.")
    return found.id


def get_action(session: Session, action_id: UUID) -> ActionItem:
    """An action item's row.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(ActionItem, action_id)
    if found is None:
        raise NotFound("This action item was not found. It may have been removed.")
    return found


def check_owner(session: Session, owner_id: UUID | None) -> None:
    """Refuse an owner who is no enabled colleague."""
    owner = session.get(Staff, owner_id) if owner_id else None
    if owner_id and (owner is None or owner.disabled_at):
        raise Invalid("Choose a colleague of your team as the owner.")


def add_action_row(
    session: Session, partner: Partner, action: NewAction, *, meeting_id: UUID | None, by: Actor
) -> ActionItem:
    """Write an action item down, with its entry and its audit line; ours without an owner is the partner's owner's."""
    values = action.cleaned(now().date())
    check_owner(session, values["owner_id"])
    if action.side is Side.OURS and values["owner_id"] is None:
        values["owner_id"] = partner.owner_id or (by.id if by.kind is ActorKind.STAFF else None)
    row = ActionItem(partner_id=partner.id, meeting_id=meeting_id, **values, created_at=now(), created_by=by.name)
    session.add(row)
    session.flush()
    note_timeline(session, partner.id, Kind.ACTION_ADDED, by=by, text=row.text)
    record(session, Tag.ACTION_ADD, by=by, subject=row, after=values)
    return row


def note_meeting(session: Session, meeting: Meeting, kind: Kind, *, reason: str = "", by: Actor) -> None:
    """Put what happened to a meeting on the partner's timeline."""
    at = meeting.at.isoformat()
    if reason:
        note_timeline(session, meeting.partner_id, kind, by=by, title=meeting.title, when=at, reason=reason)
    else:
        note_timeline(session, meeting.partner_id, kind, by=by, title=meeting.title, when=at)


def mark_cancelled(session: Session, meeting: Meeting, *, tag: Tag, why: str, by: Actor) -> None:
    """Mark a meeting as cancelled, with its entry and its audit line."""
    meeting.state, meeting.sequence = MeetingState.CANCELLED, meeting.sequence + 1
    session.flush()
    note_meeting(session, meeting, Kind.MEETING_CANCELLED, reason=why, by=by)
    record(session, tag, by=by, subject=meeting, after={"state": meeting.state, "reason": why})
