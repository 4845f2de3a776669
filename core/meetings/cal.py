"""What Cal.com reports of a booking, as values; pure. Its texts are a stranger's: flattened, cut, never trusted."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from core import fields
from core.errors import Invalid
from core.meetings.links import PARTNER
from core.meetings.plans import LONGEST, MOST_ATTENDEES, SHORTEST, Attendee

_NOT_TEXT = {"Cc", "Cs", "Cn", "Cf"}
"""Kinds of characters that are dropped: controls, halves of characters, those that stand for nothing or only steer."""
_JOINERS = "\u200c\u200d"
_VIDEO = "Video call"


class Trigger(StrEnum):
    """What happened to a booking; reports of anything else are not about meetings."""

    CREATED = "BOOKING_CREATED"
    RESCHEDULED = "BOOKING_RESCHEDULED"
    CANCELLED = "BOOKING_CANCELLED"


@dataclass(frozen=True)
class Booking:
    """A booking as it was reported. ``before``: the uid it had until it was rescheduled; ``slug``: the partner's."""

    trigger: Trigger
    digest: str
    uid: str
    before: str
    title: str
    at: datetime
    minutes: int
    place: str
    attendees: tuple[Attendee, ...]
    organiser: Attendee
    slug: str
    notes: str
    why: str

    @property
    def who(self) -> str:
        """Who booked, as far as it is known."""
        return next((one.name or one.email for one in self.attendees), "Somebody")


def signature(secret: str, message: bytes) -> str:
    """What Cal.com writes into ``X-Cal-Signature-256``."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def is_signed(secret: str, message: bytes, given: str) -> bool:
    """Whether a message was signed with our secret."""
    return hmac.compare_digest(signature(secret, message).encode(), given.strip().lower().encode())


def read(message: bytes) -> Booking | None:
    """The booking in a message; None when the message is about something else.

    Raises:
        Invalid: it is not a message of Cal.com's, or has no booking that could be kept.
    """
    try:
        told = json.loads(message)
    except (ValueError, RecursionError):
        raise Invalid("This is not JSON.") from None
    if not isinstance(told, dict) or str(told.get("triggerEvent")) not in set(Trigger):
        return None
    payload = _part(told, "payload")
    metadata = _part(payload, "metadata")
    at, end = _instant(payload.get("startTime")), _instant(payload.get("endTime"))
    uid = line(payload.get("uid"), most=200)
    if not uid:
        raise Invalid("The booking has no uid.")
    return Booking(
        trigger=Trigger(told["triggerEvent"]),
        digest=hashlib.sha256(message).hexdigest(),
        uid=uid,
        before=line(payload.get("rescheduleUid"), most=200),
        title=line(payload.get("title")) or line(payload.get("eventTitle")) or "Meeting",
        at=at,
        minutes=min(max(round((end - at).total_seconds() / 60), SHORTEST), LONGEST),
        place=_place(payload, metadata),
        attendees=_attendees(payload.get("attendees")),
        organiser=_person(payload.get("organizer")) or Attendee("", ""),
        slug=line(metadata.get(PARTNER), most=60).lower(),
        notes=text(payload.get("additionalNotes")),
        why=text(payload.get("cancellationReason") or payload.get("rescheduleReason")),
    )


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        if at is None:
            raise ValueError
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("The booking has no time that can be read.") from None


def _place(payload: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    """Where to meet: the link of the call, or the place; the service's own codes are no place."""
    for value in (metadata.get("videoCallUrl"), _part(payload, "videoCallData").get("url"), payload.get("location")):
        place = line(value, most=500)
        if place.startswith("integrations:"):
            return _VIDEO
        if place:
            return place
    return ""


def _attendees(value: object) -> tuple[Attendee, ...]:
    given = value[:MOST_ATTENDEES] if isinstance(value, list) else []
    return tuple(found for one in given if (found := _person(one)))


def _person(value: object) -> Attendee | None:
    """Somebody with an address that mail can be sent to."""
    if not isinstance(value, dict):
        return None
    try:
        return Attendee(line(value.get("name")), fields.email(line(value.get("email"), most=254)))
    except Invalid:
        return None


def line(value: object, *, most: int = 200) -> str:
    """One line of a stranger's text, cut to size; nothing for what is no text."""
    given = value if isinstance(value, str) else ""
    kept = " ".join(_storable(" ".join(given[: most * 4].split())).split())[:most].strip()
    return fields.line(kept, name="Text", least=0, most=most)


def text(value: object, *, most: int = 2_000) -> str:
    """Several lines of a stranger's text, cut to size."""
    given = value[: most * 4] if isinstance(value, str) else ""
    kept = "\n".join(_storable(part) for part in given.splitlines())[:most]
    return fields.body(kept, name="Text", most=most)


def _storable(value: str) -> str:
    known = unicodedata.normalize("NFC", value.encode("utf-8", "ignore").decode())
    return "".join(mark for mark in known if mark in _JOINERS or unicodedata.category(mark) not in _NOT_TEXT)
