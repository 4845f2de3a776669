"""Several people at one card: of four admins nothing is lost, of eight processes one wins; on both databases."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import DomainError
from core.partners import queries
from core.partners.models import Hop, Partner
from core.partners.moves import Answer, move
from core.partners.pipeline import HoldReason, Status
from core.timeline.models import TimelineEntry
from tests.core.together import line_up, together
from tests.factories import make_partner

SOAKED = pytest.param(1_000, marks=pytest.mark.soak)


def count(session: Session, kind: type, **equal: object) -> int:
    """How many rows of a kind have these values."""
    return session.scalar(select(func.count()).select_from(kind).filter_by(**equal)) or 0


class TestRace:
    """Several people at one card."""

    @pytest.mark.parametrize("examples", (15, SOAKED))
    def test_of_four_admins_loses_nothing(self, database, aisha, nora, examples):
        """Each of four desks looks when it likes and moves what it saw: only what was seen fresh gets through."""

        @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(acts=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, *Status])), max_size=20))
        def interleave(acts: list[tuple[int, Status | None]]) -> None:
            play(acts, desks=[aisha, nora, aisha, nora])

        interleave()

    def test_of_eight_processes_is_won_by_one(self, database, aisha):
        rounds = 5
        with transaction(aisha) as session:
            cards = [make_partner(session, status=Status.PROPOSAL_SENT).id for _ in range(rounds)]
        raced = together(database, race, [aisha] * 8, [cards] * 8)
        for ends in zip(*raced, strict=True):
            assert sorted(ends) == ["MovedMeanwhile"] * 7 + ["won"]
        with reading(aisha) as session:
            for card in cards:
                found = session.get_one(Partner, card)
                assert (found.version, count(session, Hop, partner_id=card)) == (2, 1)
                assert count(session, TimelineEntry, partner_id=card) == 1
                assert count(session, AuditEntry, subject_id=card) == 1


def play(acts: list[tuple[int, Status | None]], *, desks: list[Actor]) -> None:
    """Let desks look (None) or move the card as they last saw it; then everything must add up."""
    with transaction(desks[0]) as session:
        card = make_partner(session).id
    seen, won = [1] * len(desks), 0
    for desk, to in acts:
        with reading(desks[desk]) as session:
            now = queries.partner(session, card)
        if to is None:
            seen[desk] = now.version
            continue
        allowed = seen[desk] == now.version and to in {each.to for each in now.moves}
        assert attempt(desks[desk], card, to, seen[desk]) == allowed
        won += allowed
    with reading(desks[0]) as session:
        hops = session.scalars(select(Hop).filter_by(partner_id=card).order_by(Hop.id)).all()
        assert won == session.get_one(Partner, card).version - 1 == len(hops)
        assert won == count(session, TimelineEntry, partner_id=card) == count(session, AuditEntry, subject_id=card)
        assert [hop.start for hop in hops[1:]] == [hop.to for hop in hops[:-1]]


def attempt(actor: Actor, card: UUID, to: Status, version: int) -> bool:
    """Whether a move got through, with every answer a move may ask for at hand."""
    answer = Answer("Because", on=date(2026, 1, 5), hold=HoldReason.STALLED)
    try:
        with transaction(actor) as session:
            move(session, card, to=to, version=version, answer=answer, by=actor)
    except DomainError:
        return False
    return True


def race(actor: Actor, cards: list[UUID]) -> list[str]:
    """See each card, wait until everybody has, and move it. Returns how it ended."""
    return [_race(actor, card) for card in cards]


def _race(actor: Actor, card: UUID) -> str:
    with reading(actor) as session:
        version = queries.partner(session, card).version
    line_up(30)
    try:
        with transaction(actor) as session:
            move(session, card, to=Status.MEETING_SCHEDULED, version=version, by=actor)
    except DomainError as refusal:
        return type(refusal).__name__
    return "won"
