"""How a question is answered: by one of several, once, told to who may read it; followed up, closed, taken up again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.actor import Actor, ContactRole
from core.audit.tags import Tag
from core.companies.models import Staff
from core.contacts.models import Contact
from core.db import reading, transaction
from core.errors import NotAllowed
from core.i18n import refusal
from core.mail.messages import Kind
from core.questions import service
from core.questions.answering import (
    AnsweredMeanwhile,
    ClosedMeanwhile,
    NotClosed,
    WroteAgainMeanwhile,
)
from core.questions.asking import ThreadClosed
from core.questions.models import QuestionPost, QuestionState
from core.questions.rows import QuestionNotFound
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from tests.core.contact_acts import do, tags
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.question_acts import (
    a_file,
    answered,
    asked,
    followed_up,
    mailed_to,
    mails,
    now_of,
    thread,
    version_of,
)


@pytest.fixture
def shop(aisha, clock):
    """A reseller that Aisha looks after."""
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def tariq(shop) -> Actor:
    """Its technician."""
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def huda(shop) -> Actor:
    """Its principal."""
    return as_contact(shop, ContactRole.PRINCIPAL, name="Huda Al Lawati", language="ar")


@pytest.fixture
def elsewhere(aisha):
    """Another reseller, and its principal."""
    with transaction(aisha) as session:
        other = make_reseller(session, name="Nizwa Systems")
    return other, as_contact(other)


def entries(by: Actor) -> list[Entry]:
    with reading(by) as session:
        wanted = TimelineEntry.kind.startswith("question")
        return list(session.scalars(select(TimelineEntry.kind).where(wanted).order_by(TimelineEntry.id)))


def disable(by: Actor, model: type[Staff] | type[Contact], row_id: UUID | None) -> None:
    with transaction(by) as session:
        row: Any = session.get_one(model, row_id)
        row.disabled_at = datetime.now(UTC)


class TestAnswer:
    @pytest.fixture
    def row(self, tariq):
        return asked(tariq)

    def test_leaves_the_thread_open_for_more(self, row, reviewer, tariq, aisha):
        answered(reviewer, row, files=[a_file()])
        found = thread(aisha, row)
        assert (found.row.state, found.closed_at) == (QuestionState.ANSWERED, None)
        assert found.row.assigned_to == "Said Al Rawahi", "nobody's question is now whoever answered's"
        (mail,) = mails(aisha.company, Kind.QUESTION_ANSWERED)
        assert (mail.to_name, mail.reply_to) == (tariq.name, mailed_address(reviewer, aisha))
        assert "Yes, for three days." in mail.text
        assert "Write again on the page" in " ".join(mail.text.split())
        assert Entry.QUESTION_ANSWERED in entries(aisha)

    def test_may_end_it(self, row, aisha):
        answered(aisha, row, closes=True)
        assert now_of(row).state is QuestionState.CLOSED
        assert now_of(row).closed_by == "Aisha Al Balushi"
        (mail,) = mails(aisha.company, Kind.QUESTION_ANSWERED, Kind.QUESTION_CLOSED)
        assert "It is closed now" in mail.text

    def test_of_two_the_second_reads_who_answered_and_nothing_is_kept_of_it(self, row, aisha, nora, clock):
        seen = version_of(row)
        answered(aisha, row, version=seen)
        clock.forward(minutes=3, seconds=1)
        with pytest.raises(AnsweredMeanwhile) as refused:
            answered(nora, row, "No, never.", version=seen)
        assert refused.value.message.startswith("Aisha Al Balushi answered this 3 min ago. Your text is still here")
        assert len(mails(aisha.company, Kind.QUESTION_ANSWERED)) == 1
        answered(nora, row, "No, never.")
        assert [post.author for post in thread(aisha, row).posts[1:]] == ["Aisha Al Balushi", "Nora Al Harthy"]

    def test_pressed_twice_is_one_answer(self, row, aisha):
        seen = version_of(row)
        answered(aisha, row, version=seen)
        answered(aisha, row, version=seen)
        assert len(thread(aisha, row).posts) == 2
        assert len(mails(aisha.company, Kind.QUESTION_ANSWERED)) == 1

    def test_is_told_what_the_partner_wrote_meanwhile(self, row, aisha, tariq):
        seen = version_of(row)
        followed_up(tariq, row)
        with pytest.raises(WroteAgainMeanwhile, match="Tariq Al Hinai wrote again just now"):
            answered(aisha, row, version=seen)

    def test_is_told_who_closed_it_meanwhile(self, row, aisha, nora):
        seen = version_of(row)
        do(nora, service.close, row.id, version=seen)
        for version in (seen, version_of(row)):
            with pytest.raises(ClosedMeanwhile, match="Nora Al Harthy closed this question"):
                answered(aisha, row, version=version)
            with pytest.raises(ClosedMeanwhile):
                do(aisha, service.close, row.id, version=version)

    def test_goes_to_whoever_wrote_and_still_may(self, row, aisha, tariq, huda):
        followed_up(huda, row)
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == sorted([tariq.name, huda.name])
        (arabic,) = (mail for mail in mails(aisha.company, Kind.QUESTION_ANSWERED) if mail.to_name == huda.name)
        assert "إجابة عن سؤالكم" in arabic.text

    def test_goes_to_the_principals_where_the_asker_left(self, row, aisha, tariq, huda):
        disable(aisha, Contact, tariq.id)
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == [huda.name]

    def test_goes_to_nobody_whose_role_does_not_read_it_any_more(self, row, aisha, tariq, huda):
        with transaction(aisha) as session:
            session.get_one(Contact, tariq.id).role = ContactRole.VIEWER
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == [huda.name]

    def test_what_was_said_is_never_changed(self, row, aisha):
        with pytest.raises(DBAPIError, match="never changed"), transaction(aisha) as session:
            session.scalars(select(QuestionPost)).one().body = "Something else"
            session.flush()

    def test_is_not_for_who_only_reads(self, row, analyst):
        with pytest.raises(NotAllowed):
            answered(analyst, row)


def mailed_address(colleague: Actor, by: Actor) -> str:
    with reading(by) as session:
        return session.get_one(Staff, colleague.id).email


class TestFollowUp:
    def test_reopens_what_was_answered_with_a_new_clock(self, tariq, aisha, clock):
        row = asked(tariq)
        answered(aisha, row)
        clock.forward(days=9)
        followed_up(tariq, row, files=[a_file()])
        found = now_of(row)
        assert (found.state, found.escalated_at) == (QuestionState.OPEN, None)
        assert found.due_at > clock.now() + timedelta(days=1)
        assert mailed_to(aisha.company, Kind.QUESTION_FOLLOWED_UP) == ["Aisha Al Balushi"]
        assert tags(aisha)[-1] == Tag.QUESTION_FOLLOW_UP

    def test_adds_to_what_waits_without_a_new_clock(self, tariq, clock):
        row = asked(tariq)
        clock.forward(hours=5)
        followed_up(tariq, row)
        assert now_of(row).due_at == row.due_at

    def test_says_what_to_do_once_it_is_closed(self, tariq, huda, aisha):
        row = asked(tariq)
        answered(aisha, row, closes=True)
        with pytest.raises(ThreadClosed) as refused:
            followed_up(tariq, row)
        assert refused.value.message == (
            "QS-0001 is closed, so nothing can be added to it. Ask a new question; you can name QS-0001 in it."
        )
        assert "QS-0001" in refusal(refused.value, "ar")
        assert asked(tariq).reference == "QS-0001", "the same words from the same form are the same question"
        assert asked(tariq, key="another form").reference == "QS-0002"

    def test_pressed_twice_is_said_once(self, tariq, aisha):
        row = asked(tariq)
        followed_up(tariq, row)
        followed_up(tariq, row)
        assert len(thread(aisha, row).posts) == 2

    def test_is_for_the_asker_and_the_principals_of_its_own_partner(self, tariq, huda, shop, elsewhere):
        row = asked(tariq)
        followed_up(huda, row)
        for stranger in (as_contact(shop, ContactRole.TECHNICAL), elsewhere[1]):
            with pytest.raises(QuestionNotFound):
                followed_up(stranger, row)


class TestClosing:
    def test_tells_who_was_never_answered(self, tariq, aisha):
        row = asked(tariq)
        do(aisha, service.close, row.id, version=row.version)
        assert mailed_to(aisha.company, Kind.QUESTION_CLOSED) == [tariq.name]

    def test_of_an_answered_one_mails_nobody(self, tariq, aisha):
        row = asked(tariq)
        answered(aisha, row)
        do(aisha, service.close, row.id, version=version_of(row))
        assert mails(aisha.company, Kind.QUESTION_CLOSED) == []

    @pytest.mark.parametrize("was_answered", (True, False))
    def test_is_taken_back_to_where_it_stood(self, tariq, aisha, clock, was_answered):
        row = asked(tariq)
        if was_answered:
            answered(aisha, row)
        do(aisha, service.close, row.id, version=version_of(row))
        clock.forward(days=30)
        do(aisha, service.reopen, row.id, version=version_of(row))
        found = now_of(row)
        assert found.state is (QuestionState.ANSWERED if was_answered else QuestionState.OPEN)
        assert (found.closed_at, found.closed_by) == (None, "")
        assert found.due_at > clock.now()
        with pytest.raises(NotClosed):
            do(aisha, service.reopen, row.id, version=version_of(row))
