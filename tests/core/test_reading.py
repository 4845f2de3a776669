"""A reader's page loads: which visit they belong to, and who is kept out of the numbers."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, system
from core.companies.models import Company
from core.contacts.presence import who
from core.db import reading, transaction
from core.engagement.beacons import read_visit
from core.engagement.models import Reader, Visit
from core.engagement.reading import Opened, resume
from core.errors import NotFound
from core.tenancy import enter
from core.timeline.kinds import Kind
from core.timeline.queries import timeline
from tests.conftest import Clock
from tests.core.engagement_world import SAFARI, Proposal, publish

PUBLIC_IP = "82.178.4.9"


@pytest.fixture
def proposal(company: Company) -> Proposal:
    """A published proposal."""
    return publish(company, name="Khasab Ferries")


def _reader(proposal: Proposal, *, measured: bool = True, ip: str = PUBLIC_IP) -> Actor:
    by = system(ip=ip, user_agent=SAFARI)
    with transaction(by) as session:
        inside = enter(session, proposal.company)
        secret = sessions.open_session(
            session, kind=SessionKind.READER, partner_id=proposal.partner, measured=measured, device="one", by=inside
        )
    with reading(system()) as session:
        found = who(session, secret, ip=ip, user_agent=SAFARI)
    assert found is not None
    return found


def _resume(reader: Actor) -> Opened:
    with transaction(reader) as session:
        return resume(session, language="en", by=reader)


def _visit(opened: Opened, by: Actor) -> Visit:
    found = read_visit(opened.visit)
    assert found is not None
    with reading(by) as session:
        return session.get_one(Visit, found[0])


class TestResume:
    def test_a_reload_reads_on_in_the_same_visit(self, proposal: Proposal, aisha: Actor) -> None:
        reader = _reader(proposal)
        assert _resume(reader) == _resume(reader)
        with reading(aisha) as session:
            assert len(session.scalars(select(Visit)).all()) == 1
            events, total = timeline(session, proposal.partner, kinds=[Kind.OPENED])
        assert total == 1
        assert events[0].who == reader.name

    def test_half_an_hour_of_silence_ends_a_visit(self, clock: Clock, proposal: Proposal) -> None:
        reader = _reader(proposal)
        first = _resume(reader)
        clock.forward(minutes=29)
        assert _resume(reader) == first
        clock.forward(minutes=2)
        assert _resume(reader) != first

    def test_who_chose_not_to_be_measured_is_not(self, proposal: Proposal, aisha: Actor) -> None:
        reader = _reader(proposal, measured=False)
        opened = _resume(reader)
        assert not opened.measured
        assert not _visit(opened, aisha).measured
        with reading(aisha) as session:
            assert timeline(session, proposal.partner, kinds=[Kind.OPENED_UNMEASURED])[1] == 1

    def test_a_session_that_ended_reads_no_more(self, proposal: Proposal) -> None:
        reader = replace(_reader(proposal), session=UUID(int=1))
        with pytest.raises(NotFound):
            _resume(reader)


class TestColleagues:
    @pytest.mark.parametrize(
        ("ip", "agent", "kind"),
        (
            (PUBLIC_IP, SAFARI, Reader.STAFF),
            ("82.178.4.10", SAFARI, Reader.UNKNOWN),
            (PUBLIC_IP, "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0", Reader.UNKNOWN),
        ),
    )
    def test_are_known_by_public_address_and_browser(
        self, ip: str, agent: str, kind: Reader, proposal: Proposal, aisha: Actor
    ) -> None:
        self._sign_in(aisha, ip, agent)
        assert _visit(_resume(_reader(proposal)), aisha).reader is kind

    def test_on_one_machine_everybody_is_a_reader(self, proposal: Proposal, aisha: Actor) -> None:
        self._sign_in(aisha, "127.0.0.1", SAFARI)
        assert _visit(_resume(_reader(proposal, ip="127.0.0.1")), aisha).reader is Reader.UNKNOWN

    @staticmethod
    def _sign_in(aisha: Actor, ip: str, agent: str) -> None:
        by = replace(aisha, ip=ip, user_agent=agent)
        with transaction(by) as session:
            sessions.open_session(session, kind=SessionKind.STAFF, staff_id=aisha.id, by=by)
