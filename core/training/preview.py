"""What its author sees of a question: exactly what a learner would see who begins it. Pure."""

from core.training.quiz import Question
from core.training.results import SittingQuestion, shown_as


def as_shown(question: Question, number: int) -> SittingQuestion:
    """A question as a learner finds it: not answered yet, without right answer, explanation and keys.

    ``number``: where it stands, from 1. It may still lack whatever a draft may lack.
    """
    return shown_as(number, question, None)
