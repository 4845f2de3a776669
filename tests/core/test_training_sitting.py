"""Sitting a quiz: begun once, answered, graded on the server, certified with all that follows from it."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from core.actor import Actor, ContactRole, system
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import NotFound
from core.mail.models import Mail, MailAttachment
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from core.training import learning, my_modules, service
from core.training.grading import QuestionsUnanswered
from core.training.learning import AnswerUnknown, AttemptOver
from core.training.learning_models import Attempt, Certification
from core.training.results import Result
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.training_acts import answer_all, ask, asked_in, certifications, do, offered, publish, question, sit

ATTEMPTS, CERTIFICATIONS = cast(Table, Attempt.__table__), cast(Table, Certification.__table__)


@pytest.fixture
def hiba(aisha, partner, clock) -> Actor:
    """A salesperson of a reseller."""
    with transaction(aisha) as session:
        row = make_contact(session, partner, name="Hiba Al Maskari", email="hiba@reseller.example")
    return contact_actor(row)


def mails(kind: str) -> list[Mail]:
    with reading(system()) as session:
        return list(session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


class TestBegin:
    def test_goes_on_with_the_attempt_that_is_open(self, aisha, hiba):
        module = offered(aisha)
        first = do(hiba, learning.begin, module.id)
        do(hiba, learning.answer, first, number=2, choice=1)
        assert do(hiba, learning.begin, module.id) == first
        sitting = ask(hiba, learning.my_attempt, first)
        assert (sitting.answered, sitting.next_unanswered, sitting.questions[1].answer) == (1, 1, 1)

    def test_two_tabs_begin_one_attempt(self, aisha, hiba):
        module, ready, begun = offered(aisha), Barrier(2), []

        def tab() -> None:
            ready.wait()
            begun.append(do(hiba, learning.begin, module.id))

        threads = [Thread(target=tab) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(begun)) == 1

    def test_the_database_keeps_one_open_attempt(self, aisha, hiba):
        module = offered(aisha)
        do(hiba, learning.begin, module.id)
        with reading(system()) as session:
            row = session.scalars(select(Attempt)).one()
            same = {
                name: getattr(row, name) for name in ("module_id", "quiz_version_id", "asked", "answers", "pass_pct")
            }
            same |= {"partner_id": row.partner_id, "partner_contact_id": row.partner_contact_id, "number": 2}
        with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction(aisha) as session:
            session.add(Attempt(**same, begun_at=row.begun_at, saved_at=row.saved_at))

    def test_asks_as_many_as_are_drawn_in_a_chance_order(self, aisha, hiba):
        bank = tuple(question(f"q{n}") for n in range(30))
        module = offered(aisha, bank, draw=12)
        asked = asked_in(do(hiba, learning.begin, module.id))
        keys = [one.key for one in asked]
        assert len(set(keys)) == 12
        assert keys != sorted(keys, key=lambda key: int(key[1:]))
        assert {tuple(choice.key for choice in one.choices) for one in asked} != {("a", "b", "c", "d")}

    def test_keeps_the_order_where_it_does_not_shuffle(self, aisha, hiba):
        module = offered(aisha, shuffles=False)
        asked = asked_in(do(hiba, learning.begin, module.id))
        assert [one.key for one in asked] == ["q1", "q2", "q3", "q4"]

    def test_is_for_those_whom_the_module_fits(self, aisha, partner, hiba):
        module = offered(aisha, kind="technical")
        with pytest.raises(NotFound):
            do(hiba, learning.begin, module.id)
        with pytest.raises(NotFound):
            do(hiba, learning.begin, uuid4())


class TestAnswer:
    def test_a_later_one_takes_the_place_of_an_earlier_one(self, aisha, hiba):
        attempt = do(hiba, learning.begin, offered(aisha).id)
        for choice in (1, 4):
            do(hiba, learning.answer, attempt, number=1, choice=choice)
        assert ask(hiba, learning.my_attempt, attempt).questions[0].answer == 4

    @pytest.mark.parametrize(("number", "choice"), ((0, 1), (5, 1), (1, 0), (1, 5), (-1, 2)))
    def test_is_one_of_those_shown(self, aisha, hiba, number, choice):
        attempt = do(hiba, learning.begin, offered(aisha).id)
        with pytest.raises(AnswerUnknown):
            do(hiba, learning.answer, attempt, number=number, choice=choice)

    def test_is_refused_kindly_after_the_end(self, aisha, hiba):
        attempt = sit(hiba, offered(aisha)).attempt_id
        with pytest.raises(AttemptOver, match=r"finished.*not kept.*Look at the result"):
            do(hiba, learning.answer, attempt, number=1, choice=1)

    def test_is_nobody_elses(self, aisha, hiba):
        attempt = do(hiba, learning.begin, offered(aisha).id)
        for operation, details in ((learning.answer, {"number": 1, "choice": 1}), (learning.finish, {})):
            with pytest.raises(NotFound):
                do(aisha, operation, attempt, **details)
        with pytest.raises(NotFound):
            ask(aisha, learning.my_attempt, attempt)


class TestFinish:
    def test_names_what_is_not_answered(self, aisha, hiba):
        attempt = do(hiba, learning.begin, offered(aisha).id)
        for number in (1, 2, 3):
            do(hiba, learning.answer, attempt, number=number, choice=1)
        with pytest.raises(QuestionsUnanswered, match=r"^Answer question 4\.$"):
            do(hiba, learning.finish, attempt)
        assert ask(hiba, learning.my_result, attempt) is None

    def test_certifies_who_passes(self, aisha, hiba, clock):
        result = sit(hiba, offered(aisha, name="Selling payroll", pass_pct=75, valid_for_days=365), wrong=("q1",))
        assert (result.passed, result.score_pct, result.right, result.of) == (True, Decimal("75.000"), 3, 4)
        assert (result.reference, result.valid_until) == ("C-00001", date(2027, 11, 22))
        assert [tuple(topic) for topic in result.topics] == [("Wages", 1, 2)]
        [held] = certifications(aisha)
        assert (held.holder, held.organisation) == ("Hiba Al Maskari", "Salalah Retail")
        assert held.expires_at.isoformat() == "2027-11-22T20:00:00+00:00"

    def test_mails_the_certificate_records_and_notes_it(self, aisha, hiba, partner):
        sit(hiba, offered(aisha, name="Selling payroll"))
        [mail] = mails("certification_given")
        with reading(system(aisha.company)) as session:
            file = session.scalars(select(MailAttachment).where(MailAttachment.mail_id == mail.id)).one()
            tags = list(session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))
            note = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Kind.CERTIFICATION_GIVEN)).one()
        assert (mail.to_address, file.name, file.content[:5]) == ("hiba@reseller.example", "C-00001.pdf", b"%PDF-")
        assert tags[-3:] == ["access:attempt:begin", "access:attempt:finish", "access:certification:give"]
        assert note.partner_id == partner.id
        assert note.facts == {"name": "Hiba Al Maskari", "module": "Selling payroll", "reference": "C-00001"}

    def test_a_fail_breaks_nothing_and_can_be_retaken_at_once(self, aisha, hiba):
        module = offered(aisha)
        failed = sit(hiba, module, wrong=("q1", "q3"))
        assert (failed.passed, failed.score_pct, failed.reference) == (False, Decimal("50.000"), "")
        assert [tuple(topic) for topic in failed.topics] == [("Wages", 2, 2)]
        assert certifications(aisha) == []
        assert mails("certification_given") == []
        assert sit(hiba, module).passed

    def test_is_done_once_however_often_it_is_asked_for(self, aisha, hiba):
        result = sit(hiba, offered(aisha))
        assert do(hiba, learning.finish, result.attempt_id) == result
        assert ask(hiba, learning.my_result, result.attempt_id) == result
        assert len(certifications(aisha)) == len(mails("certification_given")) == 1

    def test_two_tabs_get_one_result(self, aisha, hiba):
        attempt = do(hiba, learning.begin, offered(aisha).id)
        answer_all(hiba, attempt)
        ready, results = Barrier(4), list[Result]()

        def tab() -> None:
            ready.wait()
            results.append(do(hiba, learning.finish, attempt))

        threads = [Thread(target=tab) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 4
        assert len(set(results)) == 1
        assert len(certifications(aisha)) == len(mails("certification_given")) == 1

    def test_staff_learn_too(self, aisha, member, clock):
        result = sit(member, offered(aisha, kind="technical", required_roles=("employee",)))
        [held] = certifications(aisha)
        assert (held.employee_id, held.partner_id, held.organisation) == (member.id, None, "Dhofar Systems")
        assert [mail.to_address for mail in mails("certification_given")] == ["khalid.al.amri@dhofar.om"]
        assert ask(member, my_modules.my_certifications)[0].reference == result.reference

    def test_grades_what_was_asked_though_another_version_came_meanwhile(self, aisha, hiba):
        module = offered(aisha, shuffles=False)
        attempt = do(hiba, learning.begin, module.id)
        before = ask(hiba, learning.my_attempt, attempt)
        publish(aisha, module.id, [question(f"n{n}") for n in range(7)])
        assert do(hiba, learning.begin, module.id) == attempt
        assert ask(hiba, learning.my_attempt, attempt) == before
        answer_all(hiba, attempt)
        assert do(hiba, learning.finish, attempt).of == 4

    def test_one_withdrawn_meanwhile_is_finished_all_the_same(self, aisha, hiba):
        module = offered(aisha)
        attempt = do(hiba, learning.begin, module.id)
        do(aisha, service.withdraw_module, module.id)
        answer_all(hiba, attempt)
        assert do(hiba, learning.finish, attempt).passed
        assert ask(hiba, my_modules.my_modules) == []


def test_a_certification_has_one_owner(aisha, hiba, database):
    """Whatever statement tries it, the database refuses a certification of nobody and one of two."""
    sit(hiba, offered(aisha))
    for owners in ({"partner_contact_id": None, "partner_id": None}, {"employee_id": aisha.id}):
        with reading(system()) as session:
            held = session.scalars(select(Certification)).one()
            attempt = session.scalars(select(Attempt)).one()
            columns = {name.key: getattr(held, name.key) for name in Certification.__mapper__.column_attrs}
            tried = {name.key: getattr(attempt, name.key) for name in Attempt.__mapper__.column_attrs}
        fresh = {"id": uuid4(), "number": 2, "reference": "C-2", "code": "x", "is_current": False}
        with pytest.raises(IntegrityError, match=r"(?i)check.*one_owner"), transaction(system()) as session:
            other = tried | {"id": uuid4(), "number": 9}
            session.execute(ATTEMPTS.insert().values(**other))
            session.execute(CERTIFICATIONS.insert().values(**columns | fresh | {"attempt_id": other["id"]} | owners))
        with pytest.raises(IntegrityError, match=r"(?i)check.*one_learner"), transaction(system()) as session:
            session.execute(ATTEMPTS.insert().values(**tried | {"id": uuid4(), "number": 9} | owners))


def test_roles_that_learn(aisha, partner):
    """Finance learns what it must, a viewer nothing."""
    module = offered(aisha, required_roles=("finance",))
    with transaction(aisha) as session:
        rows = [make_contact(session, partner, role=role) for role in ContactRole]
    offered_to = [
        row.role
        for row in rows
        if row.role is not ContactRole.VIEWER and ask(contact_actor(row), my_modules.my_modules)
    ]
    assert offered_to == [ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.FINANCE]
    assert module.required_roles == "finance"
