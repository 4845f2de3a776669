"""What a quiz is: questions with choices, how they are stored, what a learner may see of them, how one is refused."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from core.errors import Invalid

MOST_SAID = 5
"""How many faults one sentence of refusal names."""


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from."""

    key: str
    text: str
    text_ar: str = ""


@dataclass(frozen=True)
class Question:
    """A question with exactly one right choice: ``correct`` is that choice's key."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    correct: str
    text_ar: str = ""
    topic: str = ""
    code: str = ""
    code_language: str = ""
    image: str = ""
    """The id of a QuizImage, as text."""
    why: str = ""
    """Why the right choice is right."""
    why_ar: str = ""


@dataclass(frozen=True)
class Shown:
    """What a learner may see of a question: neither the right choice nor why it is right."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    text_ar: str = ""
    topic: str = ""
    code: str = ""
    code_language: str = ""
    image: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a quiz: the number of the question, from 1, and the whole sentence."""

    question: int | None
    message: str


class QuizRefused(Invalid):
    """Nothing was changed. Correct this and try again: {faults}"""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        said = " ".join(fault.message for fault in self.faults[:MOST_SAID])
        rest = len(self.faults) - MOST_SAID
        super().__init__(faults=f"{said} And {rest:,} more." if rest > 0 else said)


def shown(question: Question) -> Shown:
    """The part of a question that may leave the server before it is answered."""
    return Shown(
        key=question.key,
        text=question.text,
        choices=question.choices,
        text_ar=question.text_ar,
        topic=question.topic,
        code=question.code,
        code_language=question.code_language,
        image=question.image,
    )


def to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Questions as they are stored, with the right choices: plain dicts and lists."""
    return [{**asdict(question), "choices": [asdict(choice) for choice in question.choices]} for question in questions]


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions out of what ``to_json`` made."""
    return tuple(Question(**{**one, "choices": tuple(Choice(**choice) for choice in one["choices"])}) for one in stored)


def same(text: str) -> str:
    """A text as it is compared: two texts that look alike to a reader come out equal."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def key_of(*texts: str) -> str:
    """A key made of content: the same content always gets the same key."""
    content = "\0".join(same(text) for text in texts)
    return sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
