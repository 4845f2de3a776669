"""When a quiz may be taken: waits after fails, renewing early, what changed meanwhile, and what was revoked."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.actor import Actor, system
from core.db import reading, transaction
from core.mail.models import Mail
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from core.training import learning, my_modules, service
from core.training.chances import WhyNot
from core.training.learning import AttemptsUsedUp, CertifiedStill, QuizCoolingDown
from core.training.models import TrainingModule
from core.training.my_modules import MyModule, Where
from core.training.service import RevokedBefore
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.training_acts import (
    answer_all,
    ask,
    asked_in,
    certifications,
    do,
    offered,
    publish,
    question,
    questions,
    sit,
)


@pytest.fixture
def hiba(aisha, partner, clock) -> Actor:
    """A salesperson of a reseller."""
    with transaction(aisha) as session:
        row = make_contact(session, partner, name="Hiba Al Maskari", email="hiba@reseller.example")
    return contact_actor(row)


def mine(by: Actor) -> MyModule:
    """The only module there is, as its learner sees it."""
    found: list[MyModule] = ask(by, my_modules.my_modules)
    assert len(found) == 1
    return found[0]


class TestWaits:
    def test_after_a_fail_say_until_when(self, aisha, hiba, clock):
        module = offered(aisha, cool_down_minutes=90)
        sit(hiba, module, wrong=("q1", "q2"))
        with pytest.raises(QuizCoolingDown, match=r"Try again at 13:30 \(Muscat\)\.$") as refused:
            do(hiba, learning.begin, module.id)
        assert refused.value.retry_at == clock.now() + timedelta(minutes=90)
        assert (mine(hiba).may_begin, mine(hiba).why_not) == (False, WhyNot.COOLING_DOWN)
        clock.forward(minutes=90)
        assert mine(hiba).may_begin
        assert sit(hiba, module).passed

    def test_that_reach_into_tomorrow_name_the_day(self, aisha, hiba, clock):
        module = offered(aisha, cool_down_minutes=24 * 60)
        sit(hiba, module, wrong=("q1", "q2"))
        with pytest.raises(QuizCoolingDown, match=r"Try again at 23 Nov 2026, 12:00 \(Muscat\)\.$"):
            do(hiba, learning.begin, module.id)

    def test_for_another_attempt_of_the_day(self, aisha, hiba, clock):
        module = offered(aisha, attempts_per_day=2)
        for _ in range(2):
            sit(hiba, module, wrong=("q1", "q2"))
            clock.forward(hours=1)
        with pytest.raises(AttemptsUsedUp, match=r"your 2 attempts of a day.*23 Nov 2026, 12:00 \(Muscat\)") as refused:
            do(hiba, learning.begin, module.id)
        assert mine(hiba).again_at == refused.value.retry_at
        clock.at(refused.value.retry_at)
        assert do(hiba, learning.begin, module.id)

    def test_never_keep_anybody_from_an_open_attempt(self, aisha, hiba, clock):
        module = offered(aisha, attempts_per_day=1, cool_down_minutes=60)
        attempt = do(hiba, learning.begin, module.id)
        assert mine(hiba).may_begin
        assert mine(hiba).open_attempt_id == attempt
        assert do(hiba, learning.begin, module.id) == attempt


class TestRenewing:
    def test_waits_for_the_last_ninety_days(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        with pytest.raises(CertifiedStill, match=r"renew from 24 Aug 2027\."):
            do(hiba, learning.begin, module.id)
        clock.forward(days=274, hours=11, minutes=59)
        assert (mine(hiba).where, mine(hiba).may_renew, mine(hiba).days_left) == (Where.VALID, False, 91)
        clock.forward(minutes=1)
        assert (mine(hiba).where, mine(hiba).may_renew, mine(hiba).days_left) == (Where.EXPIRING, True, 90)

    def test_early_leaves_the_old_one_valid(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        clock.forward(days=300)
        assert not sit(hiba, module, wrong=("q1", "q2")).passed
        assert (mine(hiba).where, mine(hiba).valid_until) == (Where.EXPIRING, date(2027, 11, 22))
        assert sit(hiba, module).valid_until == date(2028, 9, 17)
        old, new = certifications(aisha)
        assert (old.is_current, new.is_current, old.revoked_at) == (False, True, None)
        listed = ask(hiba, my_modules.my_certifications)
        assert [(row.standing.counts, row.is_current) for row in listed] == [(True, True), (True, False)]

    def test_never_shortens_what_is_held(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        clock.forward(days=300)
        given = service.NewModule(module.name, module.name_ar, valid_for_days=7)
        do(aisha, service.change_module, module.id, module=given, version=ask(aisha, version_of, module.id))
        assert sit(hiba, module).valid_until == date(2027, 11, 22)

    def test_after_the_end_counts_from_the_new_day(self, aisha, hiba, clock):
        module = offered(aisha, valid_for_days=30)
        sit(hiba, module)
        clock.forward(days=31)
        assert (mine(hiba).where, mine(hiba).is_due) == (Where.EXPIRED, True)
        assert sit(hiba, module).valid_until == date(2027, 1, 22)


def version_of(session, module_id):
    """The version a module has now."""
    return session.get_one(TrainingModule, module_id).version


class TestChanges:
    """Whoever is certified answers what changed, and nothing else."""

    def changed(self, aisha, module, **facts):
        bank = [*questions(3), question("q4", text="What about q4, really?"), question("q5", topic="New")]
        publish(aisha, module.id, bank, asks_holders=True, **facts)

    def test_are_asked_of_holders_alone(self, aisha, hiba, partner, clock):
        module = offered(aisha)
        sit(hiba, module)
        self.changed(aisha, module)
        assert (mine(hiba).changed, mine(hiba).is_delta, mine(hiba).questions, mine(hiba).is_due) == (2, True, 2, True)
        attempt = do(hiba, learning.begin, module.id)
        assert {one.key for one in asked_in(attempt)} == {"q4", "q5"}
        assert ask(hiba, learning.my_attempt, attempt).is_delta
        with transaction(aisha) as session:
            other = contact_actor_of(session, partner)
        assert len(asked_in(do(contact_actor(other), learning.begin, module.id))) == 5

    def test_answered_give_the_new_version_and_the_same_end(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        clock.forward(days=100)
        self.changed(aisha, module)
        result = sit(hiba, module)
        assert (result.is_delta, result.of, result.valid_until) == (True, 2, date(2027, 11, 22))
        old, new = certifications(aisha)
        assert new.expires_at == old.expires_at
        assert new.quiz_version_id != old.quiz_version_id
        assert (mine(hiba).changed, mine(hiba).may_begin) == (0, False)

    def test_missed_leave_the_certification_as_it_was(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        self.changed(aisha, module)
        assert sit(hiba, module, wrong=("q4",)).score_pct == Decimal("50.000")
        assert (mine(hiba).where, mine(hiba).changed) == (Where.VALID, 2)

    def test_that_are_not_asked_of_holders_let_them_be(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        publish(aisha, module.id, questions(6))
        assert (mine(hiba).changed, mine(hiba).may_begin) == (0, False)

    def test_of_topic_alone_ask_nobody(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        publish(aisha, module.id, [question(f"q{n}", topic="Another") for n in range(1, 5)], asks_holders=True)
        assert mine(hiba).changed == 0

    def test_of_several_versions_are_asked_together(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        self.changed(aisha, module)
        publish(aisha, module.id, [*questions(4), question("q5"), question("q6")])
        assert {one.key for one in asked_in(do(hiba, learning.begin, module.id))} == {"q5", "q6"}

    def test_answered_too_late_give_nothing(self, aisha, hiba, clock):
        module = offered(aisha, valid_for_days=100)
        sit(hiba, module)
        self.changed(aisha, module)
        attempt = do(hiba, learning.begin, module.id)
        answer_all(hiba, attempt)
        clock.forward(days=101)
        result = do(hiba, learning.finish, attempt)
        assert (result.passed, result.reference, result.valid_until) == (True, "", None)
        assert mine(hiba).where is Where.EXPIRED
        assert len(asked_in(do(hiba, learning.begin, module.id))) == 5

    def test_can_be_passed_over_for_a_whole_renewal(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        self.changed(aisha, module)
        clock.forward(days=300)
        assert sit(hiba, module, renews=True).valid_until == date(2028, 9, 17)


class TestRevoking:
    def test_ends_what_counts_and_tells_the_holder(self, aisha, hiba, partner, clock):
        module = offered(aisha, name="Selling payroll")
        sit(hiba, module)
        clock.forward(days=300)
        sit(hiba, module)
        newest = certifications(aisha)[-1]
        do(aisha, service.revoke, newest.id, reason="Somebody else sat the quiz.")
        assert [(row.is_current, row.reason) for row in certifications(aisha)] == [
            (False, "Somebody else sat the quiz.")
        ] * 2
        assert (mine(hiba).where, mine(hiba).may_begin, mine(hiba).valid_until) == (Where.MISSING, True, None)
        with reading(system()) as session:
            mail = session.scalars(select(Mail).where(Mail.kind == "certification_revoked")).one()
            note = select(TimelineEntry).where(TimelineEntry.kind == Kind.CERTIFICATION_REVOKED)
            assert session.scalars(note).one().partner_id == partner.id
        assert "Somebody else sat the quiz." in mail.text
        with pytest.raises(RevokedBefore, match="C-00002 was revoked already"):
            do(aisha, service.revoke, newest.id, reason="Again")

    def test_lets_the_quiz_be_taken_again(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        do(aisha, service.revoke, certifications(aisha)[0].id, reason="A mistake")
        assert sit(hiba, module).reference == "C-00002"
        assert mine(hiba).where is Where.VALID


def contact_actor_of(session, partner):
    """Another salesperson of a partner."""
    return make_contact(session, partner, name="Salim")
