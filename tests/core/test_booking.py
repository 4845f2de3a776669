"""What the booking service reports: read with distrust, taken in once, in whatever order it comes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.actor import Actor, system
from core.companies.models import Company
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail
from core.meetings import queries
from core.meetings.booking import UNMATCHED, take_in
from core.meetings.cal import Trigger, is_signed, read, signature
from core.meetings.models import BookingReport, Meeting
from core.meetings.queries import MeetingRow
from core.meetings.service import change_meeting
from core.partners.models import Partner
from core.partners.pipeline import Status
from tests.core.meeting_acts import plan, told
from tests.factories import make_partner

JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
)
STARTS = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def report(trigger: str = "BOOKING_CREATED", *, uid: str = "u1", **facts: Any) -> bytes:
    """A report as Cal.com posts it."""
    payload: dict[str, Any] = {
        "type": "30min",
        "title": "30min between Salim and Dhofar Systems",
        "startTime": STARTS.isoformat().replace("+00:00", "Z"),
        "endTime": (STARTS + timedelta(minutes=30)).isoformat().replace("+00:00", "Z"),
        "uid": uid,
        "attendees": [{"name": "Salim", "email": "salim@elsewhere.om", "timeZone": "Asia/Muscat"}],
        "organizer": {"name": "Dhofar", "email": "hello@dhofar.om", "timeZone": "Asia/Muscat"},
        "location": "integrations:daily",
        "metadata": {"partner": "salalah-retail", "videoCallUrl": "https://app.cal.com/video/u1"},
        "additionalNotes": "We bring our IT lead.",
    }
    told = {"triggerEvent": trigger, "createdAt": "2026-11-22T08:00:00.538Z", "payload": payload | facts}
    return json.dumps(told).encode()


def take(message: bytes) -> str:
    booking = read(message)
    assert booking is not None
    with transaction(system()) as session:
        return take_in(session, booking, by=system())


def meetings(partner: Partner, by: Actor) -> list[MeetingRow]:
    with reading(by) as session:
        return queries.partner_meetings(session, partner.id)


@pytest.fixture
def sent_to(clock, partner: Partner, aisha: Actor) -> Partner:
    """A partner that was sent its proposal."""
    with transaction(aisha) as session:
        session.get_one(Partner, partner.id).status = Status.PROPOSAL_SENT
    return partner


class TestSignature:
    def test_is_the_secrets_only(self):
        message = report()
        assert is_signed("s3cret", message, signature("s3cret", message))
        assert is_signed("s3cret", message, signature("s3cret", message).upper())
        for given_ in ("", "0" * 64, signature("other", message), signature("s3cret", message + b" "), "é" * 64):
            assert not is_signed("s3cret", message, given_)


class TestRead:
    def test_takes_what_is_needed(self):
        found = read(report(rescheduleUid="u0", cancellationReason="Ill"))
        assert found is not None
        assert (found.trigger, found.uid, found.before, found.slug) == (Trigger.CREATED, "u1", "u0", "salalah-retail")
        assert (found.at, found.minutes, found.place) == (STARTS, 30, "https://app.cal.com/video/u1")
        assert (found.notes, found.why, found.who) == ("We bring our IT lead.", "Ill", "Salim")

    @pytest.mark.parametrize(
        "message", (b"{}", b'{"triggerEvent":"PING"}', b'{"triggerEvent":["BOOKING_CREATED"]}', b"[]")
    )
    def test_leaves_other_messages_alone(self, message):
        assert read(message) is None

    @pytest.mark.parametrize("message", (b"", b"{", b"\xff\xfe", b"[" * 100_000))
    def test_says_what_is_no_message(self, message):
        with pytest.raises(Invalid, match="not JSON"):
            read(message)

    @pytest.mark.parametrize("value", (None, "", "tomorrow", 7, "2026-13-40T00:00:00Z", ["2026"], "9999-99"))
    def test_says_when_there_is_no_time(self, value):
        with pytest.raises(Invalid, match="no time"):
            read(report(startTime=value))

    def test_says_when_there_is_no_uid(self):
        with pytest.raises(Invalid, match="no uid"):
            read(report(uid=""))

    @pytest.mark.parametrize(
        ("facts", "place"),
        (
            ({"location": "Al Khuwair 33", "metadata": {}}, "Al Khuwair 33"),
            ({"location": "integrations:google:meet", "metadata": {}}, "Video call"),
            ({"location": {"type": "phone"}, "metadata": None}, ""),
            ({"location": None, "metadata": [], "videoCallData": {"url": "https://d.co/1"}}, "https://d.co/1"),
        ),
    )
    def test_finds_the_place(self, facts, place):
        found = read(report(**facts))
        assert found is not None
        assert found.place == place

    def test_flattens_a_strangers_text(self):
        found = read(
            report(title="Bcc: e@x.om\r\n\0\ud83d <img src=x> \u202ex" + "y" * 500, additionalNotes="a\0b\r\nc")
        )
        assert found is not None
        assert found.title.startswith("Bcc: e@x.om <img src=x> xyyy")
        assert len(found.title) == 200
        assert found.notes == "ab\nc"

    def test_drops_attendees_without_an_address(self):
        people = [None, {"name": "A"}, {"email": "not one"}, {"name": 7, "email": "b@c.om"}]
        found = read(report(attendees=people))
        assert found is not None
        assert [(one.name, one.email) for one in found.attendees] == [("", "b@c.om")]

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
        )
    )
    def test_survives_whatever_stands_in_a_field(self, junk):
        for name in ("title", "attendees", "organizer", "location", "metadata", "additionalNotes", "rescheduleUid"):
            message = json.loads(report())
            message["payload"][name] = junk
            assert read(json.dumps(message).encode())


class TestCreated:
    def test_sets_the_meeting_and_moves_the_card(self, sent_to, aisha):
        assert take(report()) == "Meeting set"
        (row,) = meetings(sent_to, aisha)
        assert (row.at, row.minutes, row.booked, row.organiser) == (STARTS, 30, True, "Dhofar")
        with reading(aisha) as session:
            assert session.get_one(Partner, sent_to.id).status is Status.MEETING_SCHEDULED
            assert told(session, sent_to.id) == ["meeting_scheduled", "moved"]
            mail = session.scalars(select(Mail)).one()
        assert (mail.kind, mail.to_address) == (MailKind.MEETING_BOOKED, "aisha.al.balushi@dhofar.om")
        assert "Salalah Retail has booked a meeting, Wed 25 Nov 2026, 10:00–10:30 (Muscat)" in mail.subject
        assert "We bring our IT lead." in mail.text

    def test_again_changes_nothing(self, sent_to, aisha):
        for said in ("Meeting set", "Known already", "Known already"):
            assert take(report()) == said
        assert take(report(additionalNotes="another spelling of the same")) == "Known already"
        assert len(meetings(sent_to, aisha)) == 1
        with reading(aisha) as session:
            assert len(session.scalars(select(Mail)).all()) == 1

    def test_finds_the_partner_by_its_contact(self, sent_to, aisha):
        with transaction(aisha) as session:
            address = session.get_one(Partner, sent_to.id).contact_email
        people = [{"name": "Colleague", "email": "x@y.om"}, {"name": "Salim", "email": address.upper()}]
        assert take(report(metadata={}, attendees=people)) == "Meeting set"
        assert len(meetings(sent_to, aisha)) == 1

    def test_leaves_a_contact_of_several_partners_to_a_person(self, sent_to, aisha):
        with transaction(aisha) as session:
            make_partner(session, contact_email=session.get_one(Partner, sent_to.id).contact_email)
            address = session.get_one(Partner, sent_to.id).contact_email
        staff = {"name": "Aisha", "email": "aisha.al.balushi@dhofar.om"}
        message = report(metadata={}, attendees=[{"name": "S", "email": address}], organizer=staff)
        assert take(message).startswith(UNMATCHED)
        assert meetings(sent_to, aisha) == []

    def test_keeps_what_matched_nobody_when_the_organiser_is_one_of_us(self, sent_to, aisha):
        staff = {"name": "Aisha", "email": "aisha.al.balushi@dhofar.om"}
        message = report(metadata={"partner": "nobody"}, organizer=staff)
        named = "30min between Salim and Dhofar Systems, salim@elsewhere.om, 25 Nov 2026 06:00 UTC"
        assert take(message) == f"{UNMATCHED}: {named}"
        assert take(message) == "Known already"
        with reading(aisha) as session:
            assert session.scalars(select(BookingReport)).one().outcome.startswith(UNMATCHED)

    def test_only_logs_what_is_nobodys(self, sent_to, aisha):
        assert take(report(metadata={})) == UNMATCHED
        with reading(aisha) as session:
            assert session.scalars(select(BookingReport)).all() == []

    def test_does_not_cross_to_the_company_of_another_organiser(self, sent_to, aisha, outsider):
        staff = {"name": "Layla", "email": "layla.al.siyabi@sohar.om"}
        assert take(report(organizer=staff)).startswith(UNMATCHED)
        assert meetings(sent_to, aisha) == []
        with reading(outsider) as session:
            assert session.scalars(select(Meeting)).all() == []
            assert len(session.scalars(select(BookingReport)).all()) == 1

    def test_keeps_a_time_that_cannot_be_as_a_report(self, sent_to, aisha):
        assert take(report(startTime="2046-01-01T00:00:00Z", endTime="2046-01-01T01:00:00Z")).startswith("Not kept")
        assert meetings(sent_to, aisha) == []

    def test_is_not_for_people(self, sent_to, aisha):
        booking = read(report())
        assert booking
        with pytest.raises(NotAllowed), transaction(aisha) as session:
            take_in(session, booking, by=aisha)

    def test_needs_no_owner(self, sent_to, aisha):
        with transaction(aisha) as session:
            session.get_one(Partner, sent_to.id).owner_id = None
        assert take(report()) == "Meeting set"
        with reading(aisha) as session:
            assert session.scalars(select(Mail)).all() == []


MOVED = {"startTime": "2026-11-26T06:00:00Z", "endTime": "2026-11-26T07:00:00Z", "rescheduleUid": "u1"}


class TestRescheduled:
    def test_moves_the_meeting_under_its_new_uid(self, sent_to, aisha):
        take(report())
        assert take(report("BOOKING_RESCHEDULED", uid="u2", **MOVED)) == "Meeting moved"
        (row,) = meetings(sent_to, aisha)
        assert (row.at, row.minutes) == (STARTS + timedelta(days=1), 60)
        with reading(aisha) as session:
            assert session.scalars(select(Meeting.booking_uid)).one() == "u2"
            assert {mail.subject.partition(",")[0] for mail in session.scalars(select(Mail))} == {
                "Salalah Retail has booked a meeting",
                "Salalah Retail has moved a meeting to Thu 26 Nov 2026",
            }

    def test_keeps_the_agenda_that_was_written_since(self, clock, sent_to, aisha):
        take(report())
        (row,) = meetings(sent_to, aisha)
        with transaction(aisha) as session:
            change_meeting(session, row.id, plan=plan(clock, agenda="Ours"), version=1, by=aisha)
        take(report("BOOKING_RESCHEDULED", uid="u2", **MOVED))
        assert meetings(sent_to, aisha)[0].agenda == "Ours"

    def test_before_the_booking_was_heard_of_sets_it(self, sent_to, aisha):
        assert take(report("BOOKING_RESCHEDULED", uid="u2", **MOVED)) == "Meeting set"
        assert take(report()) == "Came too late"
        assert len(meetings(sent_to, aisha)) == 1

    def test_is_known_by_its_meeting_whatever_it_says_of_the_partner(self, sent_to, aisha):
        take(report())
        assert take(report("BOOKING_RESCHEDULED", uid="u2", **(MOVED | {"metadata": {}}))) == "Meeting moved"


class TestCancelled:
    def test_cancels_and_leaves_the_stage(self, sent_to, aisha):
        take(report())
        assert take(report("BOOKING_CANCELLED", cancellationReason="Ill")) == "Meeting cancelled"
        (row,) = meetings(sent_to, aisha)
        assert row.is_cancelled
        with reading(aisha) as session:
            assert session.get_one(Partner, sent_to.id).status is Status.MEETING_SCHEDULED
            subjects = [mail.subject for mail in session.scalars(select(Mail))]
        assert any("the meeting of Wed 25 Nov 2026" in subject for subject in subjects)

    def test_before_it_was_heard_of_stays_cancelled(self, sent_to, aisha):
        assert take(report("BOOKING_CANCELLED")) == "Nothing to cancel"
        assert take(report()) == "Came too late"
        assert meetings(sent_to, aisha) == []

    def test_twice_is_once(self, sent_to, aisha):
        take(report())
        take(report("BOOKING_CANCELLED"))
        assert take(report("BOOKING_CANCELLED", cancellationReason="again")) == "Nothing to cancel"


def test_the_companys_time_zone_is_the_mails(clock, company, sent_to, aisha):
    with transaction(aisha) as session:
        session.get_one(Company, company.id).time_zone = "Europe/London"
    take(report())
    with reading(aisha) as session:
        assert "06:00–06:30 (London)" in session.scalars(select(Mail)).one().subject
