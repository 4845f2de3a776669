"""The mails of a meeting, each with its calendar file; part of the acts that plan, change and cancel it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.mail import meeting_letters as letters
from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee, MeetingFacts
from core.mail.messages import Attachment, Message
from core.mail.outbox import enqueue
from core.meetings.invites import Method, calendar_file
from core.meetings.models import Meeting
from core.meetings.plans import Attendee
from core.meetings.wording import people, when
from core.partners.models import Partner


@dataclass(frozen=True)
class Post:
    """One attendee's mail, before it is written."""

    brand: Brand
    to: Addressee
    facts: MeetingFacts
    invite: Attachment


def attendees_of(meeting: Meeting) -> list[Attendee]:
    """The attendees of a row."""
    return [Attendee(one["name"], one["email"]) for one in meeting.attendees]


def mail_invitations(session: Session, meeting: Meeting, partner: Partner, to: Sequence[Attendee], todo: str) -> None:
    """Mail the agenda to attendees; ``todo``: the action items, one a line."""
    for post in _posts(session, meeting, partner, to, Method.REQUEST):
        letter = letters.meeting_agenda(
            post.brand, post.to, post.facts, meeting.organiser_name,
            agenda=meeting.agenda, actions=todo, invite=post.invite,
        )  # fmt: skip
        _enqueue(session, meeting, letter)


def mail_changes(session: Session, meeting: Meeting, partner: Partner, to: Sequence[Attendee]) -> None:
    """Tell attendees that a meeting has changed."""
    for post in _posts(session, meeting, partner, to, Method.REQUEST):
        letter = letters.meeting_changed(
            post.brand, post.to, post.facts, meeting.organiser_name, agenda=meeting.agenda, invite=post.invite
        )
        _enqueue(session, meeting, letter)


def mail_cancellations(session: Session, meeting: Meeting, partner: Partner, to: Sequence[Attendee], why: str) -> None:
    """Tell attendees that a meeting does not take place, or not with them."""
    for post in _posts(session, meeting, partner, to, Method.CANCEL):
        letter = letters.meeting_cancelled(
            post.brand, post.to, post.facts, meeting.organiser_name, why=why, invite=post.invite
        )
        _enqueue(session, meeting, letter)


def facts_of(meeting: Meeting, partner: Partner, company: Company, language: str) -> MeetingFacts:
    """A meeting as its mails tell it in a language."""
    return MeetingFacts(
        title=meeting.title,
        when=when(meeting.at, meeting.minutes, zone=company.time_zone, language=language),
        place=meeting.place,
        attendees=people(attendees_of(meeting), language=language),
        partner_name=partner.name_ar if language == "ar" and partner.name_ar else partner.name,
    )


def _posts(session: Session, meeting: Meeting, partner: Partner, to: Sequence[Attendee], method: Method) -> list[Post]:
    company, at = own_company(session), now()
    spoken = _languages(session, to)
    found = []
    for one in to:
        language = spoken.get(one.email, partner.language)
        addressee = Addressee(one.email, one.name, language, reply_to=meeting.organiser_email)
        file = calendar_file(meeting, method=method, zone=company.time_zone, at=at, language=language)
        facts = facts_of(meeting, partner, company, language)
        found.append(Post(brand_of(company, language), addressee, facts, file))
    return found


def _languages(session: Session, to: Sequence[Attendee]) -> dict[str, str]:
    """The languages of colleagues among them; everybody else is written to in the partner's."""
    addresses = [one.email for one in to]
    return {
        row.email: row.language
        for row in session.execute(select(Staff.email, Staff.language).where(Staff.email.in_(addresses)))
    }


def _enqueue(session: Session, meeting: Meeting, letter: Message) -> None:
    """One mail a person and state of the meeting."""
    whose = hashlib.sha256(letter.to.encode()).hexdigest()[:16]
    key = f"{letter.kind.value}:{meeting.id}:{meeting.sequence}:{whose}"
    enqueue(session, letter, key=key, partner_id=meeting.partner_id)


def find_owner(session: Session, owner_id: UUID | None) -> Staff | None:
    """The colleague who looks after something, as long as they are on the team."""
    owner = session.get(Staff, owner_id) if owner_id else None
    return owner if owner is not None and owner.disabled_at is None else None
