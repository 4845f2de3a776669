"""The mails around meetings and action items. ``when`` is text in the reader's language; ``invite`` a calendar file."""

from dataclasses import dataclass
from datetime import date

from core.format import day
from core.mail.brand import Brand
from core.mail.messages import Attachment, Kind, Letterhead, Message

_SHORT = 100
"""Characters of an action item that a subject shows."""


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as its mails tell it, in ready texts; ``attendees``: their names, in one line."""

    title: str
    when: str
    place: str
    attendees: str
    partner_name: str

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        known = {"title": self.title, "when": self.when, "place": self.place, "attendees": self.attendees}
        return {name: text for name, text in known.items() if text}

    def link(self) -> str:
        """The address to join at, where the place is one."""
        return self.place if self.place.startswith(("https://", "http://")) and " " not in self.place else ""


@dataclass(frozen=True)
class Addressee:
    """Whom a mail goes to, in which language, and where an answer to it goes."""

    to: str
    name: str
    language: str
    reply_to: str = ""


def meeting_agenda(
    brand: Brand,
    to: Addressee,
    meeting: MeetingFacts,
    sender_name: str,
    *,
    agenda: str,
    actions: str,
    invite: Attachment,
) -> Message:
    """An invitation to a meeting with its agenda; ``actions``: what is to be done, an item a line."""
    letter = _letter(Kind.MEETING_AGENDA, brand, to, meeting, sender_name, {"agenda": agenda, "actions": actions})
    return letter.message(link=meeting.link(), facts=meeting.shown(), attachments=(invite,))


def meeting_changed(
    brand: Brand, to: Addressee, meeting: MeetingFacts, sender_name: str, *, agenda: str, invite: Attachment
) -> Message:
    """A meeting has another time, place or agenda."""
    letter = _letter(Kind.MEETING_CHANGED, brand, to, meeting, sender_name, {"agenda": agenda})
    return letter.message(link=meeting.link(), facts=meeting.shown(), attachments=(invite,))


def meeting_cancelled(
    brand: Brand, to: Addressee, meeting: MeetingFacts, sender_name: str, *, why: str, invite: Attachment
) -> Message:
    """A meeting does not take place, or not with this person."""
    letter = _letter(Kind.MEETING_CANCELLED, brand, to, meeting, sender_name, {"why": why})
    return letter.message(facts=meeting.shown(), attachments=(invite,))


def _letter(
    kind: Kind, brand: Brand, to: Addressee, meeting: MeetingFacts, sender_name: str, texts: dict[str, str]
) -> Letterhead:
    values = {"title": meeting.title, "when": meeting.when, "partner_name": meeting.partner_name}
    values |= {"sender_name": sender_name}
    return Letterhead(kind, brand, to.to, to.name, to.language, values, reply_to=to.reply_to, texts=texts)


def meeting_booked(
    brand: Brand, to: Addressee, meeting: MeetingFacts, *, wording: str, notes: str, partner_url: str
) -> Message:
    """A partner used the booking page; to the owner. ``wording``: empty when it booked, ``moved`` or ``cancelled``."""
    values = {"title": meeting.title, "when": meeting.when, "partner_name": meeting.partner_name}
    name = f"{Kind.MEETING_BOOKED}_{wording}" if wording else ""
    letter = Letterhead(
        Kind.MEETING_BOOKED, brand, to.to, to.name, to.language, values, texts={"notes": notes}, wording=name
    )
    return letter.message(link=partner_url, facts=meeting.shown())


def action_due(
    brand: Brand,
    to: Addressee,
    partner_name: str,
    text: str,
    due_on: date,
    state: str,
    *,
    sender_name: str = "",
    meeting: str = "",
    partner_url: str = "",
) -> Message:
    """An action item is due; ``state``: ``tomorrow``, ``today`` or ``late``.

    To the colleague who does it, with the partner's page; or, without ``partner_url``, to the partner's contact.
    """
    due = day(due_on, language=to.language, year=True)
    values = {"partner_name": partner_name, "short": _short(text), "due": due}
    texts = {"text": text, "state": state, "is_ours": partner_url, "sender_name": sender_name}
    letter = Letterhead(Kind.ACTION_DUE, brand, to.to, to.name, to.language, values, reply_to=to.reply_to, texts=texts)
    return letter.message(link=partner_url, facts={"due": due} | ({"meeting": meeting} if meeting else {}))


def action_done(
    brand: Brand, to: Addressee, partner_name: str, text: str, due_on: date | None, done_by: str, *, partner_url: str
) -> Message:
    """The partner has marked one of its action items done; to the owner."""
    values = {"partner_name": partner_name, "short": _short(text), "done_by": done_by}
    letter = Letterhead(Kind.ACTION_DONE, brand, to.to, to.name, to.language, values, texts={"text": text})
    facts = {"due": day(due_on, language=to.language, year=True)} if due_on else {}
    return letter.message(link=partner_url, facts=facts)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"
