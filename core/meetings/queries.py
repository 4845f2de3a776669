"""Reading meetings, action items and decisions: a partner's for staff, and one's own in the room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from core.actor import Act, actor_of, permits
from core.clock import now, today
from core.companies.models import Staff
from core.companies.rows import own_company
from core.meetings.models import ActionItem, Decision, Meeting, MeetingState, Side
from core.meetings.plans import Attendee
from core.partners.rows import get_partner

MOST = 300
"""How many of each are read at most; a partner has some dozens."""
_LATER = aliased(Decision)


@dataclass(frozen=True)
class MeetingRow:
    """A meeting. ``booked``: the partner chose the time in the booking service. ``minutes``: how long it takes."""

    id: UUID
    title: str
    at: datetime
    minutes: int
    place: str
    agenda: str
    notes: str
    attendees: tuple[Attendee, ...]
    is_cancelled: bool
    booked: bool
    organiser: str
    created_by: str
    version: int

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class ActionRow:
    """An action item. ``owner``: the colleague who does it, empty on the partner's side; ``is_late``: past its day."""

    id: UUID
    side: Side
    text: str
    owner_id: UUID | None
    owner: str
    due_on: date | None
    is_late: bool
    done_at: datetime | None
    done_by: str
    meeting_id: UUID | None
    version: int


@dataclass(frozen=True)
class DecisionRow:
    """A decision. ``replaces``: the words of the earlier one it overrules; ``overruled``: a later one stands now."""

    id: UUID
    text: str
    decided_on: date
    meeting: str
    replaces: str
    overruled: bool
    created_by: str


@dataclass(frozen=True)
class Notebook:
    """All that was planned and agreed with a partner: meetings soonest last, open action items first, decisions."""

    meetings: list[MeetingRow]
    actions: list[ActionRow]
    decisions: list[DecisionRow]


@dataclass(frozen=True)
class RoomAction:
    """An action item as the partner sees it. ``is_ours``: the reader's own side, who may mark it done."""

    id: UUID
    text: str
    is_ours: bool
    owner: str
    due_on: date | None
    is_late: bool
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True)
class RoomMeeting:
    """A meeting as the partner sees it; the notes are the company's own."""

    id: UUID
    title: str
    at: datetime
    minutes: int
    place: str
    agenda: str
    attendees: tuple[Attendee, ...]
    is_cancelled: bool
    is_over: bool
    organiser: str


@dataclass(frozen=True)
class RoomDecision:
    """A decision as the partner sees it."""

    id: UUID
    text: str
    decided_on: date
    replaces: str
    overruled: bool


@permits(Act.READ_PIPELINE)
def notebook(session: Session, partner_id: UUID) -> Notebook:
    """What was planned and agreed with a partner."""
    return Notebook(
        partner_meetings(session, partner_id),
        partner_actions(session, partner_id),
        partner_decisions(session, partner_id),
    )


@permits(Act.READ_PIPELINE)
def partner_meetings(session: Session, partner_id: UUID) -> list[MeetingRow]:
    """A partner's meetings, the latest day first."""
    return _meetings(session, partner_id)


@permits(Act.READ_PIPELINE)
def partner_actions(session: Session, partner_id: UUID) -> list[ActionRow]:
    """A partner's action items: the open ones by their day, then the done ones, the newest first."""
    return _actions(session, partner_id)


@permits(Act.READ_PIPELINE)
def partner_decisions(session: Session, partner_id: UUID) -> list[DecisionRow]:
    """A partner's decisions, the newest first."""
    return _decisions(session, partner_id)


@permits(Act.USE_ROOM)
def room_actions(session: Session) -> list[RoomAction]:
    """The action items of the partner who asks: the open ones by their day, then the done ones, the newest first."""
    return [
        RoomAction(
            row.id, row.text, row.side is Side.PARTNER, row.owner, row.due_on, row.is_late, row.done_at, row.done_by
        )
        for row in _own(session, _actions)
    ]


@permits(Act.USE_ROOM)
def room_meetings(session: Session) -> list[RoomMeeting]:
    """The meetings of the partner who asks, the latest day first."""
    at = now()
    return [
        RoomMeeting(
            row.id, row.title, row.at, row.minutes, row.place, row.agenda, row.attendees, row.is_cancelled,
            row.ends <= at, row.organiser,
        )
        for row in _own(session, _meetings)
    ]  # fmt: skip


@permits(Act.USE_ROOM)
def room_decisions(session: Session) -> list[RoomDecision]:
    """What was decided with the partner who asks, the newest first."""
    return [
        RoomDecision(row.id, row.text, row.decided_on, row.replaces, row.overruled) for row in _own(session, _decisions)
    ]


def _own(session: Session, read: Any) -> Sequence[Any]:
    """What a read finds of the partner whose person asks; nothing for anybody else."""
    partner_id = actor_of(session).partner
    return read(session, partner_id) if partner_id else ()


def _meetings(session: Session, partner_id: UUID) -> list[MeetingRow]:
    found = select(Meeting).where(Meeting.partner_id == partner_id).order_by(Meeting.at.desc(), Meeting.id.desc())
    return [_meeting_row(row) for row in session.scalars(found.limit(MOST))]


def _meeting_row(row: Meeting) -> MeetingRow:
    return MeetingRow(
        id=row.id,
        title=row.title,
        at=row.at,
        minutes=row.minutes,
        place=row.place,
        agenda=row.agenda,
        notes=row.notes,
        attendees=tuple(Attendee(one["name"], one["email"]) for one in row.attendees),
        is_cancelled=row.state is MeetingState.CANCELLED,
        booked=row.booking_uid is not None,
        organiser=row.organiser_name,
        created_by=row.created_by,
        version=row.version,
    )


def is_open_and_due(day: date) -> ColumnElement[bool]:
    """That an action item is not done, and its day has come."""
    return and_(ActionItem.done_at.is_(None), ActionItem.due_on <= day)


def _actions(session: Session, partner_id: UUID) -> list[ActionRow]:
    rows = session.execute(
        _with_owner()
        .where(ActionItem.partner_id == partner_id)
        .order_by(
            ActionItem.done_at.is_not(None), ActionItem.done_at.desc(), func.coalesce(ActionItem.due_on, date.max),
            ActionItem.created_at,
        )
        .limit(MOST)
    )  # fmt: skip
    day = today(own_company(session).time_zone)
    return [_action_row(row, owner, day) for row, owner in rows]


def _with_owner() -> Select[ActionItem, str | None]:
    return select(ActionItem, Staff.name).outerjoin(Staff, Staff.id == ActionItem.owner_id)


def _action_row(row: ActionItem, owner: str | None, day: date) -> ActionRow:
    return ActionRow(
        id=row.id,
        side=row.side,
        text=row.text,
        owner_id=row.owner_id,
        owner=owner or "",
        due_on=row.due_on,
        is_late=row.done_at is None and row.due_on is not None and row.due_on < day,
        done_at=row.done_at,
        done_by=row.done_by,
        meeting_id=row.meeting_id,
        version=row.version,
    )


def _decisions(session: Session, partner_id: UUID) -> list[DecisionRow]:
    earlier = aliased(Decision)
    rows = session.execute(
        select(Decision, Meeting.title, earlier.text, _LATER.id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(earlier, earlier.id == Decision.replaces_id)
        .outerjoin(_LATER, _LATER.replaces_id == Decision.id)
        .where(Decision.partner_id == partner_id)
        .order_by(Decision.decided_on.desc(), Decision.created_at.desc())
        .limit(MOST)
    )
    return [
        DecisionRow(row.id, row.text, row.decided_on, meeting or "", replaced or "", later is not None, row.created_by)
        for row, meeting, replaced, later in rows
    ]


@permits(Act.READ_PIPELINE)
def usual_attendees(session: Session, partner_id: UUID) -> list[Attendee]:
    """Who comes to a meeting with a partner unless somebody says otherwise: its contact, its owner, whoever asks."""
    partner, me = get_partner(session, partner_id), actor_of(session).id
    rows = session.scalars(select(Staff).where(Staff.id.in_([partner.owner_id, me]), Staff.disabled_at.is_(None)))
    colleagues = sorted(rows, key=lambda row: row.id == me)
    contact = [Attendee(partner.contact_name, partner.contact_email)] if partner.contact_email else []
    return [*contact, *(Attendee(row.name, row.email) for row in colleagues)]


@permits(Act.READ_PIPELINE)
def find_meeting(session: Session, partner_id: UUID, meeting_id: UUID) -> MeetingRow | None:
    """One meeting of a partner; None when it has no such meeting."""
    row = session.get(Meeting, meeting_id)
    return _meeting_row(row) if row is not None and row.partner_id == partner_id else None


@permits(Act.READ_PIPELINE)
def find_action(session: Session, action_id: UUID) -> ActionRow | None:
    """One action item; None when there is no such item."""
    found = session.execute(_with_owner().where(ActionItem.id == action_id)).one_or_none()
    return _action_row(*found, today(own_company(session).time_zone)) if found else None
