"""The sums are what the visits say, however the beacons came."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import system
from core.companies.models import Company
from core.db import reading, transaction
from core.engagement.batch import keep
from core.engagement.demo import demo_visits
from core.engagement.models import PartnerMonth, PartnerViews, Reader, Visit
from core.engagement.rebuild import rebuild, set_aside
from core.engagement.rollups import MS
from core.engagement.times import INDEX
from core.partners.models import Partner
from core.proposals.models import ProposalVersion
from tests.core.engagement_world import (
    Proposal,
    Reading,
    keep_all,
    open_proposal,
    publish,
    rebuilt_sums,
    sums,
    visit_row,
)

AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0", "curl/8.0")
Batch = list[tuple[Any, bytes]]


def crowd(company: Company, other_company: Company, rng: Random) -> list[Reading]:
    """Visits of every class to partners of two companies, begun at different times."""
    proposals = [publish(company), publish(company), publish(other_company)]
    return [
        open_proposal(
            rng.choice(proposals),
            device=rng.choice("abc"),
            measured=rng.random() < 0.9,
            user_agent=rng.choice(AGENTS) if rng.random() < 0.3 else AGENTS[0],
            staff=rng.random() < 0.1,
            ago=timedelta(minutes=rng.randrange(120)),
        )
        for _ in range(12)
    ]


def disordered(readers: list[Reading], rng: Random) -> Iterator[Batch]:
    """Their beacons, a fifth lost, a third sent twice, in any order, in batches of any size."""
    sent: Batch = []
    for each in readers:
        ms: dict[str, Any] = dict.fromkeys(INDEX, 0)
        human_from = rng.randrange(12)
        for n in range(1, 13):
            ms[rng.choice(list(INDEX))] += rng.randrange(20_000)
            sent += [each.beacon(n, human=n >= human_from, **ms)] * rng.choice((0, 1, 1, 1, 2))
    rng.shuffle(sent)
    while sent:
        size = rng.randrange(1, 30)
        yield sent[:size]
        del sent[:size]


class TestSums:
    @pytest.mark.parametrize("seed", range(3))
    def test_are_what_the_visits_say(self, clock, company, other_company, seed):
        rng = Random(seed)
        for _ in range(3):
            readers = crowd(company, other_company, rng)
            for batch in disordered(readers, rng):
                keep(batch)
                clock.forward(seconds=rng.randrange(3_000))
            clock.forward(days=rng.randrange(20))
        kept = sums()
        assert len(kept[0]) > 2
        assert rebuilt_sums() == kept

    @pytest.mark.parametrize("seed", range(2))
    def test_are_right_when_two_processes_feed_the_same_visits(self, database, company, other_company, seed):
        rng = Random(seed)
        batches = list(disordered(crowd(company, other_company, rng), rng))
        shares = [batches[0::2] + batches[1::4], batches[1::2] + batches[0::4]]
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            kept = sum(pool.map(keep_all, [database] * 2, shares))
        assert kept > 0
        assert sums()[1]
        assert sums() == rebuilt_sums()

    def test_are_made_again_after_they_were_lost(self, clock, company):
        opened = open_proposal(publish(company))
        clock.forward(minutes=1)
        opened.send(hero=4_000, terms=9_000)
        kept = sums()
        with transaction(system()) as session:
            for row in session.scalars(select(PartnerMonth)):
                session.delete(row)
        assert sums() != kept
        assert rebuilt_sums() == kept


class TestSetAside:
    def test_counts_a_partner_no_longer(self, clock, company):
        mine, other = publish(company), publish(company)
        for proposal in (mine, other):
            for device in "ab":
                opened = open_proposal(proposal, device=device)
                clock.forward(minutes=2)
                opened.send(hero=4_000, terms=9_000)
        open_proposal(mine, measured=False)
        with transaction(system(company.id)) as session:
            assert set_aside(session, mine.partner) == 3
        kept = sums()
        assert [row[2] for row in kept[1]] == [other.partner]
        assert rebuilt_sums() == kept

    def test_lets_the_next_reading_be_the_first(self, clock, company):
        proposal = publish(company)
        open_proposal(proposal)
        with transaction(system(company.id)) as session:
            set_aside(session, proposal.partner)
        opened = open_proposal(proposal)
        clock.forward(minutes=2)
        opened.send(hero=4_000)
        with reading(system()) as session:
            assert session.scalars(select(PartnerViews)).one().visits == 1
        assert visit_row(opened).read_before is False


PERSONAS: dict[str, dict[str, Any]] = {
    "thorough": {"visits": 6, "readers": 1, "style": "thorough", "stops_at": None, "last_days_ago": 3},
    "forwarded": {"visits": 9, "readers": 4, "style": "forwarded", "stops_at": "why", "last_days_ago": 1},
    "stopped": {"visits": 2, "readers": 1, "style": "stopped-early", "stops_at": "hero", "last_days_ago": 20},
}


class TestDemo:
    def make(self, proposal: Proposal, persona: dict[str, Any]) -> list[Visit]:
        """A partner's past by a persona, oldest first."""
        with transaction(system(proposal.company)) as session:
            version = session.get_one(ProposalVersion, proposal.version)
            version.published_at = version.created_at - timedelta(days=60)
            partner = session.get_one(Partner, proposal.partner)
            demo_visits(session, partner, link=None, versions=[version], persona=persona, rng=Random(7))
        with reading(system()) as session:
            return list(session.scalars(select(Visit).order_by(Visit.started_at)))

    @pytest.mark.parametrize("name", PERSONAS)
    def test_is_counted_like_any_reading(self, clock, company, name):
        persona = PERSONAS[name]
        visits = self.make(publish(company), persona)
        human = [visit for visit in visits if visit.reader is Reader.HUMAN]
        assert len(human) == persona["visits"]
        assert len({visit.device_hash for visit in human}) == persona["readers"]
        assert clock.now() - human[-1].started_at < timedelta(days=persona["last_days_ago"] + 1)
        assert rebuilt_sums() == sums()

    def test_stops_where_the_persona_stops(self, clock, company):
        for visit in self.make(publish(company), PERSONAS["stopped"]):
            assert not any(getattr(visit, name) for name in MS[1:])

    def test_reads_nothing_for_a_persona_without_visits(self, company):
        assert self.make(publish(company), {"visits": 0}) == []


def test_a_rebuild_reads_every_visit(clock, company):
    for _ in range(3):
        open_proposal(publish(company))
    with transaction(system()) as session:
        assert rebuild(session) == 3
