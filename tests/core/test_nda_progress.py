"""How far a partner's people are with signing, and finding an NDA by its reference."""

import pytest
from sqlalchemy import update

from core.access import limits
from core.access.models import AccessSession
from core.access.sessions import IDLE
from core.actor import Actor
from core.clock import now
from core.db import reading, transaction
from core.errors import NotAllowed, TooManyAttempts
from core.nda import handover, progress, queries, service, stepping_aside
from core.nda.models import SigningState
from core.nda.progress import UnderWay
from core.nda.steps import State, Step
from core.partners.models import Partner
from tests.core.nda_acts import done, give_contact, handover_link, read_through, ready_to_sign, signed, visitor


@pytest.fixture(autouse=True)
def _store(set_settings, tmp_path) -> None:
    set_settings(state_dir=tmp_path / "state")


def under_way(by: Actor, partner: Partner) -> UnderWay:
    with reading(by) as session:
        return progress.under_way(session, partner.id)


class TestUnderWay:
    def test_of_a_partner_that_never_began_is_empty(self, clock, partner: Partner, aisha: Actor) -> None:
        assert under_way(aisha, partner) == UnderWay([], [], None)

    def test_says_who_stands_at_which_step_since_when(self, clock, partner: Partner, aisha: Actor) -> None:
        by, begun = visitor(partner), now()
        done(service.begin, by, language="en")
        assert under_way(aisha, partner).signings[0].step is Step.CONTACT
        clock.forward(minutes=10)
        give_contact(by)
        [row] = under_way(aisha, partner).signings
        assert (row.name, row.title, row.step, row.begun_at) == ("Salim Al Kindi", "Director", Step.READ, begun)
        read_through(by)
        assert under_way(aisha, partner).signings[0].step is Step.SIGN

    def test_says_who_declined_and_why(self, clock, partner: Partner, aisha: Actor) -> None:
        by = visitor(partner)
        give_contact(by)
        done(stepping_aside.decline, by, reason="Clause 7 goes too far.")
        [row] = under_way(aisha, partner).signings
        assert (row.state, row.reason, row.ended_at) == (SigningState.DECLINED, "Clause 7 goes too far.", now())

    def test_says_whom_it_was_handed_over_to(self, clock, partner: Partner, aisha: Actor) -> None:
        by = visitor(partner)
        give_contact(by)
        done(stepping_aside.hand_over, by, name="Huda Al Said", email="huda@salalah-retail.om", title="CEO")
        found = under_way(aisha, partner)
        [asked] = found.asked
        assert (asked.name, asked.email, asked.asked_by) == ("Huda Al Said", "huda@salalah-retail.om", "Salim Al Kindi")
        assert not asked.is_opened
        assert found.signings[0].state is SigningState.HANDED_OVER

    def test_says_that_the_colleague_opened_it(self, clock, partner: Partner, aisha: Actor) -> None:
        by = visitor(partner)
        done(stepping_aside.hand_over, by, name="Huda Al Said", email="huda@salalah-retail.om")
        clock.forward(minutes=1)
        with transaction(aisha) as session:
            handover.open_handover(session, handover_link(by), device="d", by=aisha)
        found = under_way(aisha, partner)
        assert found.asked[0].is_opened
        assert found.signings[0].email == "huda@salalah-retail.om"

    def test_leaves_out_who_cannot_go_on(self, clock, partner: Partner, aisha: Actor) -> None:
        give_contact(visitor(partner))
        with transaction(aisha) as session:
            session.execute(update(AccessSession).values(last_used_at=now() - IDLE))
        assert under_way(aisha, partner).signings == []

    def test_begins_anew_after_a_signature(self, clock, partner: Partner, aisha: Actor) -> None:
        give_contact(visitor(partner, device="other"))
        clock.forward(hours=1)
        signed(partner)
        assert under_way(aisha, partner) == UnderWay([], [], None)

    def test_says_until_when_nothing_is_taken(self, clock, partner: Partner, aisha: Actor) -> None:
        by = ready_to_sign(visitor(partner))
        assert under_way(aisha, partner).stopped_until is None
        for _ in range(3):
            limits.submitted_nda(by.ip or "", str(partner.id))
        with pytest.raises(TooManyAttempts):
            limits.submitted_nda(by.ip or "", str(partner.id))
        stopped = under_way(aisha, partner).stopped_until
        assert stopped is not None
        assert 59 * 60 <= (stopped - now()).total_seconds() <= 3_600
        clock.forward(hours=1, seconds=1)
        assert under_way(aisha, partner).stopped_until is None

    def test_is_for_who_reads_ndas(self, partner: Partner, reviewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            under_way(reviewer, partner)

    def test_of_another_company_is_empty(self, clock, partner: Partner, outsider: Actor) -> None:
        give_contact(visitor(partner))
        assert under_way(outsider, partner) == UnderWay([], [], None)


class TestFinding:
    def test_by_reference_however_it_is_written(self, clock, partner, aisha: Actor, outsider: Actor) -> None:
        made = signed(partner)
        with reading(aisha) as session:
            found = queries.find_by_reference(session, f" {made.reference.lower()} ")
            assert found is not None
            assert queries.nda(session, found).row.reference == made.reference
            assert queries.find_by_reference(session, "NDA-99999") is None
            assert queries.standing(session)[State.VALID] == 1
        with reading(outsider) as session:
            assert queries.find_by_reference(session, made.reference) is None
            assert sum(queries.standing(session).values()) == 0
