"""Many who answer, and many presses of one form, at the same moment: one answer, one question, numbers without gaps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ContactRole
from core.db import reading, transaction
from core.errors import DomainError
from core.mail.messages import Kind
from core.questions.models import PartnerQuestion, PostKind, QuestionPost
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.question_acts import answered, asked, mails, version_of

AT_ONCE = 6


@pytest.fixture
def tariq(aisha) -> Actor:
    with transaction(aisha) as session:
        shop = make_reseller(session)
    return as_contact(shop, ContactRole.TECHNICAL)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answered or why it was refused; all begin at once."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(60)
        try:
            return act()
        except DomainError as refusal:
            return refusal.message

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_of_many_answers(tariq, aisha, nora, reviewer):
    row = asked(tariq)
    seen = version_of(row)
    people = [aisha, nora, reviewer] * (AT_ONCE // 3)
    acts = [
        lambda by=by, n=n: answered(by, row, f"Answer {n}", version=seen) for n, by in enumerate(people)
    ]  # fmt: skip
    told = together(*acts)
    assert told.count(None) == 1
    assert all("answered this just now" in why for why in told if why)
    with reading(aisha) as session:
        answers = select(func.count()).where(QuestionPost.kind == PostKind.ANSWER)
        assert session.scalar(answers) == 1
    assert len(mails(aisha.company, Kind.QUESTION_ANSWERED)) == 1


def test_many_presses_are_one_question(tariq, aisha):
    found = together(*[lambda: asked(tariq, key="form").id] * AT_ONCE)
    assert len(set(found)) == 1
    assert len(mails(aisha.company, Kind.QUESTION_ASKED)) == 1


def test_many_questions_have_numbers_without_gaps(tariq, aisha):
    together(*(lambda n=n: asked(tariq, f"Question {n}") for n in range(AT_ONCE)))
    with reading(aisha) as session:
        numbers = list(session.scalars(select(PartnerQuestion.number).order_by(PartnerQuestion.number)))
    assert numbers == list(range(1, AT_ONCE + 1))
