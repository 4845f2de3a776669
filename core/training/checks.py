"""Everything that makes a quiz impossible to take, each said in one sentence that names the question."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from core.fields import MAX_BODY
from core.training.quiz import Choice, Fault, Question, same

MOST_QUESTIONS = 500
FEWEST_CHOICES, MOST_CHOICES = 2, 10
MOST_CHARACTERS = MAX_BODY
MOST_OF_A_LINE = 200
MOST_OF_A_KEY = 40
_MOST_QUOTED = 40
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tabs and line breaks, halves of characters, and what stands for nothing."""


def check(questions: Sequence[Question], draw: int | None, *, images: Collection[str] | None = None) -> list[Fault]:
    """Why a quiz cannot be taken; nothing when it can. ``images`` are the ids that exist; None: not looked at."""
    found = [Fault(None, message) for message in of_the_whole(len(questions), draw)]
    return found + of_questions(list(enumerate(questions, 1)), images=images)


def of_questions(numbered: Sequence[tuple[int, Question]], *, images: Collection[str] | None = None) -> list[Fault]:
    """What is wrong with questions, each named by its number, in their order."""
    found = [
        (number, message)
        for number, question in numbered
        for message in (*_of_a_question(question), *_of_its_image(question, images))
    ]
    found = sorted([*found, *_repeated(numbered)], key=lambda fault: fault[0])
    return [Fault(number, f"Question {number}: {message}") for number, message in found]


def of_the_whole(count: int, draw: int | None) -> list[str]:
    """What is wrong with so many questions."""
    found = []
    if not count:
        found.append("The quiz has no questions. Add at least one.")
    elif count > MOST_QUESTIONS:
        found.append(_too_many(count))
    elif draw is not None and draw > count:
        only = "is only 1" if count == 1 else f"are only {count}"
        found.append(f"An attempt draws {draw} questions, but there {only}. Add questions or draw fewer.")
    if draw is not None and draw < 1:
        found.append("An attempt draws at least 1 question.")
    return found


def unstorable(questions: Sequence[Question]) -> list[Fault]:
    """The faults that not even a draft may have: texts that cannot be stored or are too long, too many questions."""
    found = [] if len(questions) <= MOST_QUESTIONS else [Fault(None, _too_many(len(questions)))]
    return found + [
        Fault(number, f"Question {number}: {message}")
        for number, question in enumerate(questions, 1)
        for message in _of_texts(question)
    ]


def quoted(text: str) -> str:
    """A text of somebody else's as a sentence quotes it: short, and without what cannot be shown."""
    plain = "".join(mark if mark.isprintable() else "\ufffd" for mark in " ".join(text[: 4 * _MOST_QUOTED].split()))
    return f"“{plain[:_MOST_QUOTED]}…”" if len(plain) > _MOST_QUOTED or len(text) > 4 * _MOST_QUOTED else f"“{plain}”"


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing."""
    return all(unicodedata.category(mark) in _UNSEEN for mark in text)


def _too_many(count: int) -> str:
    return f"A quiz has at most {MOST_QUESTIONS} questions, and this one has {count:,}. Remove some."


def _of_a_question(question: Question) -> Iterator[str]:
    yield from _of_texts(question)
    if is_blank(question.text):
        yield "The text is empty. Write the question."
    count = len(question.choices)
    if count < FEWEST_CHOICES:
        yield f"There {_are(count)}. Give at least {FEWEST_CHOICES}."
    elif count > MOST_CHOICES:
        yield f"There {_are(count)}. Give at most {MOST_CHOICES}."
    yield from _of_choices(question.choices)
    if count and question.correct not in {choice.key for choice in question.choices}:
        yield "No choice is marked as the right one. Mark it."


def _are(count: int) -> str:
    return {0: "are no choices", 1: "is only 1 choice"}.get(count, f"are {count} choices")


def _of_choices(choices: Sequence[Choice]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, choice in enumerate(choices, 1):
        text = same(choice.text)
        if is_blank(choice.text):
            yield f"Choice {number} is empty. Write it or remove it."
        elif text in first:
            yield f"Choices {first[text]} and {number} are the same: {quoted(text)}. Change one."
        first.setdefault(text, number)
    if len({choice.key for choice in choices}) < len(first) == len(choices):
        yield "Two choices have the same key. Remove one and add it again."


def _of_texts(question: Question) -> Iterator[str]:
    bodies = {"The text": question.text, "The Arabic text": question.text_ar, "The code": question.code}
    bodies |= {"The explanation": question.why, "The Arabic explanation": question.why_ar}
    for number, choice in enumerate(question.choices, 1):
        bodies |= {f"Choice {number}": choice.text, f"The Arabic of choice {number}": choice.text_ar}
    for name, text in bodies.items():
        yield from _of_a_text(name, text, MOST_CHARACTERS)
    for name, text in {"The topic": question.topic, "The code language": question.code_language}.items():
        yield from _of_a_text(name, text, MOST_OF_A_LINE)
        if "\n" in text or "\r" in text:
            yield f"{name} cannot contain line breaks."
    if any(not 0 < len(key) <= MOST_OF_A_KEY for key in (question.key, *(choice.key for choice in question.choices))):
        yield f"A key is missing or longer than {MOST_OF_A_KEY} characters. Remove the question and add it again."


def _of_a_text(name: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{name} has {len(text):,} characters. Maximum {most:,} characters."
    if _UNSTORABLE.search(text):
        yield f"{name} contains characters that cannot be stored. Type it again."


def _of_its_image(question: Question, images: Collection[str] | None) -> Iterator[str]:
    if question.image and images is not None and question.image not in images:
        yield "Its picture is missing. Add it again."


def _repeated(numbered: Sequence[tuple[int, Question]]) -> Iterator[tuple[int, str]]:
    """Questions that ask the same as an earlier one, or stand in its place."""
    texts: dict[tuple[str, str, str], int] = {}
    keys: dict[str, int] = {}
    for number, question in numbered:
        asks = (same(question.text), question.code, question.image)
        if not is_blank(question.text) and asks in texts:
            yield number, f"It is the same as question {texts[asks]}: {quoted(question.text)}. Remove one."
        elif question.key in keys:
            yield number, f"It has the same key as question {keys[question.key]}. Remove it and add it again."
        texts.setdefault(asks, number)
        keys.setdefault(question.key, number)
