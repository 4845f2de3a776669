"""What an attempt shows of itself while it is sat, and when it is over. Neither ever holds a right answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.training.grading import Asked, TopicResult, grade
from core.training.learning_models import Attempt, Certification
from core.training.quiz import from_json
from core.training.rows import get_module


@dataclass(frozen=True)
class SittingChoice:
    """One of the answers to choose from; ``number`` from 1, in the order of this attempt."""

    number: int
    text: str
    text_ar: str


@dataclass(frozen=True)
class SittingQuestion:
    """A question as it is shown. ``number`` from 1; ``answer``: the number of the choice taken, None: none yet.

    Neither the question nor its choices tell their keys: from them one might tell how they stood when written.
    """

    number: int
    text: str
    text_ar: str
    code: str
    code_language: str
    image: str
    """The id of its picture, as text, or empty."""
    choices: tuple[SittingChoice, ...]
    answer: int | None


@dataclass(frozen=True)
class Sitting:
    """An attempt. ``is_delta``: only what changed since the certification is asked; ``finished``: it is over."""

    attempt_id: UUID
    module_id: UUID
    module: str
    module_ar: str
    number: int
    """Which attempt of this learner it is, from 1."""
    is_delta: bool
    pass_pct: int
    begun_at: datetime
    saved_at: datetime
    finished: bool
    questions: tuple[SittingQuestion, ...]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(one.answer is not None for one in self.questions)

    @property
    def next_unanswered(self) -> int | None:
        """The number of the first question without an answer; None: all have one."""
        return next((one.number for one in self.questions if one.answer is None), None)


@dataclass(frozen=True)
class Result:
    """What came of an attempt. ``topics``: those with a wrong answer, the weakest first; a topic may be empty.

    ``certification_id``, ``reference`` and ``valid_until`` are None and empty where none was given: after a fail, or
    where the certification that was to be brought up to date ended meanwhile.
    """

    attempt_id: UUID
    module_id: UUID
    module: str
    module_ar: str
    is_delta: bool
    score_pct: Decimal
    right: int
    of: int
    pass_pct: int
    passed: bool
    topics: tuple[TopicResult, ...]
    finished_at: datetime
    certification_id: UUID | None
    reference: str
    valid_until: date | None


def asked_in(attempt: Attempt) -> tuple[Asked, ...]:
    """The questions of an attempt, with their right answers: never for whoever sits it."""
    return from_json(attempt.asked)


def sitting_of(session: Session, attempt: Attempt) -> Sitting:
    """An attempt as it is shown to whoever sits it."""
    module = get_module(session, attempt.module_id)
    asked = enumerate(asked_in(attempt), 1)
    return Sitting(
        attempt_id=attempt.id,
        module_id=module.id,
        module=module.name,
        module_ar=module.name_ar,
        number=attempt.number,
        is_delta=attempt.is_delta,
        pass_pct=attempt.pass_pct,
        begun_at=attempt.begun_at,
        saved_at=attempt.saved_at,
        finished=attempt.finished_at is not None,
        questions=tuple(shown_as(number, one, attempt.answers.get(one.key)) for number, one in asked),
    )


def shown_as(number: int, question: Asked, taken: str | None) -> SittingQuestion:
    """A question as it is shown, without its keys and its right answer; ``taken``: the key of the choice taken."""
    keys = [choice.key for choice in question.choices]
    return SittingQuestion(
        number=number,
        text=question.text,
        text_ar=question.text_ar,
        code=question.code,
        code_language=question.code_language,
        image=question.image,
        choices=tuple(SittingChoice(place, one.text, one.text_ar) for place, one in enumerate(question.choices, 1)),
        answer=keys.index(taken) + 1 if taken in keys else None,
    )


def result_of(session: Session, attempt: Attempt) -> Result:
    """What came of a finished attempt, graded again from its own copy of the questions."""
    if attempt.finished_at is None or attempt.score_pct is None:
        raise ValueError("an attempt that is not finished has no result")
    module, graded = get_module(session, attempt.module_id), grade(asked_in(attempt), attempt.answers)
    given = session.scalars(select(Certification).where(Certification.attempt_id == attempt.id)).one_or_none()
    return Result(
        attempt_id=attempt.id,
        module_id=attempt.module_id,
        module=module.name,
        module_ar=module.name_ar,
        is_delta=attempt.is_delta,
        score_pct=attempt.score_pct,
        right=graded.right,
        of=graded.of,
        pass_pct=attempt.pass_pct,
        passed=bool(attempt.passed),
        topics=graded.wrong_topics,
        finished_at=attempt.finished_at,
        certification_id=given.id if given else None,
        reference=given.reference if given else "",
        valid_until=given.valid_until if given else None,
    )
