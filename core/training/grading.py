"""Which questions an attempt asks, and what its answers are worth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import NamedTuple

from core.errors import Invalid
from core.training.quiz import Question

Asked = Question
"""A question as an attempt asks it, its choices in the order they are shown."""
STEP = Decimal("0.001")
_MOST_NAMED = 10


class NoQuestions(Invalid):
    """This quiz has no questions yet. Ask whoever looks after your training to add some."""


class QuestionsUnanswered(Invalid):
    """Answer question {questions}."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = tuple(numbers)
        named = ", ".join(str(number) for number in self.numbers[:_MOST_NAMED])
        rest = len(self.numbers) - _MOST_NAMED
        super().__init__(questions=f"{named} and {rest} more" if rest > 0 else named)


class TopicResult(NamedTuple):
    """How many questions of a topic were answered wrongly, of how many."""

    topic: str
    wrong: int
    of: int


@dataclass(frozen=True)
class Graded:
    """What an attempt is worth."""

    score_pct: Decimal
    """0 to 100 with 3 decimals."""
    right: int
    of: int
    wrong_topics: tuple[TopicResult, ...]
    """Topics with a wrong answer, the weakest first."""
    ignored: tuple[str, ...]
    """Keys of answers to what was not asked."""


def draw(questions: Sequence[Question], n: int | None, shuffles: bool, rng: Random) -> tuple[Asked, ...]:
    """The questions of one attempt: n of them by chance (None, or more than there are: all of them).

    Unless it shuffles they keep their order, and their choices too.

    Raises:
        NoQuestions: there is nothing to draw from.
    """
    if not questions:
        raise NoQuestions
    chosen = rng.sample(range(len(questions)), min(n or len(questions), len(questions)))
    if not shuffles:
        return tuple(questions[place] for place in sorted(chosen))
    return tuple(_shuffled(questions[place], rng) for place in chosen)


def unanswered(asked: Sequence[Asked], answers: Mapping[str, str]) -> tuple[int, ...]:
    """The numbers, from 1, of questions without one of their own choices as the answer."""
    return tuple(
        number
        for number, question in enumerate(asked, 1)
        if answers.get(question.key) not in {choice.key for choice in question.choices}
    )


def grade(asked: Sequence[Asked], answers: Mapping[str, str]) -> Graded:
    """What the answers, keys of choices by keys of questions, are worth.

    Raises:
        NoQuestions: nothing was asked.
        QuestionsUnanswered: some are still to be answered.
    """
    if not asked:
        raise NoQuestions
    if missing := unanswered(asked, answers):
        raise QuestionsUnanswered(missing)
    wrong = [question for question in asked if answers[question.key] != question.correct]
    right = len(asked) - len(wrong)
    known = {question.key for question in asked}
    return Graded(
        score_pct=score(right, len(asked)),
        right=right,
        of=len(asked),
        wrong_topics=_wrong_topics(asked, wrong),
        ignored=tuple(sorted(set(answers) - known)),
    )


def score(right: int, of: int) -> Decimal:
    """The percentage with 3 decimals.

    Up to 500 questions rounding never carries it over a whole percentage: the nearest miss is 0.002 below.
    """
    return (Decimal(100 * right) / of).quantize(STEP, ROUND_HALF_UP)


def has_passed(score_pct: Decimal, pass_pct: int) -> bool:
    """Whether a score reaches the threshold; exactly the threshold does."""
    return score_pct >= pass_pct


def _shuffled(question: Question, rng: Random) -> Asked:
    return replace(question, choices=tuple(rng.sample(question.choices, len(question.choices))))


def _wrong_topics(asked: Sequence[Asked], wrong: Sequence[Asked]) -> tuple[TopicResult, ...]:
    of, missed = Counter(one.topic for one in asked), Counter(one.topic for one in wrong)
    found = [TopicResult(topic, missed[topic], of[topic]) for topic in missed]
    return tuple(sorted(found, key=lambda result: (-Decimal(result.wrong) / result.of, -result.wrong, result.topic)))
