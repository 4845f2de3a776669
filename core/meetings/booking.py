"""Taking in what the booking service reports: the meeting, the partner's stage, the owner's mail.

The same report again changes nothing. Reports may come late or out of order, so what was moved or cancelled before is
remembered by its uid.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.db import lock
from core.errors import Invalid
from core.mail.meeting_letters import Addressee, meeting_booked
from core.mail.outbox import enqueue
from core.meetings.cal import Booking, Trigger
from core.meetings.models import BookingReport, Meeting, MeetingState
from core.meetings.plans import MeetingPlan
from core.meetings.rows import mark_cancelled, note_meeting
from core.meetings.sending import facts_of, find_owner
from core.partners.models import Partner
from core.partners.moves import meeting_was_scheduled
from core.partners.rows import get_partner
from core.settings import settings
from core.tenancy import enter
from core.timeline.kinds import Kind

log = structlog.get_logger()
UNMATCHED = "No partner matched"
"""How the outcome of a report begins that somebody has to look at."""
_KNOWN, _LATE, _NOTHING = "Known already", "Came too late", "Nothing to cancel"


@permits(Act.RUN_SYSTEM)
def take_in(session: Session, booking: Booking, *, by: Actor) -> str:
    """Take one report in; what came of it, in words. From here on the session stays in the partner's company."""
    company, partner_id = _whose(session, booking)
    if company is None:
        log.warning("booking.unmatched", booking=booking.uid, trigger=booking.trigger.value)
        return UNMATCHED
    by = replace(enter(session, company), name=booking.who, ip=by.ip, user_agent=by.user_agent)
    lock(session, f"booking:{booking.before or booking.uid}")
    if session.scalars(select(BookingReport.id).where(BookingReport.digest == booking.digest)).first():
        return _KNOWN
    outcome = _apply(session, booking, partner_id, by) if partner_id else _unmatched(booking)
    moved = booking.trigger is Trigger.RESCHEDULED and booking.before
    session.add(
        BookingReport(
            digest=booking.digest,
            booking_uid=booking.before if moved else booking.uid,
            trigger=booking.trigger.value,
            received_at=now(),
            outcome=outcome[:200],
        )
    )
    return outcome


def _unmatched(booking: Booking) -> str:
    who = booking.attendees[0].email if booking.attendees else "nobody"
    return f"{UNMATCHED}: {booking.title[:80]}, {who[:60]}, {booking.at:%d %b %Y %H:%M} UTC"


def _whose(session: Session, booking: Booking) -> tuple[UUID | None, UUID | None]:
    """The company and the partner a report is about, as far as both can be told.

    The organiser's address tells the company; a partner of another one is then never matched.
    """
    staff = select(Staff.company_id).where(Staff.email == booking.organiser.email, Staff.disabled_at.is_(None))
    company = session.scalar(staff) if booking.organiser.email else None
    for found in (_known(session, booking), _by_slug(session, booking), _by_contact(session, booking, company)):
        if found is not None and company in (None, found.company_id):
            return found.company_id, found.id
    return company, None


def _known(session: Session, booking: Booking) -> Partner | None:
    """The partner whose meeting this booking is already."""
    uids = [uid for uid in (booking.uid, booking.before) if uid]
    rows = session.scalars(
        select(Partner).join(Meeting, Meeting.partner_id == Partner.id).where(Meeting.booking_uid.in_(uids)).limit(2)
    ).all()
    return rows[0] if len(rows) == 1 else None


def _by_slug(session: Session, booking: Booking) -> Partner | None:
    found = session.scalars(select(Partner).where(Partner.slug == booking.slug)) if booking.slug else None
    return found.one_or_none() if found else None


def _by_contact(session: Session, booking: Booking, company: UUID | None) -> Partner | None:
    """The one partner whose contact is among the attendees; several are none."""
    addresses = [one.email for one in booking.attendees]
    wanted = select(Partner).where(Partner.contact_email.in_(addresses), Partner.contact_email != "")
    rows = session.scalars(wanted.where(Partner.company_id == company) if company else wanted).all()
    return rows[0] if len(rows) == 1 else None


def _apply(session: Session, booking: Booking, partner_id: UUID, by: Actor) -> str:
    partner, meeting = get_partner(session, partner_id), _meeting_of(session, booking)
    if booking.trigger is Trigger.CANCELLED:
        return _cancel(session, booking, partner, meeting, by)
    if _was(session, booking.uid, Trigger.CANCELLED, Trigger.RESCHEDULED):
        return _LATE
    if meeting is not None and booking.trigger is Trigger.CREATED:
        return _KNOWN
    try:
        values = _columns(booking)
    except Invalid as refusal:
        return f"Not kept: {refusal.message}"
    if meeting is None:
        return _set(session, booking, partner, values, by)
    return _move(session, booking, partner, meeting, values, by)


def _meeting_of(session: Session, booking: Booking) -> Meeting | None:
    own = or_(Meeting.booking_uid == booking.uid, Meeting.booking_uid == (booking.before or booking.uid))
    return session.scalars(select(Meeting).where(own).limit(1)).first()


def _was(session: Session, uid: str, *triggers: Trigger) -> bool:
    """Whether a booking was reported to have ended under this uid."""
    ended = BookingReport.trigger.in_([one.value for one in triggers])
    return session.scalars(select(BookingReport.id).where(BookingReport.booking_uid == uid, ended)).first() is not None


def _columns(booking: Booking) -> dict[str, Any]:
    plan = MeetingPlan(
        booking.title, booking.at, booking.minutes, booking.place, booking.notes, attendees=booking.attendees
    )
    return plan.cleaned(now())


def _set(session: Session, booking: Booking, partner: Partner, values: dict[str, Any], by: Actor) -> str:
    owner = find_owner(session, partner.owner_id)
    meeting = Meeting(partner_id=partner.id, **values, booking_uid=booking.uid, created_at=now(), created_by=by.name)
    meeting.organiser_name = booking.organiser.name or (owner.name if owner else "")
    meeting.organiser_email = booking.organiser.email or (owner.email if owner else "")
    session.add(meeting)
    session.flush()
    note_meeting(session, meeting, Kind.MEETING_SCHEDULED, by=by)
    record(session, Tag.MEETING_BOOK, by=by, subject=meeting, after=values | {"booking": booking.uid})
    meeting_was_scheduled(session, partner, by=by)
    _tell_owner(session, booking, partner, meeting, "")
    return "Meeting set"


def _move(
    session: Session, booking: Booking, partner: Partner, meeting: Meeting, values: dict[str, Any], by: Actor
) -> str:
    """Take over the new time; an agenda that was written since stays."""
    values = values | {"agenda": meeting.agenda or values["agenda"], "booking_uid": booking.uid}
    was = {name: getattr(meeting, name) for name, value in values.items() if getattr(meeting, name) != value}
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.state, meeting.sequence = MeetingState.SCHEDULED, meeting.sequence + 1
    session.flush()
    note_meeting(session, meeting, Kind.MEETING_CHANGED, reason=booking.why, by=by)
    record(session, Tag.MEETING_BOOK, by=by, subject=meeting, before=was, after={name: values[name] for name in was})
    meeting_was_scheduled(session, partner, by=by)
    _tell_owner(session, booking, partner, meeting, "moved")
    return "Meeting moved"


def _cancel(session: Session, booking: Booking, partner: Partner, meeting: Meeting | None, by: Actor) -> str:
    if meeting is None or meeting.state is MeetingState.CANCELLED:
        return _NOTHING
    mark_cancelled(session, meeting, tag=Tag.MEETING_BOOK, why=booking.why, by=by)
    _tell_owner(session, booking, partner, meeting, "cancelled")
    return "Meeting cancelled"


def _tell_owner(session: Session, booking: Booking, partner: Partner, meeting: Meeting, wording: str) -> None:
    owner, company = find_owner(session, partner.owner_id), own_company(session)
    if owner is None:
        return
    letter = meeting_booked(
        brand_of(company, owner.language),
        Addressee(owner.email, owner.name, owner.language),
        facts_of(meeting, partner, company, owner.language),
        wording=wording,
        notes=booking.why or booking.notes,
        partner_url=f"{settings().admin_url}/partner?id={partner.id}&tab=Meetings&meeting={meeting.id}",
    )
    enqueue(session, letter, key=f"booked:{booking.digest}", partner_id=partner.id)
