"""Action items of both sides: written down, changed, done, taken up again."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.db import lock
from core.errors import NotFound
from core.mail.meeting_letters import Addressee, action_done
from core.mail.outbox import enqueue
from core.meetings.models import ActionItem, Side
from core.meetings.plans import NewAction
from core.meetings.rows import ActionChanged, add_action_row, check_owner, find_meeting, get_action
from core.meetings.sending import find_owner
from core.partners.rows import get_partner
from core.settings import settings
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


@permits(Act.WORK_PIPELINE)
def add_action(
    session: Session, partner_id: UUID, *, action: NewAction, meeting_id: UUID | None = None, by: Actor
) -> ActionItem:
    """Write down what somebody is to do.

    Raises:
        Invalid: a value cannot be used.
        NotFound: the partner has no such meeting.
    """
    partner = get_partner(session, partner_id)
    return add_action_row(session, partner, action, meeting_id=find_meeting(session, meeting_id, partner_id), by=by)


@permits(Act.WORK_PIPELINE)
def change_action(session: Session, action_id: UUID, *, action: NewAction, version: int, by: Actor) -> ActionItem:
    """Change an action item as it was seen at ``version``.

    Raises:
        ActionChanged: somebody else changed it since.
    """
    lock(session, f"action:{action_id}")
    row = get_action(session, action_id)
    if row.version != version:
        raise ActionChanged
    values = action.cleaned(now().date())
    check_owner(session, values["owner_id"])
    was = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in was:
        setattr(row, name, values[name])
    session.flush()
    if was:
        record(session, Tag.ACTION_CHANGE, by=by, subject=row, before=was, after={name: values[name] for name in was})
    return row


@permits(Act.WORK_PIPELINE)
def mark_done(session: Session, action_id: UUID, *, done: bool, by: Actor) -> ActionItem:
    """Mark an action item of either side done, or open again. What is so already stays as it is."""
    row = get_action(session, action_id)
    _mark(session, row, done=done, by=by)
    return row


@permits(Act.USE_ROOM)
def mark_own_done(session: Session, action_id: UUID, *, done: bool, by: Actor) -> ActionItem:
    """Mark an action item of one's own side done, or open again; the owner of the partnership is told once.

    Raises:
        NotFound: it is not one of this partner's own.
    """
    row = session.get(ActionItem, action_id)
    if row is None or row.side is not Side.PARTNER or row.partner_id != by.partner:
        raise NotFound("This action item was not found. It may have been removed.")
    if _mark(session, row, done=done, by=by) and done:
        _tell_owner(session, row, by)
    return row


def _mark(session: Session, row: ActionItem, *, done: bool, by: Actor) -> bool:
    """Set or clear the mark where it is not so yet; whether this changed it."""
    values: dict[str, Any] = {"done_at": now() if done else None, "done_by": by.name if done else ""}
    still = ActionItem.done_at.is_(None) if done else ActionItem.done_at.is_not(None)
    changed = session.execute(
        update(ActionItem).where(ActionItem.id == row.id, still).values(**values, version=ActionItem.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(row)
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    kind, tag = (Kind.ACTION_DONE, Tag.ACTION_DONE) if done else (Kind.ACTION_REOPENED, Tag.ACTION_REOPEN)
    note_timeline(session, row.partner_id, kind, by=by, text=row.text)
    record(session, tag, by=by, subject=row)
    return True


def _tell_owner(session: Session, row: ActionItem, by: Actor) -> None:
    partner, company = get_partner(session, row.partner_id), own_company(session)
    owner = find_owner(session, partner.owner_id)
    if owner is None:
        return
    letter = action_done(
        brand_of(company, owner.language),
        Addressee(owner.email, owner.name, owner.language),
        partner.name_ar if owner.language == "ar" and partner.name_ar else partner.name,
        row.text,
        row.due_on,
        by.name,
        partner_url=f"{settings().admin_url}/partner?id={partner.id}&tab=Meetings",
    )
    enqueue(session, letter, key=f"action-done:{row.id}", partner_id=partner.id)
