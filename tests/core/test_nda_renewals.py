"""Reminders before an NDA ends, and the note when it has, each once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.actor import system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.mail.messages import Kind
from core.nda import service
from core.nda.models import Nda
from core.nda.renewals import remind, reminder_due
from core.partners.models import Partner
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from tests.core.nda_acts import done, handover_link, mailed, press, ready_to_sign, signed, view, visitor
from tests.core.test_nda_handover import NASSER, look, opened

END = datetime(2029, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def nda(partner, clock):
    """An NDA that ends at ``END``."""
    return signed(partner)


class TestDue:
    @pytest.mark.parametrize(
        ("before", "days"),
        (
            (timedelta(days=90, microseconds=1), None),
            (timedelta(days=90), 90),
            (timedelta(days=30, microseconds=1), 90),
            (timedelta(days=30), 30),
            (timedelta(days=7), 7),
            (timedelta(microseconds=1), 7),
            (timedelta(0), None),
        ),
    )
    def test_by_what_is_left(self, before, days):
        due = reminder_due(END, END - before)
        assert (due[0] if due else None) == days

    @given(st.timedeltas(timedelta(0), timedelta(days=100)))
    def test_never_before_its_time(self, before):
        due = reminder_due(END, END - before)
        assert due is None or (due[1] <= END - before < END and due[1] == END - timedelta(days=due[0]))


class TestReminders:
    def test_go_to_both_sides_once_each(self, nda, aisha, partner, clock):
        said = []
        for before in (91, 90, 89, 30, 29, 7, 6, 1):
            clock.at(END - timedelta(days=before))
            remind()
            remind()
            said.append(len(mailed(aisha, Kind.NDA_RENEWAL)))
        assert said == [0, 2, 2, 4, 4, 6, 6, 6]
        ours, theirs = (
            mailed(aisha, Kind.NDA_RENEWAL, to_name=aisha.name),
            mailed(aisha, Kind.NDA_RENEWAL, to_address=partner.contact_email),
        )
        assert [mail.subject for mail in ours] == [
            f"Salalah Retail: the NDA NDA-00001 ends in {days} days" for days in (90, 30, 7)
        ]
        assert len(theirs) == 3
        assert all("token=" in mail.secrets[0] for mail in theirs)

    def test_after_a_pause_come_once_with_the_days_that_are_left(self, nda, aisha, clock):
        clock.at(END - timedelta(days=6, hours=20))
        remind()
        assert [mail.subject for mail in mailed(aisha, Kind.NDA_RENEWAL, to_name=aisha.name)] == [
            "Salalah Retail: the NDA NDA-00001 ends in 7 days"
        ]

    def test_hold_a_link_to_sign_anew_by(self, nda, aisha, partner, clock):
        clock.at(END - timedelta(days=30))
        remind()
        link = mailed(aisha, Kind.NDA_RENEWAL, to_address=partner.contact_email)[0].secrets[0].partition("token=")[2]
        assert look(link).asked_by == "Dhofar Systems"
        salim = opened(link)
        assert view(salim).renews is not None
        assert press(ready_to_sign(salim)).reference == "NDA-00002"
        clock.at(END - timedelta(days=7))
        remind()
        assert len(mailed(aisha, Kind.NDA_RENEWAL)) == 2

    def test_without_a_contact_go_to_the_team_alone(self, nda, aisha, partner, clock):
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        clock.at(END - timedelta(days=30))
        remind()
        assert ["No contact is on record" in mail.text for mail in mailed(aisha, Kind.NDA_RENEWAL)] == [True]


class TestEnd:
    def test_is_noted_once(self, nda, aisha, partner, clock):
        clock.at(END - timedelta(microseconds=1))
        remind()
        assert mailed(aisha, Kind.NDA_EXPIRED) == []
        clock.at(END)
        remind()
        clock.forward(days=400)
        remind()
        assert [mail.to_name for mail in mailed(aisha, Kind.NDA_EXPIRED)] == [aisha.name]
        with reading(system(aisha.company)) as session:
            entry = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_EXPIRED)).one()
            assert (entry.at, entry.facts) == (END, {"reference": "NDA-00001"})
            assert len(session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.NDA_EXPIRE.value)).all()) == 1
            assert session.scalars(select(Nda.expiry_noted_at)).one() == END

    def test_of_one_that_was_renewed_is_no_news(self, nda, aisha, partner, clock):
        clock.at(END - timedelta(days=1))
        press(ready_to_sign(visitor(partner)))
        clock.at(END)
        remind()
        assert mailed(aisha, Kind.NDA_EXPIRED) == []


def test_nothing_due_writes_nothing(nda, aisha):
    with reading(system()) as session:
        before = len(session.scalars(select(AuditEntry)).all())
    remind()
    with reading(system()) as session:
        assert len(session.scalars(select(AuditEntry)).all()) == before


def test_a_colleague_who_signed_is_not_reminded_the_contact_is(partner, aisha, clock):
    done(service.hand_over, visitor(partner), **NASSER)
    nasser = opened(handover_link(aisha))
    press(ready_to_sign(nasser, NASSER["name"]), signature=NASSER["name"])
    clock.at(END - timedelta(days=7))
    remind()
    assert {mail.to_address for mail in mailed(aisha, Kind.NDA_RENEWAL)} == {
        partner.contact_email, "aisha.al.balushi@dhofar.om",
    }  # fmt: skip
