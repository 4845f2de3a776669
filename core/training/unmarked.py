"""Questions for people who read training but do not write it: they take the same quizzes."""

from dataclasses import replace

from core.training.quiz import Question


def unmarked(question: Question) -> Question:
    """A question without its right answer and without why it is right."""
    return replace(question, correct="", why="", why_ar="")
