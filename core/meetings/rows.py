"""Rows of meetings, for the operations that need them."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.companies.models import Staff
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.meetings.models import ActionItem, Meeting


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
