"""Meetings of a partner as tests plan them, and what came of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail.messages import Kind as MailKind
from core.mail.models import Mail, MailAttachment
from core.meetings.plans import Attendee, MeetingPlan
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry

SALIM, AISHA = Attendee("سالم الكندي", "salim@retail.om"), Attendee("Aisha Al Balushi", "aisha.al.balushi@dhofar.om")


def plan(clock, **facts: Any) -> MeetingPlan:
    """A meeting in two days."""
    usual = {
        "title": "تعارف ونطاق العمل",
        "at": clock.now() + timedelta(days=2),
        "minutes": 45,
        "place": "Muscat, Al Khuwair",
        "agenda": "1. Scope\n2. Next steps",
        "attendees": (SALIM, AISHA),
    }
    return MeetingPlan(**usual | facts)


def mails(session: Session, kind: MailKind) -> dict[str, Mail]:
    """The mails of a kind, by address."""
    return {mail.to_address: mail for mail in session.scalars(select(Mail).where(Mail.kind == kind))}


def calendar_of(session: Session, mail: Mail) -> Calendar:
    """The calendar that goes with a mail, read back."""
    file = session.scalars(select(MailAttachment).where(MailAttachment.mail_id == mail.id)).one()
    assert file.media_type.startswith("text/calendar; method=")
    return Calendar.from_ical(file.content)


def event_of(session: Session, mail: Mail) -> Any:
    (event,) = calendar_of(session, mail).walk("VEVENT")
    return event


def told(session: Session, partner_id: UUID) -> list[Kind]:
    """The kinds on a partner's timeline, by name."""
    found = select(TimelineEntry).where(TimelineEntry.partner_id == partner_id)
    return sorted(entry.kind for entry in session.scalars(found))
