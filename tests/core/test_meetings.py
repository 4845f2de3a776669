"""Meetings: planned, logged, changed, cancelled, noted on; what calendars and the pipeline learn of it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail, MailAttachment
from core.meetings import queries
from core.meetings.models import Meeting, MeetingState, Side
from core.meetings.plans import Attendee, MeetingPlan, NewAction, read_attendees, spelled
from core.meetings.rows import MeetingChanged
from core.meetings.service import (
    MeetingCancelled,
    MeetingOver,
    add_meeting,
    add_notes,
    cancel_meeting,
    change_meeting,
)
from core.partners.models import Partner
from core.partners.pipeline import Status
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


@pytest.fixture
def sent_to(partner: Partner, aisha: Actor) -> Partner:
    """A partner that was sent its proposal."""
    with transaction(aisha) as session:
        session.get_one(Partner, partner.id).status = Status.PROPOSAL_SENT
    return partner


class TestAdd:
    def test_keeps_the_meeting_and_its_action_items(self, clock, session, partner, aisha):
        todo = (
            NewAction(Side.OURS, "Send the price list", due_on=date(2026, 11, 24)),
            NewAction(Side.PARTNER, "Name the technical contact"),
        )
        meeting = add_meeting(session, partner.id, plan=plan(clock), actions=todo, by=aisha)
        book = queries.notebook(session, partner.id)
        assert [(row.id, row.organiser, row.is_cancelled) for row in book.meetings] == [
            (meeting.id, "Aisha Al Balushi", False)
        ]
        assert [(row.text, row.side, row.owner, row.meeting_id) for row in book.actions] == [
            ("Send the price list", Side.OURS, "Aisha Al Balushi", meeting.id),
            ("Name the technical contact", Side.PARTNER, "", meeting.id),
        ]
        assert told(session, partner.id) == [Kind.ACTION_ADDED, Kind.ACTION_ADDED, Kind.MEETING_SCHEDULED]

    def test_moves_a_partner_that_has_the_proposal(self, clock, session, sent_to, aisha):
        add_meeting(session, sent_to.id, plan=plan(clock), by=aisha)
        assert session.get_one(Partner, sent_to.id).status is Status.MEETING_SCHEDULED
        assert told(session, sent_to.id) == [Kind.MEETING_SCHEDULED, Kind.MOVED]

    def test_leaves_every_other_stage_alone(self, clock, session, partner, aisha):
        add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        assert session.get_one(Partner, partner.id).status is Status.DRAFT

    def test_mails_the_agenda_with_a_calendar_file_to_each_attendee(self, clock, session, partner, aisha):
        todo = (NewAction(Side.PARTNER, "Bring the numbers", due_on=date(2026, 11, 24)),)
        meeting = add_meeting(session, partner.id, plan=plan(clock), actions=todo, by=aisha)
        sent = mails(session, MailKind.MEETING_AGENDA)
        assert set(sent) == {SALIM.email, AISHA.email}
        mail = sent[SALIM.email]
        assert mail.partner_id == partner.id
        assert mail.reply_to == AISHA.email
        assert "Tue 24 Nov 2026, 12:00–12:45 (Muscat)" in mail.subject
        assert "1. Scope\n2. Next steps" in mail.text
        assert "Salalah Retail: Bring the numbers (24/11/2026)" in mail.text
        calendar = calendar_of(session, mail)
        event = event_of(session, mail)
        assert calendar["METHOD"] == "REQUEST"
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{meeting.id}@partnerdesk", 0, "CONFIRMED")
        assert event["SUMMARY"] == "تعارف ونطاق العمل"
        assert event["DTSTART"].dt.isoformat() == "2026-11-24T12:00:00+04:00"
        assert event["DTSTART"].params["TZID"] == "Asia/Muscat"
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
        assert (event["LOCATION"], event["DESCRIPTION"]) == ("Muscat, Al Khuwair", "1. Scope\n2. Next steps")
        assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (f"mailto:{AISHA.email}", AISHA.name)
        guests = {str(one): one.params for one in event["ATTENDEE"]}
        assert guests[f"mailto:{SALIM.email}"]["CN"] == SALIM.name
        assert guests[f"mailto:{SALIM.email}"]["RSVP"] == "TRUE"
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Muscat"]

    def test_writes_to_the_partner_in_its_language_and_to_a_colleague_in_theirs(self, clock, session, partner, aisha):
        session.get_one(Partner, partner.id).language = "ar"
        add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        sent = mails(session, MailKind.MEETING_AGENDA)
        assert (sent[SALIM.email].language, sent[AISHA.email].language) == ("ar", "en")
        assert "(مسقط)" in sent[SALIM.email].subject
        assert "صلالة" in sent[SALIM.email].text

    def test_mails_nothing_when_asked_not_to(self, clock, session, partner, aisha):
        add_meeting(session, partner.id, plan=plan(clock), mail_agenda=False, by=aisha)
        assert mails(session, MailKind.MEETING_AGENDA) == {}

    def test_logs_a_past_meeting_without_mails(self, clock, session, partner, aisha):
        add_meeting(session, partner.id, plan=plan(clock, at=clock.now() - timedelta(days=3)), by=aisha)
        assert mails(session, MailKind.MEETING_AGENDA) == {}

    def test_invites_each_address_once(self, clock, session, partner, aisha):
        twice = (SALIM, Attendee("", "SALIM@retail.om"))
        meeting = add_meeting(session, partner.id, plan=plan(clock, attendees=twice), by=aisha)
        assert meeting.attendees == [{"name": SALIM.name, "email": SALIM.email}]

    def test_is_in_the_audit_log(self, clock, session, partner, aisha):
        add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.tag == "admin:meeting:add")).one()
        assert entry.subject_name == "تعارف ونطاق العمل"

    @pytest.mark.parametrize(
        ("facts", "why"),
        (
            ({"title": " "}, "Title is missing"),
            ({"title": "x\r\nBcc: e@x.om"}, "Title cannot contain line breaks"),
            ({"minutes": 4}, "between 5 minutes and 24 hours"),
            ({"minutes": 1_441}, "between 5 minutes and 24 hours"),
            ({"place": "x" * 501}, "maximum 500"),
            ({"agenda": "x" * 10_001}, "maximum 10,000"),
            ({"agenda": "a\0b"}, "cannot be stored"),
            ({"attendees": (Attendee("Salim", "salim"),)}, "The address salim does not look like"),
            ({"attendees": (Attendee("x\ny", "a@b.om"),)}, "cannot contain line breaks"),
            ({"attendees": tuple(Attendee("", f"a{n}@b.om") for n in range(51))}, "Maximum 50 attendees"),
            ({"at": datetime.fromisoformat("2036-01-01T10:00+04:00")}, "the next two"),
        ),
    )
    def test_refuses_what_cannot_be_kept(self, clock, session, partner, aisha, facts, why):
        with pytest.raises(Invalid, match=why):
            add_meeting(session, partner.id, plan=plan(clock, **facts), by=aisha)

    def test_keeps_nothing_when_an_action_item_is_refused(self, clock, partner, aisha):
        with pytest.raises(Invalid), transaction(aisha) as session:
            add_meeting(session, partner.id, plan=plan(clock), actions=(NewAction(Side.OURS, ""),), by=aisha)
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(Meeting)) == 0
            assert session.scalar(select(func.count()).select_from(Mail)) == 0

    def test_is_not_for_those_who_only_read(self, clock, partner, analyst):
        with pytest.raises(NotAllowed), transaction(analyst) as session:
            add_meeting(session, partner.id, plan=plan(clock), by=analyst)

    def test_does_not_reach_another_company(self, clock, partner, outsider):
        with pytest.raises(NotFound), transaction(outsider) as session:
            add_meeting(session, partner.id, plan=plan(clock), by=outsider)

    def test_stores_a_path_and_markup_as_they_were_typed(self, clock, session, partner, aisha):
        typed = plan(clock, title="/etc/passwd", agenda="<img src=x onerror=alert(1)>")
        add_meeting(session, partner.id, plan=typed, by=aisha)
        mail = mails(session, MailKind.MEETING_AGENDA)[SALIM.email]
        assert "<img" not in mail.html
        assert "<img src=x onerror=alert(1)>" in mail.text
        assert event_of(session, mail)["SUMMARY"] == "/etc/passwd"


class TestChange:
    @pytest.fixture
    def meeting(self, clock, session, partner, aisha) -> Meeting:
        return add_meeting(session, partner.id, plan=plan(clock), by=aisha)

    def test_moves_the_entry_in_every_calendar(self, clock, session, partner, aisha, meeting):
        later = plan(clock, at=clock.now() + timedelta(days=3))
        change_meeting(session, meeting.id, plan=later, version=meeting.version, by=aisha)
        sent = mails(session, MailKind.MEETING_CHANGED)
        assert set(sent) == {SALIM.email, AISHA.email}
        event = event_of(session, sent[SALIM.email])
        assert (event["UID"], event["SEQUENCE"]) == (f"{meeting.id}@partnerdesk", 1)
        assert event["DTSTART"].dt.isoformat() == "2026-11-25T12:00:00+04:00"
        assert told(session, partner.id) == [Kind.MEETING_CHANGED, Kind.MEETING_SCHEDULED]

    def test_invites_who_is_new_and_lets_go_who_is_not_asked_any_more(self, clock, session, aisha, meeting):
        others = plan(clock, attendees=(AISHA, Attendee("Nora", "nora@dhofar.om")))
        change_meeting(session, meeting.id, plan=others, version=meeting.version, by=aisha)
        assert set(mails(session, MailKind.MEETING_CHANGED)) == {AISHA.email}
        assert "nora@dhofar.om" in mails(session, MailKind.MEETING_AGENDA)
        gone = mails(session, MailKind.MEETING_CANCELLED)
        assert set(gone) == {SALIM.email}
        assert calendar_of(session, gone[SALIM.email])["METHOD"] == "CANCEL"

    def test_does_nothing_when_nothing_changed(self, clock, session, aisha, meeting):
        change_meeting(session, meeting.id, plan=plan(clock), version=meeting.version, by=aisha)
        assert (meeting.sequence, mails(session, MailKind.MEETING_CHANGED)) == (0, {})

    def test_refuses_what_was_edited_from_an_older_state(self, clock, session, aisha, meeting):
        seen = meeting.version
        change_meeting(session, meeting.id, plan=plan(clock, title="One"), version=seen, by=aisha)
        with pytest.raises(MeetingChanged):
            change_meeting(session, meeting.id, plan=plan(clock, title="Two"), version=seen, by=aisha)

    def test_may_be_quiet(self, clock, session, aisha, meeting):
        quiet = {"plan": plan(clock, title="One"), "version": meeting.version, "mail_agenda": False}
        change_meeting(session, meeting.id, **quiet, by=aisha)
        assert mails(session, MailKind.MEETING_CHANGED) == {}

    def test_is_not_for_a_cancelled_one(self, clock, session, aisha, meeting):
        cancel_meeting(session, meeting.id, version=meeting.version, by=aisha)
        with pytest.raises(MeetingCancelled):
            change_meeting(session, meeting.id, plan=plan(clock, title="x"), version=meeting.version, by=aisha)

    def test_does_not_reach_another_company(self, clock, partner, aisha, outsider):
        with transaction(aisha) as session:
            meeting = add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        with pytest.raises(NotFound), transaction(outsider) as session:
            change_meeting(session, meeting.id, plan=plan(clock), version=1, by=outsider)
        with pytest.raises(NotFound), transaction(outsider) as session:
            cancel_meeting(session, meeting.id, version=1, by=outsider)


class TestCancel:
    @pytest.fixture
    def meeting(self, clock, session, partner, aisha) -> Meeting:
        return add_meeting(session, partner.id, plan=plan(clock), by=aisha)

    def test_takes_it_out_of_every_calendar(self, session, partner, aisha, meeting):
        cancel_meeting(session, meeting.id, why="The minister travels", version=meeting.version, by=aisha)
        sent = mails(session, MailKind.MEETING_CANCELLED)
        assert set(sent) == {SALIM.email, AISHA.email}
        event = event_of(session, sent[SALIM.email])
        assert calendar_of(session, sent[SALIM.email])["METHOD"] == "CANCEL"
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{meeting.id}@partnerdesk", 1, "CANCELLED")
        assert "The minister travels" in sent[SALIM.email].text
        assert meeting.state is MeetingState.CANCELLED
        assert told(session, partner.id) == [Kind.MEETING_CANCELLED, Kind.MEETING_SCHEDULED]

    def test_happens_once(self, session, aisha, meeting):
        cancel_meeting(session, meeting.id, version=meeting.version, by=aisha)
        with pytest.raises(MeetingCancelled):
            cancel_meeting(session, meeting.id, version=meeting.version, by=aisha)

    def test_is_too_late_once_it_is_over(self, clock, session, aisha, meeting):
        clock.forward(days=3)
        with pytest.raises(MeetingOver):
            cancel_meeting(session, meeting.id, version=meeting.version, by=aisha)

    def test_says_when_there_is_no_such_meeting(self, session, aisha):
        with pytest.raises(NotFound, match="meeting was not found"):
            cancel_meeting(session, uuid4(), version=1, by=aisha)


class TestNotes:
    def test_are_kept_and_the_calendars_left_alone(self, clock, session, partner, aisha):
        meeting = add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        add_notes(session, meeting.id, notes="They want a pilot.", version=meeting.version, by=aisha)
        assert queries.partner_meetings(session, partner.id)[0].notes == "They want a pilot."
        assert meeting.sequence == 0

    def test_refuse_to_overwrite_a_colleague(self, clock, session, partner, aisha):
        meeting = add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        seen = meeting.version
        add_notes(session, meeting.id, notes="One", version=seen, by=aisha)
        with pytest.raises(MeetingChanged):
            add_notes(session, meeting.id, notes="Two", version=seen, by=aisha)


class TestAttendeesAsTyped:
    @pytest.mark.parametrize(
        ("text", "found"),
        (
            ("Salim <salim@retail.om>", [Attendee("Salim", "salim@retail.om")]),
            ('"Al Kindi, Salim" <s@r.om>'.replace(",", ""), [Attendee("Al Kindi Salim", "s@r.om")]),
            ("a@b.om; c@d.om,\n\n e@f.om ", [Attendee("", "a@b.om"), Attendee("", "c@d.om"), Attendee("", "e@f.om")]),
            ("", []),
            ("not an address", [Attendee("", "not an address")]),
        ),
    )
    def test_are_read(self, text, found):
        assert read_attendees(text) == found

    def test_are_spelled_so_that_they_can_be_read_again(self):
        both = [SALIM, Attendee("", "x@y.om")]
        assert read_attendees(spelled(both)) == both
