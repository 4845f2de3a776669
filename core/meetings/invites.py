"""A meeting as a calendar file that mail programs take over: invited, changed, taken out again. Pure."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from core.mail.messages import Attachment
from core.meetings.models import Meeting


class Method(StrEnum):
    """What a calendar is asked to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def calendar_file(meeting: Meeting, *, method: Method, zone: str, at: datetime, language: str = "en") -> Attachment:
    """The file, written at ``at``. Its UID stays the same for a meeting; SEQUENCE is the meeting's own."""
    calendar = Calendar()
    calendar.add("prodid", "-//Partnerdesk//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_event(meeting, method, zone, at, language))
    calendar.add_missing_timezones()
    media_type = f"text/calendar; method={method.value}; charset=utf-8"
    name = "invite.ics" if method is Method.REQUEST else "cancel.ics"
    return Attachment(name, media_type, calendar.to_ical())


def _event(meeting: Meeting, method: Method, zone: str, at: datetime, language: str) -> Event:
    event, begins = Event(), meeting.at.astimezone(ZoneInfo(zone))
    event.add("uid", f"{meeting.id}@partnerdesk")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=meeting.minutes))
    event.add("summary", vText(meeting.title, params={"LANGUAGE": language}))
    event.add("status", "CONFIRMED" if method is Method.REQUEST else "CANCELLED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.agenda:
        event.add("description", meeting.agenda)
    event.add("organizer", _person(meeting.organiser_name, meeting.organiser_email))
    for one in meeting.attendees:
        event.add("attendee", _guest(one["name"], one["email"]))
    return event


def _person(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = name.replace('"', "'")
    return address


def _guest(name: str, email: str) -> vCalAddress:
    address = _person(name, email)
    address.params |= {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    return address
