"""Whose a question is, by when it should be answered, who is told when it is not, and what is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ContactRole
from core.audit.tags import Tag
from core.companies.models import Staff
from core.contacts.models import Contact
from core.db import reading, transaction
from core.mail.messages import Kind
from core.questions import lateness, service
from core.questions.answering import (
    AnswersNothing,
    AssignedMeanwhile,
    DueInThePast,
    NotWaiting,
)
from core.questions.asking import NewQuestion
from core.questions.models import QuestionPost
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from tests.core.contact_acts import do, tags
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.question_acts import (
    answered,
    asked,
    followed_up,
    mailed_to,
    mails,
    now_of,
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


class TestAssign:
    def test_tells_the_colleague(self, tariq, aisha, reviewer):
        row = asked(tariq)
        do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
        assert mailed_to(aisha.company, Kind.QUESTION_ASSIGNED) == ["Said Al Rawahi"]
        followed_up(tariq, row)
        assert mailed_to(aisha.company, Kind.QUESTION_FOLLOWED_UP) == ["Said Al Rawahi"], "the owner has it no more"
        do(aisha, service.assign, row.id, staff_id=None, instead_of=reviewer.id)
        assert now_of(row).assigned_to_id is None

    def test_does_not_take_it_from_who_has_it_by_now(self, tariq, aisha, nora, reviewer):
        row = asked(tariq)
        do(nora, service.assign, row.id, staff_id=nora.id, instead_of=None)
        with pytest.raises(AssignedMeanwhile, match="Nora Al Harthy has this question now"):
            do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)

    def test_leaves_an_answer_that_is_being_written_alone(self, tariq, aisha, nora):
        row = asked(tariq)
        do(nora, service.assign, row.id, staff_id=nora.id, instead_of=None)
        answered(aisha, row, version=row.version)
        assert now_of(row).assigned_to_id == nora.id

    def test_is_to_somebody_who_answers(self, tariq, aisha, analyst, nora):
        row = asked(tariq)
        disable(aisha, Staff, nora.id)
        for colleague in (analyst, nora):
            with pytest.raises(AnswersNothing, match="cannot answer questions"):
                do(aisha, service.assign, row.id, staff_id=colleague.id, instead_of=None)


class TestDue:
    def test_can_be_moved_while_it_waits(self, tariq, aisha, clock):
        row = asked(tariq)
        later = clock.now() + timedelta(days=9)
        do(aisha, service.set_due, row.id, due_at=later)
        assert now_of(row).due_at == later
        with pytest.raises(DueInThePast):
            do(aisha, service.set_due, row.id, due_at=clock.now())
        answered(aisha, row, version=row.version)
        with pytest.raises(NotWaiting):
            do(aisha, service.set_due, row.id, due_at=later)

    def test_past_it_the_assignee_and_the_admins_are_told_once(self, tariq, aisha, nora, reviewer, clock):
        row = asked(tariq)
        do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
        lateness.escalate()
        clock.forward(days=5)
        for _ in range(2):
            lateness.escalate()
        everybody = ["Aisha Al Balushi", "Nora Al Harthy", "Said Al Rawahi"]
        assert mailed_to(aisha.company, Kind.QUESTION_LATE) == everybody
        assert tags(aisha)[-1] == Tag.QUESTION_ESCALATE
        do(aisha, service.set_due, row.id, due_at=clock.now() + timedelta(hours=1))
        clock.forward(hours=2)
        lateness.escalate()
        assert mailed_to(aisha.company, Kind.QUESTION_LATE) == sorted(everybody * 2)

    def test_an_answered_one_is_never_late(self, tariq, aisha, clock):
        answered(aisha, asked(tariq))
        clock.forward(days=30)
        lateness.escalate()
        assert mails(aisha.company, Kind.QUESTION_LATE) == []


def test_each_act_leaves_one_entry(tariq, aisha, reviewer):
    row = asked(tariq)
    do(aisha, service.note, row.id, body="I ask Said.")
    do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
    answered(reviewer, row)
    do(aisha, service.close, row.id, version=version_of(row))
    do(aisha, service.reopen, row.id, version=version_of(row))
    assert [tag for tag in tags(aisha) if ":question:" in tag] == [
        Tag.QUESTION_ASK, Tag.QUESTION_NOTE, Tag.QUESTION_ASSIGN, Tag.QUESTION_ANSWER, Tag.QUESTION_CLOSE,
        Tag.QUESTION_REOPEN,
    ]  # fmt: skip
    with reading(aisha) as session:
        assert session.scalar(select(func.count()).select_from(QuestionPost)) == 3
    assert NewQuestion("a", "b").submitted_key != NewQuestion("a", "c").submitted_key
