"""Meetings with a partner: planned or logged, changed, cancelled, noted on; calendars follow by mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Staff
from core.errors import Conflict
from core.failpoints import reach
from core.meetings import sending
from core.meetings.models import ActionItem, Meeting, MeetingState
from core.meetings.plans import MeetingPlan, NewAction
from core.meetings.rows import add_action_row, held_meeting, mark_cancelled, note_meeting
from core.meetings.sending import attendees_of
from core.partners.models import Partner
from core.partners.moves import meeting_was_scheduled
from core.partners.rows import get_partner
from core.timeline.kinds import Kind


class MeetingCancelled(Conflict):
    """This meeting was cancelled. Plan a new one instead."""


class MeetingOver(Conflict):
    """This meeting is over, so it cannot be cancelled. Write down what came of it."""


@permits(Act.WORK_PIPELINE)
def add_meeting(
    session: Session,
    partner_id: UUID,
    *,
    plan: MeetingPlan,
    actions: Sequence[NewAction] = (),
    mail_agenda: bool = True,
    by: Actor,
) -> Meeting:
    """Plan a meeting with its action items and mail its agenda; one in the past is written down without mails.

    A partner in ``proposal_sent`` moves on to ``meeting_scheduled``.

    Raises:
        Invalid: a value of the plan or of an action item cannot be used.
    """
    partner, at = get_partner(session, partner_id), now()
    meeting = Meeting(partner_id=partner.id, **plan.cleaned(at), created_at=at, created_by=by.name)
    meeting.organiser_name, meeting.organiser_email = _organiser(session, by)
    session.add(meeting)
    session.flush()
    note_meeting(session, meeting, Kind.MEETING_SCHEDULED, by=by)
    record(session, Tag.MEETING_ADD, by=by, subject=meeting, after=_audited(meeting))
    items = [add_action_row(session, partner, one, meeting_id=meeting.id, by=by) for one in actions]
    meeting_was_scheduled(session, partner, by=by)
    reach("meeting:add")
    if mail_agenda and not is_over(meeting, at):
        todo = _todo(session, partner, items)
        sending.mail_invitations(session, meeting, partner, attendees_of(meeting), todo)
    return meeting


def is_over(meeting: Meeting, at: datetime) -> bool:
    """Whether a meeting has ended."""
    return meeting.at + timedelta(minutes=meeting.minutes) <= at


def _organiser(session: Session, by: Actor) -> tuple[str, str]:
    staff = session.get_one(Staff, by.id)
    return staff.name, staff.email


def _audited(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in ("title", "at", "minutes", "place", "attendees")}


def _todo(session: Session, partner: Partner, items: Sequence[ActionItem]) -> str:
    """The action items as the agenda lists them, one a line, each with who does it."""
    owners = {one.owner_id: session.get_one(Staff, one.owner_id).name for one in items if one.owner_id}
    return "\n".join(
        f"{owners[one.owner_id] if one.owner_id else partner.name}: {one.text}"
        + (f" ({one.due_on:%d/%m/%Y})" if one.due_on else "")
        for one in items
    )


@permits(Act.WORK_PIPELINE)
def change_meeting(
    session: Session, meeting_id: UUID, *, plan: MeetingPlan, version: int, mail_agenda: bool = True, by: Actor
) -> Meeting:
    """Change a meeting as it was seen at ``version``; calendars follow, new attendees are invited, others are let go.

    Raises:
        MeetingChanged: somebody else saved it since.
        MeetingCancelled: it was cancelled.
    """
    meeting, at = held_meeting(session, meeting_id, version=version), now()
    if meeting.state is MeetingState.CANCELLED:
        raise MeetingCancelled
    values, before = plan.cleaned(at), attendees_of(meeting)
    was = {name: getattr(meeting, name) for name, value in values.items() if getattr(meeting, name) != value}
    if not was:
        return meeting
    for name in was:
        setattr(meeting, name, values[name])
    meeting.sequence += 1
    session.flush()
    partner = get_partner(session, meeting.partner_id)
    note_meeting(session, meeting, Kind.MEETING_CHANGED, by=by)
    record(session, Tag.MEETING_CHANGE, by=by, subject=meeting, before=was, after={name: values[name] for name in was})
    if mail_agenda and not is_over(meeting, at):
        _mail_to_old_and_new(session, meeting, partner, before)
    return meeting


def _mail_to_old_and_new(session: Session, meeting: Meeting, partner: Partner, before: Sequence[Any]) -> None:
    coming = {one.email: one for one in attendees_of(meeting)}
    known = {one.email for one in before}
    sending.mail_changes(session, meeting, partner, [one for one in coming.values() if one.email in known])
    sending.mail_invitations(session, meeting, partner, [one for one in coming.values() if one.email not in known], "")
    sending.mail_cancellations(session, meeting, partner, [one for one in before if one.email not in coming], "")


@permits(Act.WORK_PIPELINE)
def cancel_meeting(session: Session, meeting_id: UUID, *, why: str = "", version: int, by: Actor) -> Meeting:
    """Cancel a meeting that is not over; every attendee is told, and calendars drop it.

    Raises:
        MeetingChanged: somebody else saved it since.
        MeetingCancelled, MeetingOver: there is nothing to cancel.
    """
    meeting = held_meeting(session, meeting_id, version=version)
    if meeting.state is MeetingState.CANCELLED:
        raise MeetingCancelled
    if is_over(meeting, now()):
        raise MeetingOver
    reason = fields.body(why, name="The reason", most=1_000)
    partner = get_partner(session, meeting.partner_id)
    mark_cancelled(session, meeting, tag=Tag.MEETING_CANCEL, why=reason, by=by)
    sending.mail_cancellations(session, meeting, partner, attendees_of(meeting), reason)
    return meeting


@permits(Act.WORK_PIPELINE)
def add_notes(session: Session, meeting_id: UUID, *, notes: str, version: int, by: Actor) -> Meeting:
    """Write down what came of a meeting; the partner does not see it.

    Raises:
        MeetingChanged: somebody else saved it since.
    """
    meeting = held_meeting(session, meeting_id, version=version)
    before, meeting.notes = meeting.notes, fields.body(notes, name="Notes")
    session.flush()
    if before != meeting.notes:
        record(
            session,
            Tag.MEETING_CHANGE,
            by=by,
            subject=meeting,
            before={"notes": before},
            after={"notes": meeting.notes},
        )
    return meeting
