"""The intake: beacons are gathered while a batch is written, and answered once they are kept."""

import asyncio
import json
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from core import db
from core.actor import system
from core.db import transaction
from core.engagement.batch import Outcome, keep
from core.engagement.beacons import sign_visit
from core.engagement.ingest import Ingest
from core.errors import NotSaved
from tests.core.engagement_world import Proposal, open_proposal, publish, read_ms

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def proposal(company, aisha) -> Proposal:
    """A partner of Aisha's with a published proposal."""
    return publish(company, owner_id=aisha.id, name="Sohar Port", slug="sohar-port")


def rejected(reason: str) -> float:
    """How many beacons were rejected for a reason so far."""
    return REGISTRY.get_sample_value("beacon_rejected_total", {"reason": reason}) or 0.0


class TestIngest:
    def run(self, work):
        """Run a coroutine with an intake that is started and stopped around it."""

        async def inside():
            intake = Ingest()
            intake.start()
            try:
                return await work(intake)
            finally:
                await intake.stop()

        return asyncio.run(inside())

    def body(self, opened, n: int, **ms: int) -> bytes:
        """A beacon as it is sent."""
        signed = sign_visit(opened.visit, opened.session)
        return json.dumps({"v": signed, "n": n, "ms": ms, "at": None, "human": True}).encode()

    def test_answers_when_it_is_kept(self, proposal):
        opened = open_proposal(proposal, ago=timedelta(minutes=5))

        async def work(intake):
            outcome = await intake.receive(self.body(opened, 1, hero=4_000), opened.secret)
            return outcome, read_ms(opened)

        assert self.run(work) == (Outcome.KEPT, {"hero": 4_000})

    def test_gathers_what_comes_while_it_writes(self, proposal, monkeypatch):
        opened = [open_proposal(proposal, device=str(n), ago=timedelta(minutes=5)) for n in range(5)]
        sizes = []

        def keep_noted(batch):
            sizes.append(len(batch))
            return keep(batch)

        monkeypatch.setattr("core.engagement.ingest.keep", keep_noted)

        async def work(intake):
            bodies = [(self.body(each, n, hero=100 * n), each.secret) for n in range(1, 21) for each in opened]
            return await asyncio.gather(*(intake.receive(*each) for each in bodies))

        assert set(self.run(work)) == {Outcome.KEPT}
        assert sum(sizes) == 100
        assert len(sizes) < 10
        assert [read_ms(each) for each in opened] == [{"hero": 2_000}] * 5

    def test_drops_and_counts_what_it_cannot_read(self, proposal):
        before = rejected("json")
        assert self.run(lambda intake: intake.receive(b"{", b"")) is Outcome.DROPPED
        assert rejected("json") == before + 1

    def test_says_so_when_too_many_are_waiting(self, proposal, monkeypatch):
        opened = open_proposal(proposal, ago=timedelta(minutes=5))
        before = rejected("busy")
        monkeypatch.setattr("core.engagement.ingest.MOST_WAITING", 0)
        with pytest.raises(NotSaved):
            self.run(lambda intake: intake.receive(self.body(opened, 1, hero=4_000), opened.secret))
        assert rejected("busy") == before + 1

    def test_says_so_when_the_database_fails_and_goes_on_after(self, proposal, sqlite_database):
        opened = open_proposal(proposal, ago=timedelta(minutes=5))

        async def work(intake):
            with transaction(system()) as session:
                session.execute(text("ALTER TABLE visit RENAME TO visit_gone"))
            with pytest.raises(NotSaved):
                await intake.receive(self.body(opened, 1, hero=4_000), opened.secret)
            with transaction(system()) as session:
                session.execute(text("ALTER TABLE visit_gone RENAME TO visit"))
            return await intake.receive(self.body(opened, 2, hero=5_000), opened.secret)

        assert self.run(work) is Outcome.KEPT
        assert db.url() == sqlite_database

    def test_writes_what_is_waiting_before_it_stops(self, proposal):
        opened = open_proposal(proposal, ago=timedelta(minutes=5))

        async def work(intake):
            task = asyncio.create_task(intake.receive(self.body(opened, 1, hero=4_000), opened.secret))
            await asyncio.sleep(0)
            return task

        assert self.run(work).result() is Outcome.KEPT
