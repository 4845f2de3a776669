"""Quizzes as JSON: ``{"questions": [{"q": "…", "choices": ["…", "…"], "correct_idx": 1}, …]}``."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from core.training.checks import of_questions, of_the_whole, quoted
from core.training.json_places import Places, Value, parse
from core.training.quiz import Choice, Fault, Question, QuizRefused, key_of
from core.training.quiz_file import at_line, on_line, prepared, refuse, right_place
from core.training.quiz_file import left_out as left_out_of

FIELDS = ("q", "choices", "correct_idx")


def read(text: str) -> tuple[Question, ...]:
    """The questions of a file; the same question always gets the same key.

    Raises:
        QuizRefused: with every fault, each naming line, question and what is wrong.
    """
    places = Places(prepared(text))
    listed = _questions(places, parse(places))
    lines = {number: places.line(value.at) for number, value in enumerate(listed, 1)}
    refuse(of_the_whole(len(listed), None))
    faults, numbered = list[Fault](), list[tuple[int, Question]]()
    for number, value in enumerate(listed, 1):
        wrong = list(_faults(value))
        if not wrong:
            numbered.append((number, _question(value)))
            wrong = list(_out_of_range(value))
        faults += [Fault(number, f"Question {number}: {on_line(said, places.line(at))}") for at, said in wrong]
    faults += [at_line(fault, lines) for fault in of_questions(numbered)]
    if faults:
        raise QuizRefused(sorted(faults, key=lambda fault: fault.question or 0))
    return tuple(question for _, question in numbered)


def write(questions: Sequence[Question]) -> str:
    """The file of some questions, as ``read`` takes it.

    Raises:
        QuizRefused: a question has no right choice.
    """
    listed = [
        {
            "q": question.text,
            "choices": [choice.text for choice in question.choices],
            "correct_idx": right_place(number, question),
        }
        for number, question in enumerate(questions, 1)
    ]
    return json.dumps({"questions": listed}, ensure_ascii=False, indent=2) + "\n"


def left_out(questions: Iterable[Question]) -> tuple[str, ...]:
    """What the file does not hold of these questions: "Arabic", "topics", "code", "pictures", "explanations"."""
    return left_out_of(questions, ())


def _questions(places: Places, top: Value) -> list[Value]:
    """The list of questions in a file's value."""
    if not isinstance(top.held, dict):
        raise _refusal(places, top, f"The file must be an object with “questions”, not {_kind(top)}.")
    for name, value in top.held.items():
        if name != "questions":
            raise _refusal(places, value, f"{quoted(name)} is no field of a quiz file. Only “questions” is; remove it.")
    if "questions" not in top.held:
        raise _refusal(places, top, "“questions” is missing. Put the list of questions under it.")
    listed = top.held["questions"]
    if not isinstance(listed.held, list):
        raise _refusal(places, listed, f"“questions” must be a list, not {_kind(listed)}.")
    return listed.held


def _refusal(places: Places, value: Value, message: str) -> QuizRefused:
    return QuizRefused([Fault(None, on_line(message, places.line(value.at)))])


def _faults(value: Value) -> Iterator[tuple[int, str]]:
    """What keeps a value from being a question at all, each with its offset."""
    if not isinstance(value.held, dict):
        yield value.at, f"It must be an object with q, choices and correct_idx, not {_kind(value)}."
        return
    for name, one in value.held.items():
        if name not in FIELDS:
            yield one.at, f"{quoted(name)} is no field of a question (q, choices, correct_idx). Remove it."
    for name in FIELDS:
        if name not in value.held:
            yield value.at, f"“{name}” is missing. Add it."
    yield from _of_fields(value.held)


def _of_fields(held: dict[str, Value]) -> Iterator[tuple[int, str]]:
    text, choices, correct = (held.get(name) for name in FIELDS)
    if text and not isinstance(text.held, str):
        yield text.at, f"“q” must be text, not {_kind(text)}."
    if choices and not isinstance(choices.held, list):
        yield choices.at, f"“choices” must be a list, not {_kind(choices)}."
    listed = choices.held if choices and isinstance(choices.held, list) else []
    for number, choice in enumerate(listed, 1):
        if not isinstance(choice.held, str):
            yield choice.at, f"Choice {number} must be text in quotation marks, not {_kind(choice)}."
    if correct and (isinstance(correct.held, bool) or not isinstance(correct.held, int)):
        yield correct.at, f"correct_idx must be a whole number, counted from 0, not {_kind(correct)}."


def _out_of_range(value: Value) -> Iterator[tuple[int, str]]:
    """Whether a value without such faults points to no choice; where there are none, something else says so."""
    _, texts, place, at = _fields(value)
    if texts and not 0 <= place < len(texts):
        there = "is 1 choice (0)" if len(texts) == 1 else f"are {len(texts)} choices (0–{len(texts) - 1})"
        yield at, f"correct_idx is {place} but there {there}."


def _question(value: Value) -> Question:
    """The question in a value without such faults; the first choice stands in for one that there is not."""
    text, texts, place, _ = _fields(value)
    choices = tuple(Choice(key_of(choice), choice) for choice in texts)
    keys = [choice.key for choice in choices] or [""]
    return Question(key_of(text), text, choices, keys[place if 0 <= place < len(keys) else 0])


def _fields(value: Value) -> tuple[str, list[str], int, int]:
    """Text, choices, place of the right one and the offset of that, of a value whose fields are what they must be."""
    held = cast("dict[str, Value]", value.held)
    text, listed, place = (held[name].held for name in FIELDS)
    texts = [cast(str, choice.held) for choice in cast("list[Value]", listed)]
    return cast(str, text), texts, cast(int, place), held["correct_idx"].at


def _kind(value: Value) -> str:
    """What a value is, as a sentence says it; figures and truth as they are written."""
    match value.held:
        case None:
            return "null"
        case bool() as truth:
            return str(truth).lower()
        case int() | float() as number:
            return f"the number {number}"
        case str() as text:
            return f"the text {quoted(text)}"
        case list():
            return "a list"
        case _:
            return "an object"
