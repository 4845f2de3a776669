"""What the reading comes to: every answer from the sums is the answer the visits themselves give."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.db import reading, transaction
from core.engagement import calls, cohorts, queries, readers
from core.engagement.filters import Filter, day_bits, last_days
from core.engagement.models import Visit
from core.engagement.overview import overview
from core.engagement.reasons import ReasonKey
from core.engagement.times import INDEX
from core.errors import NotAllowed, NotFound
from core.partners.models import Partner
from core.partners.pipeline import Status
from tests.core.engagement_world import Proposal, Reading, open_proposal, publish


def read_some(proposal: Proposal, clock, rng: Random, *, device: str = "phone") -> Reading:
    """One visit that reads a few sections from the top."""
    opened = open_proposal(proposal, device=device)
    clock.forward(minutes=20)
    depth = rng.randrange(1, 10)
    read: dict[str, Any] = {section: rng.randrange(200, 60_000) for section in list(INDEX)[:depth]}
    opened.send(**read)
    return opened


@pytest.fixture
def session(aisha: Actor) -> Iterator[Session]:
    """A look at the data by Aisha."""
    with reading(aisha) as opened:
        yield opened


@pytest.fixture
def partners(company, other_company, aisha, clock) -> list[Proposal]:
    """Three partners, the first of them Aisha's, with some weeks of visits; and a stranger's visits beside them."""
    rng = Random(4)
    made = [
        publish(
            company, owner_id=aisha.id if number == 0 else None, status=Status.PROPOSAL_SENT, name=f"Partner {number}"
        )
        for number in range(3)
    ]
    stranger = publish(other_company)
    for _ in range(40):
        read_some(rng.choice([*made, stranger]), clock, rng, device=rng.choice("abc"))
        clock.forward(hours=rng.randrange(40))
    open_proposal(made[0], user_agent="curl/8")
    open_proposal(made[0], measured=False)
    return made


def asked(clock, days: int = 60, **others) -> Filter:
    """The last days up to today."""
    today = (clock.now() + timedelta(hours=4)).date()
    return Filter(today - timedelta(days=days - 1), today, **others)


@pytest.fixture
def both(partners, clock) -> tuple[Filter, Filter]:
    """One question twice: answered from the sums, and from the visits of all partners named one by one."""
    return asked(clock), asked(clock, partner_ids=tuple(each.partner for each in partners))


class TestOpenAndFiltered:
    """The sums and the visits agree."""

    def test_the_screen_asks_once_for_what_its_parts_share(self, session, both):
        open_question = both[0]
        found = overview(session, open_question)
        assert (found.figures, found.before) == queries.figures(session, open_question)
        assert found.sections == queries.sections(session, open_question)
        assert found.steps == queries.drop_off(session, open_question)
        assert found.excluded == queries.excluded(session, open_question)
        assert found.figures.visits > 20

    def test_in_the_figures(self, session, both):
        summed, read = (queries.figures(session, each) for each in both)
        for one, other in zip(summed, read, strict=True):
            assert (one.partners, one.visits, one.returned) == (other.partners, other.visits, other.returned)
            assert (one.reached_terms, one.reached_end) == (other.reached_terms, other.reached_end)
        assert summed[0].median_ms == pytest.approx(read[0].median_ms, rel=0.03)
        assert summed[0].visits > 20

    def test_in_the_sections(self, session, both):
        summed, read = (queries.sections(session, each) for each in both)
        assert summed.visits == read.visits
        for one, other in zip(summed.rows, read.rows, strict=True):
            assert (one.section, one.reached, one.reach, one.mean_ms) == (
                other.section, other.reached, other.reach, other.mean_ms,
            )  # fmt: skip
            for name in ("median_ms", "p90_ms", "p95_ms"):
                assert getattr(one, name) == pytest.approx(getattr(other, name), rel=0.03)

    def test_in_the_drop_off(self, session, both):
        summed, read = (queries.drop_off(session, each) for each in both)
        assert summed == read
        shares = [step.share for step in summed]
        assert shares == sorted(shares, reverse=True)

    def test_in_the_days(self, session, both):
        summed, read = (queries.visits_per_day(session, each) for each in both)
        assert summed.equals(read)
        assert len(summed) == 60
        assert list(summed.columns) == ["day", "visits", "returned", "first"]
        assert (summed["first"] + summed["returned"] == summed["visits"]).all()

    def test_in_what_is_excluded(self, session, both):
        summed, read = (queries.excluded(session, each) for each in both)
        assert summed == read
        assert summed == {"unknown": 0, "bot": 1, "staff": 0, "demo": 0, "unmeasured": 1}

    def test_in_the_heat_map(self, session, both, clock):
        summed = readers.heat_map(session, both[0])
        read = readers.heat_map(session, asked(clock, version=1))
        assert list(summed.columns) == ["partner_id", "partner", "visits", *INDEX]
        assert summed.set_index("partner").sort_index().equals(read.set_index("partner").sort_index())
        assert summed["visits"].is_monotonic_decreasing


class TestFilters:
    def test_by_owner_and_stage_and_version(self, session, partners, clock, aisha):
        mine = queries.figures(session, asked(clock, owner_id=aisha.id))[0]
        assert mine.partners == 1
        assert 0 < mine.visits < queries.figures(session, asked(clock))[0].visits
        assert queries.figures(session, asked(clock, stage=Status.ACTIVE))[0].visits == 0
        assert queries.figures(session, asked(clock, stage=Status.PROPOSAL_SENT))[0].partners == 3
        assert queries.sections(session, asked(clock, version=2)).visits == 0

    def test_count_a_partner_only_on_the_days_asked_about(self, session, partners, clock):
        for days in (1, 3, 9, 27):
            named = asked(clock, days, partner_ids=tuple(each.partner for each in partners))
            assert (
                queries.figures(session, asked(clock, days))[0].partners == queries.figures(session, named)[0].partners
            )

    @pytest.mark.parametrize(
        ("since", "until", "bits"),
        (
            (date(2026, 2, 1), date(2026, 2, 28), 2**28 - 1),
            (date(2026, 1, 30), date(2026, 2, 2), 0b11),
            (date(2026, 2, 27), date(2026, 3, 9), 0b11 << 26),
            (date(2026, 3, 1), date(2026, 3, 9), 0),
            (date(2025, 1, 1), date(2027, 1, 1), 2**28 - 1),
        ),
    )
    def test_know_a_months_days(self, since, until, bits):
        assert day_bits(date(2026, 2, 1), Filter(since, until)) == bits

    def test_compare_with_as_many_days_before(self):
        before = Filter(date(2026, 3, 1), date(2026, 3, 31), version=2).before
        assert before == Filter(date(2026, 1, 29), date(2026, 2, 28), version=2)

    def test_end_today_where_the_company_is(self, session, clock):
        clock.at(clock.now().replace(hour=22))
        assert last_days(session, 7).until == clock.now().date() + timedelta(days=1)


class TestReaders:
    def test_shows_views_on_cards(self, session, partners, clock):
        read_some(partners[1], clock, Random(1))
        views = readers.views_by_partner(session)
        assert set(views) == {each.partner for each in partners}
        assert views[partners[1].partner].today >= 1
        assert views[partners[1].partner].last_read_at == clock.now()
        assert sum(each.total for each in views.values()) == queries.figures(session, asked(clock, 300))[0].visits

    def test_pages_through_visits(self, session, partners, clock):
        for _ in range(readers.PAGE):
            read_some(partners[2], clock, Random(1))
        first, total = readers.visits(session, partners[2].partner)
        second, _ = readers.visits(session, partners[2].partner, page=2)
        assert len(first) == readers.PAGE
        assert len(first) + len(second) == total
        times = [each.started_at for each in [*first, *second]]
        assert times == sorted(times, reverse=True)

    def test_replays_a_visit(self, session, partners, clock):
        opened = read_some(partners[0], clock, Random(2))
        visit, runs = readers.replay(session, opened.visit)
        assert visit.device == "Safari on iPhone"
        assert sum(run.ms for run in runs) == visit.ms == sum(visit.times.values())
        with pytest.raises(NotFound):
            readers.replay(session, uuid4())

    def test_finds_who_came_back_and_what_was_forwarded(self, session, partners, clock):
        clock.forward(days=16)
        read_some(partners[0], clock, Random(3), device="a")
        read_some(partners[0], clock, Random(3), device="a colleague's")
        [back] = readers.returning(session, asked(clock, 2))
        assert (back.away_days or 0) >= 16
        [passed_on] = readers.forwarded(session, asked(clock, 2))
        assert passed_on.partner_id == partners[0].partner
        assert readers.forwarded(session, asked(clock, 2, partner_ids=(partners[1].partner,))) == []

    def test_finds_who_never_reached_the_terms(self, session, partners, clock, company):
        shy = publish(company, name="Shy")
        opened = open_proposal(shy)
        clock.forward(minutes=5)
        opened.send(hero=9_000, terms=400)
        [found] = readers.never_reached_terms(session, asked(clock, 1))
        assert (found.partner, found.visits, found.last_read_at) == ("Shy", 1, clock.now())


class TestCalls:
    def test_lists_whom_to_call_and_why(self, session, partners, clock):
        for _ in range(3):
            opened = open_proposal(partners[0])
            clock.forward(hours=1)
            opened.send(hero=2_000, terms=120_000)
        first = calls.call_list(session)[0]
        assert (first.partner, first.owner) == ("Partner 0", "Aisha Al Balushi")
        assert first.reasons[0].key is ReasonKey.OPENED_OFTEN
        assert first.reasons[0].facts["section"] == "terms"

    def test_leaves_out_the_active_and_the_silent(self, partners, clock, aisha):
        with transaction(system(partners[0].company)) as session:
            session.execute(update(Partner).where(Partner.id == partners[0].partner).values(status=Status.ACTIVE))
        with reading(aisha) as session:
            names = {call.partner for call in calls.call_list(session)}
        assert "Partner 0" not in names
        clock.forward(days=40)
        with reading(aisha) as session:
            assert calls.call_list(session) == []

    def test_asks_about_some_partners_only(self, session, partners, clock, aisha):
        found = calls.call_list(session, asked=asked(clock, owner_id=aisha.id))
        assert {call.partner for call in found} <= {"Partner 0"}


class TestNothingRead:
    def test_is_answered_with_nothing(self, session, company, clock):
        for question in (asked(clock), asked(clock, version=3), asked(clock, partner_ids=(uuid4(),))):
            now, before = queries.figures(session, question)
            assert (now.visits, now.median_ms, now.partners, before.visits) == (0, None, 0, 0)
            assert [row.reach for row in queries.sections(session, question).rows] == [0.0] * 9
            assert [step.share for step in queries.drop_off(session, question)] == [0.0] * 9
            assert readers.heat_map(session, question).empty
            assert queries.visits_per_day(session, question)["visits"].sum() == 0
        assert readers.views_by_partner(session) == {}
        assert calls.call_list(session) == []


ASKED_WITH_A_FILTER: list[Callable[..., Any]] = [
    queries.figures, queries.sections, queries.drop_off, queries.visits_per_day, queries.excluded, readers.heat_map,
    readers.never_reached_terms, readers.returning, readers.forwarded, cohorts.conversion, cohorts.time_in_stage,
]  # fmt: skip


class TestWhoMayAsk:
    def test_nobody_without_the_right(self, reviewer, partners, clock):
        with reading(reviewer) as session:
            for question in ASKED_WITH_A_FILTER:
                with pytest.raises(NotAllowed):
                    question(session, asked(clock))
            with pytest.raises(NotAllowed):
                readers.views_by_partner(session)
            with pytest.raises(NotAllowed):
                calls.call_list(session)

    def test_the_analyst(self, analyst, partners, clock):
        with reading(analyst) as session:
            assert queries.figures(session, asked(clock))[0].visits > 0

    def test_nobody_about_another_company(self, outsider: Actor, partners, clock):
        with reading(outsider) as session:
            everything = asked(clock, partner_ids=tuple(each.partner for each in partners))
            assert queries.figures(session, everything)[0].visits == 0
            assert not set(readers.views_by_partner(session)) & {each.partner for each in partners}
            assert readers.visits(session, partners[0].partner) == ([], 0)


def test_counts_are_bounded(session, partners, clock, monkeypatch):
    monkeypatch.setattr("core.engagement.filters.NEWEST", 5)
    monkeypatch.setattr("core.engagement.queries.NEWEST", 5)
    assert queries.figures(session, asked(clock, version=1))[0].newest_only
    found = queries.sections(session, asked(clock, version=1))
    assert (found.newest_only, found.visits) == (True, 5)


def test_only_people_count(partners, clock, aisha):
    with reading(aisha) as session:
        before = queries.figures(session, asked(clock))[0]
    opened = open_proposal(partners[0], user_agent="curl/8")
    clock.forward(minutes=5)
    opened.send(hero=9_000)
    with reading(aisha) as session:
        assert queries.figures(session, asked(clock))[0] == before
        assert (session.scalar(select(func.count()).select_from(Visit)) or 0) > before.visits
