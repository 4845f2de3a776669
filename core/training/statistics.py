"""What answers tell about a question: how hard it is, whether the able get it right, which choices nobody takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.training.grading import Asked
from core.training.quiz import Question

FEWEST = 20
"""From how many first attempts on the figures mean something."""
EASY, HARD = Decimal("0.95"), Decimal("0.25")
DEAD = Decimal("0.02")
_STEP, _REST_STEP = Decimal("0.001"), Decimal("0.000001")
_NO_SPREAD = Decimal("0.000002")
"""A variance below this may be nothing but the rounding of rests and squares to 6 decimals."""


class Advice(StrEnum):
    """What to do about a question."""

    TOO_FEW = "too_few"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    NEGATIVE_DISCRIMINATION = "negative_discrimination"
    DEAD_DISTRACTOR = "dead_distractor"


@dataclass(frozen=True)
class Tally:
    """How often a choice was taken; the sum and the sum of squares of the takers' scores in the other questions."""

    choice: str
    times: int
    rest_sum: Decimal
    rest_squares: Decimal


@dataclass(frozen=True)
class Taken:
    """One answer of an attempt, with the score in the other questions, 0 to 1, as a tally adds it up."""

    question: str
    choice: str
    rest: Decimal


@dataclass(frozen=True)
class Share:
    """How often a choice was taken, and what part of all answers that is, 0 to 1."""

    choice: str
    times: int
    share: Decimal
    is_right: bool
    is_dead: bool


@dataclass(frozen=True)
class Item:
    """The figures of one question. Facility is None without answers, discrimination without a spread of scores."""

    question: str
    attempts: int
    facility: Decimal | None
    """The part of answers that were right, 0 to 1."""
    discrimination: Decimal | None
    """Point-biserial correlation of a right answer with the score in the other questions, -1 to 1."""
    shares: tuple[Share, ...]
    advice: tuple[Advice, ...]


def taken(asked: Sequence[Asked], answers: Mapping[str, str]) -> tuple[Taken, ...]:
    """What a finished attempt adds to the tallies; in a quiz of one question there is no rest, and it counts as 0."""
    is_right = [answers[question.key] == question.correct for question in asked]
    right, others = sum(is_right), max(1, len(asked) - 1)
    return tuple(
        Taken(question.key, answers[question.key], (Decimal(right - own) / others).quantize(_REST_STEP))
        for question, own in zip(asked, is_right, strict=True)
    )


def item(question: Question, tallies: Sequence[Tally]) -> Item:
    """The figures of a question out of the tallies of its choices; a tally of no choice of it is left out."""
    known = {choice.key for choice in question.choices}
    counted = [tally for tally in tallies if tally.choice in known]
    attempts = sum(tally.times for tally in counted)
    times = {key: sum(tally.times for tally in counted if tally.choice == key) for key in known}
    facility = Decimal(times.get(question.correct, 0)) / attempts if attempts else None
    discrimination = _discrimination(question.correct, counted)
    shares = tuple(_share(choice.key, times[choice.key], attempts, question.correct) for choice in question.choices)
    return Item(
        question=question.key,
        attempts=attempts,
        facility=None if facility is None else facility.quantize(_STEP),
        discrimination=discrimination,
        shares=shares,
        advice=_advice(attempts, facility, discrimination, shares),
    )


def _share(choice: str, times: int, attempts: int, correct: str) -> Share:
    share = Decimal(times) / attempts if attempts else Decimal(0)
    is_right = choice == correct
    return Share(choice, times, share.quantize(_STEP), is_right, attempts >= FEWEST and not is_right and share < DEAD)


def _discrimination(correct: str, tallies: Sequence[Tally]) -> Decimal | None:
    """The correlation of two variables, one of them 0 or 1, out of their sums."""
    n = sum(tally.times for tally in tallies)
    if not n:
        return None
    right = Decimal(sum(tally.times for tally in tallies if tally.choice == correct)) / n
    mean = sum((tally.rest_sum for tally in tallies), Decimal(0)) / n
    spread = sum((tally.rest_squares for tally in tallies), Decimal(0)) / n - mean * mean
    both = sum((tally.rest_sum for tally in tallies if tally.choice == correct), Decimal(0)) / n
    if spread < _NO_SPREAD or right in (0, 1):
        return None
    found = (both - right * mean) / (spread * right * (1 - right)).sqrt()
    return max(Decimal(-1), min(Decimal(1), found)).quantize(_STEP)


def _advice(
    attempts: int, facility: Decimal | None, discrimination: Decimal | None, shares: Sequence[Share]
) -> tuple[Advice, ...]:
    if attempts < FEWEST or facility is None:
        return (Advice.TOO_FEW,)
    found = {
        Advice.TOO_EASY: facility > EASY,
        Advice.TOO_HARD: facility < HARD,
        Advice.NEGATIVE_DISCRIMINATION: discrimination is not None and discrimination < 0,
        Advice.DEAD_DISTRACTOR: any(share.is_dead for share in shares),
    }
    return tuple(advice for advice, holds in found.items() if holds)
