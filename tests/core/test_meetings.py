"""Meetings: planned, logged, changed, cancelled, noted on; what calendars and the pipeline learn of it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail
from core.meetings import queries
from core.meetings.models import Meeting, Side
from core.meetings.plans import Attendee, NewAction, read_attendees, spelled
from core.meetings.service import (
    add_meeting,
)
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.kinds import Kind
from tests.core.meeting_acts import AISHA, SALIM, calendar_of, event_of, mails, plan, told


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
