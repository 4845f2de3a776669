"""What staff plan: a meeting, an action item; pure, made safe to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import fields
from core.errors import Invalid
from core.meetings.models import Side

MOST_ATTENDEES = 50
FARTHEST = timedelta(days=731)
OLDEST = timedelta(days=3_653)
SHORTEST, LONGEST = 5, 1_440
"""Minutes a meeting may take."""


@dataclass(frozen=True)
class Attendee:
    """Somebody whom the agenda is mailed to."""

    name: str
    email: str


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting as it is planned. ``place``: an address or a web address."""

    title: str
    at: datetime
    minutes: int = 60
    place: str = ""
    agenda: str = ""
    attendees: Sequence[Attendee] = ()

    def cleaned(self, now: datetime) -> dict[str, Any]:
        """The columns of a meeting, made safe to keep.

        Raises:
            Invalid: one of the values cannot be used; the message names it.
        """
        if not SHORTEST <= self.minutes <= LONGEST:
            raise Invalid("A meeting takes between 5 minutes and 24 hours.")
        if not now - OLDEST < self.at < now + FARTHEST:
            raise Invalid("Choose a day within the last ten years and the next two.")
        return {
            "title": fields.line(self.title, name="Title"),
            "at": self.at.replace(second=0, microsecond=0),
            "minutes": self.minutes,
            "place": fields.line(self.place, name="Place", least=0, most=500),
            "agenda": fields.body(self.agenda, name="Agenda"),
            "attendees": [{"name": one.name, "email": one.email} for one in cleaned_attendees(self.attendees)],
        }


def cleaned_attendees(given: Sequence[Attendee]) -> list[Attendee]:
    """The attendees, each address once, in their order.

    Raises:
        Invalid: an address is none, a name cannot be used, or there are too many.
    """
    found: dict[str, Attendee] = {}
    for one in given:
        address = fields.email(one.email, name=f"The address {one.email}" if one.email else "An attendee's address")
        found.setdefault(address, Attendee(fields.line(one.name, name="An attendee's name", least=0), address))
    if len(found) > MOST_ATTENDEES:
        raise Invalid("Maximum {most} attendees.", most=MOST_ATTENDEES)
    return list(found.values())


def spelled(attendees: Sequence[Attendee]) -> str:
    """Attendees as a person types them, one a line: ``Salim Al Habsi <salim@mol.om>``."""
    return "\n".join(f"{one.name} <{one.email}>" if one.name else one.email for one in attendees)


def read_attendees(text: str) -> list[Attendee]:
    """Attendees from text with one a line, or parted by commas or semicolons."""
    lines = text.replace(",", "\n").replace(";", "\n").splitlines()
    return [_attendee(line.strip()) for line in lines if line.strip()]


def _attendee(text: str) -> Attendee:
    name, mark, rest = text.rpartition("<")
    if mark and rest.endswith(">"):
        return Attendee(name.strip().strip('"').strip(), rest[:-1].strip())
    return Attendee("", text)


@dataclass(frozen=True)
class NewAction:
    """An action item as it is written. ``owner_id``: the colleague who does it; on the partner's side nobody."""

    side: Side
    text: str
    owner_id: UUID | None = None
    due_on: date | None = None

    def cleaned(self, today: date) -> dict[str, Any]:
        """The columns of an action item, made safe to keep.

        Raises:
            Invalid: one of the values cannot be used; the message names it.
        """
        if self.due_on and not today - OLDEST < self.due_on < today + FARTHEST:
            raise Invalid("Choose a due day within the next two years.")
        return {
            "side": self.side,
            "text": fields.line(self.text, name="Action item", most=500),
            "owner_id": self.owner_id if self.side is Side.OURS else None,
            "due_on": self.due_on,
        }
