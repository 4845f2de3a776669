"""What the clock does to protections: notices, the end, and whose turn it is."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actor import system
from core.clock import now
from core.db import reading, transaction
from core.deals.models import Protection, Quote
from core.deals.protection import extend
from core.deals.states import ProtectionEnd, QuoteStatus
from core.deals.turns import NOTICES, notice_due, watch
from core.mail.messages import Kind
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.worker import JOBS
from tests.conftest import START
from tests.core.protection_acts import Ground, ground, in_queue, mails, protected, protection, registered, waiting


@pytest.fixture
def place(company, aisha, clock) -> Ground:
    """What two resellers want."""
    return ground(company)


@pytest.fixture
def held(place) -> UUID:
    """The first one's protection of Al Maha Trading, for 90 days."""
    return protected(place, registered(place, place.salim))


def set_status(place: Ground, quote_id: UUID, status: QuoteStatus) -> None:
    with transaction(system(place.company)) as session:
        session.get_one(Quote, quote_id).status = status


class TestNotices:
    @pytest.mark.parametrize(
        ("left", "days"),
        (
            (timedelta(days=30, seconds=1), None),
            (timedelta(days=30), 30),
            (timedelta(days=14), 14),
            (timedelta(days=3), 3),
            (timedelta(seconds=1), 3),
            (timedelta(0), None),
        ),
    )
    def test_by_what_is_left(self, left, days):
        assert notice_due(START, START - left) == days

    @given(st.timedeltas(timedelta(0), timedelta(days=100)))
    def test_never_before_their_time(self, left):
        due = notice_due(START, START - left)
        assert due is None or (due in NOTICES and left <= timedelta(days=due))

    def test_go_to_both_sides_once_each(self, held, place, clock):
        ends_at, said = protection(place, held).ends_at, []
        for left in (31, 30, 29, 14, 13, 3, 2):
            clock.at(ends_at - timedelta(days=left))
            watch()
            watch()
            said.append(len(mails(place, Kind.PROTECTION_ENDING)))
        assert said == [0, 2, 2, 4, 4, 6, 6]
        assert {mail.subject for mail in mails(place, Kind.PROTECTION_ENDING, to_name="Aisha Al Balushi")} == {
            f"Salalah Retail: the protection of Al Maha Trading ends in {days} days" for days in NOTICES
        }
        assert "DI-0001" in mails(place, Kind.PROTECTION_ENDING, to_name="Salim Al Kindi")[0].text

    def test_after_a_pause_come_once_with_the_days_that_are_left(self, held, place, clock):
        clock.at(protection(place, held).ends_at - timedelta(days=2, hours=5))
        watch()
        (mail,) = mails(place, Kind.PROTECTION_ENDING, to_name="Aisha Al Balushi")
        assert mail.subject == "Salalah Retail: the protection of Al Maha Trading ends in 3 days"

    def test_are_not_sent_of_days_it_never_had(self, place, clock):
        short = protected(place, registered(place, place.salim), days=10)
        watch()
        assert mails(place, Kind.PROTECTION_ENDING) == []
        clock.at(protection(place, short).ends_at - timedelta(days=3))
        watch()
        assert len(mails(place, Kind.PROTECTION_ENDING)) == 2

    def test_begin_anew_after_an_extension(self, held, place, clock):
        clock.forward(days=88)
        watch()
        with transaction(system(place.company)) as session:
            extend(session, session.get_one(Protection, held), days=30, by=system(place.company))
        clock.forward(days=2)
        watch()
        assert len(mails(place, Kind.PROTECTION_ENDING, to_name="Salim Al Kindi")) == 2

    def test_are_a_job_of_the_worker(self):
        assert watch in [job.run for job in JOBS]


class TestEnd:
    def test_comes_at_its_instant_once(self, held, place, clock):
        ends_at = protection(place, held).ends_at
        clock.at(ends_at - timedelta(seconds=1))
        watch()
        assert protection(place, held).ended is None
        clock.at(ends_at)
        for _ in range(2):
            watch()
        assert (protection(place, held).ended, protection(place, held).ends_at) == (ProtectionEnd.EXPIRED, ends_at)
        assert {mail.to_name for mail in mails(place, Kind.PROTECTION_ENDED)} == {"Salim Al Kindi", "Aisha Al Balushi"}
        with reading(system(place.company)) as session:
            entries = session.query(TimelineEntry).filter_by(kind=Entry.PROTECTION_ENDED).all()
        assert [entry.facts for entry in entries] == [{"customer": "Al Maha Trading"}]

    def test_does_not_wait_for_the_worker(self, held, place, clock):
        other = registered(place, place.huda)
        clock.forward(days=90)
        assert protected(place, other) != held


class TestTurns:
    @pytest.fixture
    def queue(self, held, place, clock) -> list[UUID]:
        """Three deals of the second reseller that wait, an hour apart."""
        found = []
        for _ in range(3):
            found.append(registered(place, place.huda))
            clock.forward(hours=1)
        return found

    def told(self, place: Ground, queue: list[UUID]) -> list[bool]:
        rows = [waiting(place, one) for one in queue]
        return [row.told_at is not None for row in rows if row]

    def test_the_first_is_told_once_and_nobody_else(self, queue, place, clock):
        clock.forward(days=90)
        for _ in range(3):
            watch()
        assert self.told(place, queue) == [True, False, False]
        (mail,) = mails(place, Kind.TURN_CAME)
        assert (mail.to_name, mail.subject) == ("Huda Al Lawati", "Your turn: Al Maha Trading is free")
        assert "Salalah Retail" not in mail.text + mail.html

    def test_the_next_is_told_when_the_first_was_not_approved(self, queue, place, clock):
        clock.forward(days=90)
        watch()
        set_status(place, queue[0], QuoteStatus.REJECTED)
        watch()
        assert self.told(place, queue) == [True, True, False]

    def test_who_withdrew_meanwhile_is_passed_over(self, queue, place, clock):
        set_status(place, queue[0], QuoteStatus.WITHDRAWN)
        clock.forward(days=90)
        watch()
        assert self.told(place, queue) == [False, True, False]

    def test_when_the_first_is_approved_the_others_wait_for_its_end(self, queue, place, clock):
        clock.forward(days=90)
        watch()
        follows = protected(place, queue[0])
        watch()
        assert [in_queue(place, one).protection_id for one in queue[1:]] == [follows, follows]
        assert self.told(place, queue[1:]) == [False, False]
        clock.at(now() + timedelta(days=90))
        set_status(place, queue[0], QuoteStatus.WITHDRAWN)
        watch()
        assert self.told(place, queue[1:]) == [True, False]
