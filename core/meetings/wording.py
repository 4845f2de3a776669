"""How a meeting is told: its time and its people, as text; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location

from core.format import clock_time
from core.i18n import is_rtl, t
from core.meetings.plans import Attendee

NAMED = 5
"""How many attendees are named; of the others the number is told."""


def when(at: datetime, minutes: int, *, zone: str, language: str = "en") -> str:
    """When a meeting is, where the company is: "Tue 24 Nov 2026, 10:00–11:00 (Muscat)"."""
    locale = "ar" if is_rtl(language) else "en_GB"
    day = format_date(at.astimezone(ZoneInfo(zone)).date(), "EEE d MMM y", locale=locale)
    hours = f"{clock_time(at, zone=zone)}–{clock_time(at + timedelta(minutes=minutes), zone=zone)}"
    city = get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
    return f"{day}{'،' if is_rtl(language) else ','} {hours} ({city})"


def people(attendees: Sequence[Attendee], *, language: str = "en") -> str:
    """Who comes, in one line."""
    names = [one.name or one.email for one in attendees]
    comma = "، " if is_rtl(language) else ", "
    if len(names) <= NAMED:
        return comma.join(names)
    more = t("meeting.more_people", language, count=len(names) - NAMED)
    return comma.join([*names[:NAMED], more])
