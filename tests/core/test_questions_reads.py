"""Who reads what of a question: the inbox, the threads of a reseller's people, files; notes reach no partner."""

from inspect import getmembers, isfunction, signature
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor, ContactRole
from core.db import reading, transaction
from core.deals import home_queries
from core.errors import NotAllowed
from core.questions import fetching, own_queries, queries, service
from core.questions.models import PostKind, QuestionState
from core.questions.rows import QuestionNotFound
from core.vault.rows import DocumentNotFound
from tests.core.contact_acts import ask as read
from tests.core.contact_acts import do
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.question_acts import a_file, answered, asked, followed_up, mails, thread, version_of
from tests.core.today_world import statements

CANARY = "zanzibar7731"


@pytest.fixture
def shop(aisha, clock):
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


@pytest.fixture
def tariq(shop):
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def huda(shop):
    return as_contact(shop, ContactRole.PRINCIPAL, name="Huda Al Lawati")


def inbox(by, **filters):
    with reading(by) as session:
        return queries.inbox(session, **filters)


def subjects(by, **filters):
    return [row.subject for row in inbox(by, **filters).rows]


class TestInbox:
    @pytest.fixture
    def three(self, tariq, huda, aisha, nora, clock):
        """One that waits for long, one answered by Nora, one closed."""
        first, second, third = (asked(by, f"Question {n}") for n, by in enumerate((tariq, huda, tariq), 1))
        answered(nora, second)
        do(aisha, service.close, third.id, version=version_of(third))
        clock.forward(days=9)
        return first, second, third

    def test_shows_what_waits_first_by_its_due_time(self, three, tariq, aisha, clock):
        asked(tariq, "Question 4")
        found = inbox(aisha)
        assert [row.subject for row in found.rows] == ["Question 1", "Question 4"]
        assert [row.is_late for row in found.rows] == [True, False]
        assert (found.total, found.late) == (2, 1)
        assert found.counts == {QuestionState.OPEN: 2, QuestionState.ANSWERED: 1, QuestionState.CLOSED: 1}

    def test_is_narrowed(self, three, aisha, nora, shop):
        every = {"state": None}
        assert subjects(aisha, state=QuestionState.ANSWERED) == ["Question 2"]
        assert subjects(aisha, **every, assigned=nora.id) == ["Question 2"]
        assert set(subjects(aisha, **every, assigned=queries.NOBODY)) == {"Question 1", "Question 3"}
        assert len(subjects(aisha, **every, partner_id=shop.id)) == 3
        assert subjects(aisha, overdue=True) == ["Question 1"]
        assert subjects(aisha, **every, text="qs-0003") == ["Question 3"]
        assert subjects(aisha, **every, text="THREE days") == ["Question 2"]
        assert subjects(aisha, **every, text="xyzzy") == []
        assert inbox(aisha, overdue=True).total == 1

    def test_costs_the_same_however_many_there_are(self, tariq, aisha):
        asked(tariq, "One")
        with statements() as before:
            inbox(aisha)
        for n in range(5):
            asked(tariq, f"More {n}")
        with statements() as after:
            inbox(aisha)
        assert len(before) == len(after) <= 3

    def test_names_the_questions_of_a_deal(self, shop, tariq, aisha):
        with transaction(aisha) as session:
            deal = make_intent(session, shop)
        asked(tariq, "About it", quote_id=deal.id)
        asked(tariq, "About nothing")
        assert [row.subject for row in read(aisha, queries.questions_of_deal, deal.id)] == ["About it"]

    def test_is_read_by_analysts_and_not_by_members(self, three, analyst, member):
        assert subjects(analyst) == ["Question 1"]
        with pytest.raises(NotAllowed):
            inbox(member)

    def test_knows_who_answers(self, aisha, nora, reviewer, analyst):
        assert set(read(aisha, queries.answerers).values()) == {aisha.name, nora.name, reviewer.name}


class TestOwn:
    def test_a_principal_sees_all_and_a_technician_its_own(self, tariq, huda, shop):
        mine, hers = asked(tariq, "Mine"), asked(huda, "Hers")
        assert {row.subject for row in read(huda, own_queries.my_questions).rows} == {"Mine", "Hers"}
        assert [row.subject for row in read(tariq, own_queries.my_questions).rows] == ["Mine"]
        assert read(huda, own_queries.my_question, mine.id).row.contact == "Tariq Al Hinai"
        for stranger in (tariq, as_contact(shop, ContactRole.TECHNICAL)):
            with pytest.raises(QuestionNotFound):
                read(stranger, own_queries.my_question, hers.id)

    def test_tells_what_may_be_done(self, tariq, aisha):
        row = asked(tariq)
        assert read(tariq, own_queries.my_question, row.id).may_write
        answered(aisha, row, closes=True)
        found = read(tariq, own_queries.my_question, row.id)
        assert (found.may_write, found.row.state) == (False, QuestionState.CLOSED)
        assert [(post.author, post.is_own) for post in found.posts] == [(tariq.name, True), (aisha.name, False)]

    def test_is_filtered(self, tariq, aisha):
        answered(aisha, asked(tariq, "Old one"))
        asked(tariq, "New one")
        with reading(tariq) as session:
            found = own_queries.my_questions(session, state=QuestionState.ANSWERED)
            assert ([row.subject for row in found.rows], found.total) == (["Old one"], 1)
            assert [row.subject for row in own_queries.my_questions(session, text="new").rows] == ["New one"]

    def test_offers_what_may_be_asked_about(self, tariq, shop, aisha):
        with transaction(aisha) as session:
            make_intent(session, shop, customer_name="Oman Flour Mills")
            make_intent(session, make_reseller(session), customer_name="Sohar Steel")
        found = read(tariq, own_queries.subjects)
        assert [tie.text for tie in found.deals] == ["DI-0001, Oman Flour Mills"]
        assert found.documents == []


class TestNotes:
    @pytest.fixture
    def noted(self, tariq, huda, aisha, reviewer, clock):
        """A thread with a note among everything else that can happen to it, and who noted it."""
        row = asked(tariq, files=[a_file()])
        do(reviewer, service.note, row.id, body=f"{CANARY}: they are late payers")
        do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
        answered(reviewer, row)
        do(reviewer, service.note, row.id, body=f"{CANARY} again")
        followed_up(huda, row)
        clock.forward(hours=1)
        do(aisha, service.note, row.id, body=f"{CANARY} at last")
        answered(aisha, row, closes=True)
        return row

    def test_are_read_by_the_team(self, noted, aisha):
        assert [post.kind for post in thread(aisha, noted).posts].count(PostKind.NOTE) == 3

    def test_reach_no_partner_by_any_read(self, noted, tariq, huda, shop):
        everybody = [tariq, huda, *(as_contact(shop, role) for role in ContactRole)]
        told = [text for by in everybody for text in every_own_read(by, noted.id)]
        assert len(told) > 20
        assert not [text for text in told if CANARY in text]
        assert sum("QS-0001" in text for text in told) > 3

    def test_leave_no_trace_of_when_they_were_made(self, tariq, aisha, clock):
        row = asked(tariq)
        before = read(tariq, own_queries.my_question, row.id)
        clock.forward(hours=3)
        do(aisha, service.note, row.id, body=CANARY)
        assert read(tariq, own_queries.my_question, row.id) == before
        assert version_of(row) == row.version

    def test_are_in_no_mail(self, noted, aisha):
        told = mails(aisha.company)
        assert len(told) >= 5
        assert not [mail for mail in told if CANARY in f"{mail.subject} {mail.text} {mail.html}"]

    def test_are_found_by_no_search(self, noted, tariq, aisha):
        assert read(tariq, own_queries.search, CANARY) == own_queries.Found([], [])
        assert subjects(aisha, state=None, text=CANARY) == []


def every_own_read(by: Actor, question_id: UUID) -> list[str]:
    """What every read of a reseller's people tells, as text; nothing where the role is refused."""
    told: list[str] = []
    reads: list[Any] = [*(one for _, one in getmembers(own_queries, isfunction)), home_queries.home]
    for function in reads:
        if not hasattr(function, "__act__"):
            continue
        known = {"question_id": question_id, "text": CANARY}
        wanted = [
            known[one.name] for one in list(signature(function).parameters.values())[1:] if one.default is one.empty
        ]
        try:
            with reading(by) as session:
                told.append(repr(function(session, *wanted)))
        except (NotAllowed, QuestionNotFound):
            continue
    return told


class TestFiles:
    @pytest.fixture
    def document_id(self, tariq, aisha):
        row = asked(tariq, files=[a_file("network.pdf")])
        return thread(aisha, row).posts[0].files[0].id

    def fetched(self, by, document_id):
        with transaction(by) as session:
            return fetching.fetch_own(session, document_id, by=by)

    def test_are_fetched_by_who_sees_the_thread(self, tariq, huda, document_id):
        for by in (tariq, huda):
            assert self.fetched(by, document_id).file_name == "network.pdf"

    def test_are_nobody_elses(self, shop, aisha, document_id):
        with transaction(aisha) as session:
            other = make_reseller(session)
        for by in (as_contact(other), *(as_contact(shop, role) for role in ContactRole if role != "principal")):
            with pytest.raises(DocumentNotFound):
                self.fetched(by, document_id)

    def test_are_fetched_by_the_team(self, aisha, reviewer, analyst, document_id):
        for by in (aisha, reviewer, analyst):
            with transaction(by) as session:
                assert fetching.fetch(session, document_id, by=by).file_name == "network.pdf"

    def test_of_an_answer_reach_the_asker(self, tariq, aisha):
        row = asked(tariq)
        answered(aisha, row, files=[a_file("guide.pdf")])
        (post,) = read(tariq, own_queries.my_question, row.id).posts[1:]
        assert self.fetched(tariq, post.files[0].id).file_name == "guide.pdf"
