"""What an author does with a list of questions, and with the choices of one. Pure: a list in, a new list out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_hex

from core.training.quiz import Choice, Question

Questions = tuple[Question, ...]
CHOICES = 4
"""How many choices a new question has."""


def blank() -> Question:
    """A question that is still to be written."""
    return Question(token_hex(8), "", tuple(Choice(token_hex(4), "") for _ in range(CHOICES)), "")


def place_of(questions: Sequence[Question], key: str) -> int | None:
    """Where a question stands, from 0."""
    return next((place for place, one in enumerate(questions) if one.key == key), None)


def inserted(questions: Questions, one: Question, *, after: str) -> Questions:
    """With one more, behind another; at the end where that is gone."""
    place = place_of(questions, after)
    at = len(questions) if place is None else place + 1
    return (*questions[:at], one, *questions[at:])


def duplicate(one: Question) -> Question:
    """The same question again, as one of its own."""
    return replace(one, key=token_hex(8))


def removed(questions: Questions, key: str) -> Questions:
    """Without one of them."""
    return tuple(one for one in questions if one.key != key)


def moved(questions: Questions, key: str, *, to: int) -> Questions:
    """With one of them at place ``to``, from 0; beyond an end it stays at that end."""
    place = place_of(questions, key)
    if place is None:
        return questions
    rest = removed(questions, key)
    at = max(0, min(to, len(rest)))
    return (*rest[:at], questions[place], *rest[at:])


def changed(questions: Questions, key: str, change: Callable[[Question], Question]) -> Questions:
    """With one of them changed."""
    return tuple(change(one) if one.key == key else one for one in questions)


def with_choice(one: Question) -> Question:
    """With an empty choice more."""
    return replace(one, choices=(*one.choices, Choice(token_hex(4), "")))


def with_choice_again(one: Question, key: str) -> Question:
    """With a choice twice, to write the second one from the first."""
    found = next((place for place, choice in enumerate(one.choices) if choice.key == key), None)
    if found is None:
        return one
    again = replace(one.choices[found], key=token_hex(4))
    return replace(one, choices=(*one.choices[: found + 1], again, *one.choices[found + 1 :]))


def without_choice(one: Question, key: str) -> Question:
    """Without a choice; if that was the right one, none is."""
    kept = tuple(choice for choice in one.choices if choice.key != key)
    return replace(one, choices=kept, correct="" if one.correct == key else one.correct)


def with_choice_moved(one: Question, key: str, *, by: int) -> Question:
    """With a choice so many places further down."""
    places = {choice.key: place for place, choice in enumerate(one.choices)}
    if key not in places:
        return one
    rest = [choice for choice in one.choices if choice.key != key]
    rest.insert(max(0, places[key] + by), one.choices[places[key]])
    return replace(one, choices=tuple(rest))


def with_choice_text(one: Question, key: str, **texts: str) -> Question:
    """With a choice written otherwise: ``text``, ``text_ar``."""
    return replace(one, choices=tuple(replace(each, **texts) if each.key == key else each for each in one.choices))
