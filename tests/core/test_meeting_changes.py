"""Meetings changed, cancelled and noted on; what calendars learn of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.db import transaction
from core.errors import NotFound
from core.mail.messages import Kind as MailKind
from core.meetings import queries
from core.meetings.models import Meeting, MeetingState
from core.meetings.plans import Attendee
from core.meetings.rows import MeetingChanged
from core.meetings.service import (
    MeetingCancelled,
    MeetingOver,
    add_meeting,
    add_notes,
    cancel_meeting,
    change_meeting,
)
from core.timeline.kinds import Kind
from tests.core.meeting_acts import AISHA, SALIM, calendar_of, event_of, mails, plan, told


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
