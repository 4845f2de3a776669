"""Beacons kept: what counts, what does not, and what happens at the first view."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select

from core.actor import system
from core.db import reading
from core.engagement.batch import Outcome, keep
from core.engagement.models import PartnerViews, Reader, ReadingDay
from core.mail.models import Mail
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.core.engagement_world import Proposal, end_session, open_proposal, publish, read_ms, sums, visit_row

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def proposal(company, aisha) -> Proposal:
    """A partner of Aisha's with a published proposal."""
    return publish(company, owner_id=aisha.id, name="Sohar Port", slug="sohar-port")


def rejected(reason: str) -> float:
    """How many beacons were rejected for a reason so far."""
    return REGISTRY.get_sample_value("beacon_rejected_total", {"reason": reason}) or 0.0


class TestKeep:
    def test_keeps_the_larger_value_of_each_section(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(minutes=5)
        assert opened.send(1, hero=9_000, terms=4_000) is Outcome.KEPT
        assert opened.send(3, hero=9_000, terms=30_000, at="terms") is Outcome.KEPT
        opened.send(2, hero=9_500, terms=10_000)
        assert read_ms(opened) == {"hero": 9_500, "terms": 30_000}

    def test_changes_nothing_when_everything_is_sent_again(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        beacons = [opened.beacon(n, hero=n * 1_000, terms=n * 500) for n in range(1, 9)]
        keep(beacons)
        before, row = sums(), visit_row(opened)
        clock.forward(minutes=9)
        keep([*beacons, *reversed(beacons), *beacons])
        assert sums() == before
        assert (visit_row(opened).last_seen_at, visit_row(opened).strip) == (row.last_seen_at, row.strip)

    def test_credits_no_more_than_has_passed(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(seconds=10)
        opened.send(hero=3_600_000, terms=3_600_000)
        assert read_ms(opened) == {"hero": 5_000, "terms": 5_000}

    def test_knows_when_it_was_read(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(seconds=20)
        opened.send(1, hero=8_000, at="hero")
        clock.forward(seconds=30)
        opened.send(2, hero=8_000, why=6_000, at="why")
        assert json.loads(visit_row(opened).strip) == [[0, 12, 8_000], [5, 44, 6_000]]

    def test_drops_a_visit_of_another_session(self, clock, proposal):
        mine, theirs = open_proposal(proposal), open_proposal(proposal, device="laptop")
        clock.forward(minutes=1)
        before = rejected("foreign")
        beacon, _ = theirs.beacon(hero=9_000)
        assert keep([(beacon, mine.secret)]) == [Outcome.DROPPED]
        assert keep([(beacon._replace(session=mine.session), mine.secret)]) == [Outcome.DROPPED]
        assert keep([(beacon._replace(visit=mine.session), theirs.secret)]) == [Outcome.DROPPED]
        assert rejected("foreign") == before + 3
        assert read_ms(theirs) == read_ms(mine) == {}

    def test_takes_an_earlier_reading_of_the_same_device_from_its_next_session(self, clock, proposal):
        earlier = open_proposal(proposal)
        clock.forward(minutes=1)
        earlier.send(1, hero=8_000, at="hero")
        clock.forward(days=2)
        beacon, _ = earlier.beacon(2, hero=8_000, terms=900_000, at="terms")
        assert keep([(beacon._replace(late=True), open_proposal(proposal).secret)]) == [Outcome.KEPT]
        assert read_ms(earlier) == {"hero": 8_000, "terms": 900_000}
        assert json.loads(visit_row(earlier).strip) == [[0, 52, 8_000], [1, 60, 900_000]]

    def test_takes_it_from_no_other_device_partner_or_ended_session(self, clock, company, proposal):
        earlier, ended = open_proposal(proposal), open_proposal(proposal)
        end_session(ended)
        clock.forward(minutes=9)
        beacon, _ = earlier.beacon(2, terms=9_000)
        others = (open_proposal(proposal, device="laptop"), open_proposal(publish(company)), ended)
        assert keep([(beacon, other.secret) for other in others]) == [Outcome.DROPPED] * 3
        assert read_ms(earlier) == {}

    def test_draws_what_was_read_first_at_the_beginning_however_late_it_comes(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(hours=5)
        beacon, secret = opened.beacon(1, terms=9_000)
        keep([(beacon._replace(late=True), secret)])
        assert json.loads(visit_row(opened).strip) == [[1, 0, 9_000]]

    def test_ends_with_the_session(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        opened.send(1, hero=1_000)
        end_session(opened)
        assert opened.send(2, hero=9_000) is Outcome.ENDED
        assert read_ms(opened) == {"hero": 1_000}

    def test_ends_when_the_session_was_idle_too_long(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(days=31)
        assert opened.send(hero=9_000) is Outcome.ENDED

    def test_measures_nobody_who_did_not_agree(self, clock, proposal):
        opened = open_proposal(proposal, measured=False)
        clock.forward(minutes=1)
        assert opened.send(hero=9_000) is Outcome.DROPPED
        assert read_ms(opened) == {}
        assert left_out() == {"left_unmeasured": 1}

    def test_serves_the_good_beacons_of_a_mixed_batch(self, clock, proposal):
        good, ended = open_proposal(proposal), open_proposal(proposal)
        end_session(ended)
        clock.forward(minutes=1)
        beacons = [ended.beacon(hero=5_000), good.beacon(1, hero=5_000), good.beacon(2, hero=6_000)]
        assert keep(beacons) == [Outcome.ENDED, Outcome.KEPT, Outcome.KEPT]
        assert read_ms(good) == {"hero": 6_000}


def left_out() -> dict[str, int]:
    """The visits left out, by kind, without the zeros."""
    names = [column for column in ReadingDay.__table__.columns if column.name.startswith("left_")]
    with reading(system()) as session:
        row = session.execute(select(*(func.sum(column) for column in names))).one()
    return {column.name: int(count) for column, count in zip(names, row, strict=True) if count}


class TestWhoCounts:
    def test_is_nobody_until_a_person_is_there(self, clock, proposal):
        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        opened.send(1, human=False, hero=9_000)
        assert visit_row(opened).reader is Reader.UNKNOWN
        assert left_out() == {"left_unknown": 1}
        opened.send(2, human=True, hero=9_000)
        assert visit_row(opened).reader is Reader.HUMAN
        assert left_out() == {}
        opened.send(3, human=False, hero=10_000)
        assert visit_row(opened).reader is Reader.HUMAN

    @pytest.mark.parametrize(
        ("how", "kind"),
        (({"user_agent": GOOGLEBOT}, "bot"), ({"user_agent": ""}, "bot"), ({"staff": True}, "staff")),
    )
    def test_is_no_machine_and_no_colleague(self, clock, proposal, how, kind):
        opened = open_proposal(proposal, **how)
        clock.forward(minutes=1)
        assert opened.send(hero=9_000) is Outcome.KEPT
        assert visit_row(opened).reader.value == kind
        assert left_out() == {f"left_{kind}": 1}
        with reading(system()) as session:
            assert session.scalars(select(PartnerViews)).all() == []
            assert session.scalars(select(Mail)).all() == []


class TestFirstView:
    def mails(self) -> list[Mail]:
        """What the owner was sent."""
        with reading(system()) as session:
            return list(session.scalars(select(Mail)))

    def entries(self, proposal: Proposal) -> int:
        """How often the first view stands on the timeline."""
        with reading(system(proposal.company)) as session:
            first = TimelineEntry.kind == Kind.FIRST_VIEW
            return session.scalar(select(func.count()).select_from(TimelineEntry).where(first)) or 0

    def test_tells_the_owner_once(self, clock, proposal):
        for device in ("phone", "laptop"):
            opened = open_proposal(proposal, device=device)
            clock.forward(minutes=1)
            opened.send(1, hero=2_000)
            opened.send(2, hero=3_000)
        [mail] = self.mails()
        assert mail.to_name == "Aisha Al Balushi"
        assert "Sohar Port" in mail.subject
        assert "Safari on iPhone" in mail.text
        assert "/partner?partner=sohar-port" in mail.text
        assert mail.company_id == proposal.company
        assert self.entries(proposal) == 1

    def test_is_on_the_timeline_of_a_partner_without_an_owner(self, clock, company):
        proposal = publish(company)
        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        opened.send(hero=2_000)
        assert (self.mails(), self.entries(proposal)) == ([], 1)

    def test_is_told_once_when_many_read_at_once(self, clock, proposal):
        opened = [open_proposal(proposal, device=str(number)) for number in range(12)]
        clock.forward(minutes=1)
        with ThreadPoolExecutor(6) as threads:
            outcomes = list(threads.map(lambda each: each.send(hero=2_000), opened))
        assert outcomes == [Outcome.KEPT] * 12
        assert (len(self.mails()), self.entries(proposal)) == (1, 1)
        with reading(system()) as session:
            views = session.scalars(select(PartnerViews)).one()
        assert (views.visits, views.devices) == (12, 12)

    def test_leaves_nothing_behind_when_the_mail_fails(self, clock, proposal, monkeypatch):
        def fail(*_args, **_kwargs):
            raise OSError("no room")

        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        before = sums()
        monkeypatch.setattr("core.mail.outbox.enqueue", fail)
        with pytest.raises(OSError, match="no room"):
            opened.send(hero=2_000)
        assert (sums(), read_ms(opened), self.entries(proposal)) == (before, {}, 0)


class TestWhatABeginningKnows:
    def test_a_device_that_was_here_before(self, clock, proposal):
        first = open_proposal(proposal, device="phone")
        clock.forward(minutes=1)
        first.send(hero=2_000)
        clock.forward(days=16)
        again = visit_row(open_proposal(proposal, device="phone"))
        assert (again.read_before, again.new_device, again.away_days, again.came_back) == (True, False, 16, True)
        other = visit_row(open_proposal(proposal, device="laptop"))
        assert (other.read_before, other.new_device) == (False, True)

    def test_the_day_it_is_where_the_company_is(self, clock, proposal):
        clock.at(clock.now().replace(hour=21))
        assert visit_row(open_proposal(proposal)).day == clock.now().date() + timedelta(days=1)
