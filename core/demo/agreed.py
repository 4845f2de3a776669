"""Meetings, action items and decisions of a demo partner, told relative to the day they are loaded."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.clock import now
from core.companies.models import Company, Staff
from core.companies.sign_in import staff_actor
from core.meetings.models import ActionItem, Decision, Meeting, MeetingState, Side
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

Facts = dict[str, Any]


def add_agreed(session: Session, company: Company, partner: Partner, owner: Staff, facts: Facts) -> None:
    """Write down what ``facts`` say was planned and agreed; a partner without any has none."""
    held = {one["title"]: _meeting(session, company, partner, owner, one) for one in facts.get("meetings", ())}
    for one in facts.get("actions", ()):
        _action(session, company, partner, owner, one, held)
    for one in facts.get("decisions", ()):
        _decision(session, company, partner, owner, one, held)
    session.flush()


def _day(company: Company, days_ago: float) -> date:
    return (now().astimezone(ZoneInfo(company.time_zone)) - timedelta(days=days_ago)).date()


def _at(company: Company, days_ago: float, hour: int) -> datetime:
    return datetime.combine(_day(company, days_ago), time(hour), ZoneInfo(company.time_zone))


def _past(company: Company, days_ago: float, hour: int) -> datetime:
    """An instant of the past, never of the future."""
    return min(_at(company, days_ago, hour), now())


def _meeting(session: Session, company: Company, partner: Partner, owner: Staff, facts: Facts) -> Meeting:
    people = ((partner.contact_name, partner.contact_email), (owner.name, owner.email))
    row = Meeting(partner_id=partner.id, minutes=facts.get("minutes", 60), created_by=owner.name)
    row.title, row.place, row.agenda = facts["title"], facts["place"], facts.get("agenda", "")
    row.notes, row.at = facts.get("notes", ""), _at(company, facts["days_ago"], facts["hour"])
    row.attendees = [{"name": name, "email": email} for name, email in people]
    row.organiser_name, row.organiser_email = owner.name, owner.email
    row.created_at = _past(company, facts["planned_days_ago"], 12)
    note = partial(note_timeline, session, partner.id, by=staff_actor(owner), title=row.title, when=row.at.isoformat())
    note(Kind.MEETING_SCHEDULED, at=row.created_at)
    if facts.get("cancelled"):
        row.state = MeetingState.CANCELLED
        note(Kind.MEETING_CANCELLED, at=_past(company, facts["days_ago"] + 1, 15))
    session.add(row)
    session.flush()
    return row


def _action(
    session: Session, company: Company, partner: Partner, owner: Staff, facts: Facts, held: dict[str, Meeting]
) -> None:
    side, meeting = Side(facts["side"]), held.get(facts.get("meeting", ""))
    row = ActionItem(partner_id=partner.id, side=side, text=facts["text"], created_by=owner.name)
    row.owner_id = owner.id if side is Side.OURS else None
    row.meeting_id = meeting.id if meeting else None
    row.due_on = _day(company, -facts["due_in_days"])
    row.created_at = _past(company, facts["days_ago"], 14)
    by = staff_actor(owner)
    note_timeline(session, partner.id, Kind.ACTION_ADDED, by=by, at=row.created_at, text=row.text)
    if "done_days_ago" in facts:
        row.done_at = _past(company, facts["done_days_ago"], 16)
        row.done_by = owner.name if side is Side.OURS else partner.contact_name
        note_timeline(session, partner.id, Kind.ACTION_DONE, by=by, at=row.done_at, text=row.text)
    session.add(row)


def _decision(
    session: Session, company: Company, partner: Partner, owner: Staff, facts: Facts, held: dict[str, Meeting]
) -> None:
    meeting, at = held.get(facts.get("meeting", "")), _past(company, facts["days_ago"], 17)
    row = Decision(partner_id=partner.id, text=facts["text"], decided_on=_day(company, facts["days_ago"]))
    row.meeting_id, row.created_at, row.created_by = meeting.id if meeting else None, at, owner.name
    session.add(row)
    note_timeline(session, partner.id, Kind.DECISION, by=staff_actor(owner), at=at, text=row.text)
