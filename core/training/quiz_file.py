"""What the file formats of a quiz have in common: how large a file may be, and how a fault says where it is."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping

from core.training.quiz import Fault, Question, QuizRefused

MOST_CHARACTERS = 2_000_000
_BOM = "\ufeff"


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so in its first bytes.

    Raises:
        QuizRefused: it is neither.
    """
    encoding = "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise QuizRefused([Fault(None, "The file is not text in UTF-8. Save it as UTF-8.")]) from None


def prepared(text: str) -> str:
    """A text that is worth reading, without the mark that editors put first.

    Raises:
        QuizRefused: it is empty or too long.
    """
    if len(text) > MOST_CHARACTERS:
        said = f"The file has {len(text):,} characters. Maximum {MOST_CHARACTERS:,} characters. Split it."
        raise QuizRefused([Fault(None, said)])
    text = text.removeprefix(_BOM)
    if not text.strip():
        raise QuizRefused([Fault(None, "The file is empty. Choose the file of a quiz.")])
    return text


def refuse(messages: Iterable[str]) -> None:
    """Refuse a file as a whole, if there is anything to say.

    Raises:
        QuizRefused: there is.
    """
    if faults := [Fault(None, message) for message in messages]:
        raise QuizRefused(faults)


def at_line(fault: Fault, lines: Mapping[int, int]) -> Fault:
    """The fault of a question that also says on which line it begins; ``lines`` are by number."""
    return Fault(fault.question, on_line(fault.message, lines[fault.question or 1]))


def on_line(message: str, line: int) -> str:
    """A sentence that says where to look."""
    return f"{message.removesuffix('.')}. See line {line}."


def right_place(number: int, question: Question) -> int:
    """Which of its choices is the right one, from 0.

    Raises:
        QuizRefused: none is.
    """
    for place, choice in enumerate(question.choices):
        if choice.key == question.correct:
            return place
    said = f"Question {number}: No choice is marked as the right one. Mark it."
    raise QuizRefused([Fault(number, said)])


def left_out(questions: Iterable[Question], held: Iterable[str]) -> tuple[str, ...]:
    """What a file does not hold of some questions, in words; ``held`` are the fields that it does."""
    told = {
        "text_ar": "Arabic",
        "why_ar": "Arabic",
        "topic": "topics",
        "code": "code",
        "image": "pictures",
        "why": "explanations",
    }
    lost = {
        words: None
        for question in questions
        for field, words in told.items()
        if field not in held and (getattr(question, field) or (field == "text_ar" and _has_arabic(question)))
    }
    return tuple(lost)


def _has_arabic(question: Question) -> bool:
    return any(choice.text_ar for choice in question.choices)
