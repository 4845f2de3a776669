"""Quizzes in Moodle's GIFT format: choices with one right answer, and true or false.

    $CATEGORY: $course$/top/Pricing
    ::title:: How large is the standard discount? { =10% ~5% ~20% #### Since 2026. }

A category is the topic, feedback is the explanation, and a title is the key where it can be one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.training import gift_answers, gift_text
from core.training.checks import MOST_OF_A_KEY, of_questions, of_the_whole
from core.training.gift_text import Block
from core.training.quiz import Choice, Fault, Question, QuizRefused, key_of, same
from core.training.quiz_file import at_line, on_line, prepared, refuse, right_place
from core.training.quiz_file import left_out as left_out_of

_KEY = re.compile(rf"[0-9A-Za-z_-]{{1,{MOST_OF_A_KEY}}}", re.ASCII)
_FORM = re.compile(r"\[(html|markdown|plain|moodle)\]|%-?\d", re.ASCII)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[{"])')
_HELD = ("topic", "why")
_GAP = "_____"


def read(text: str) -> tuple[Question, ...]:
    """The questions of a file; the same question always gets the same key.

    Raises:
        QuizRefused: with every fault, each naming line, question and what is wrong.
    """
    text = prepared(text)
    refuse(["This looks like JSON. Import it as JSON."] if _JSON.match(text) else [])
    blocks = gift_text.blocks(text)
    refuse(of_the_whole(len(blocks), None))
    lines = {number: block.line for number, block in enumerate(blocks, 1)}
    faults, numbered = list[Fault](), list[tuple[int, Question]]()
    for number, block in enumerate(blocks, 1):
        try:
            numbered.append((number, _question(block)))
        except gift_text.NotHeld as wrong:
            faults.append(Fault(number, on_line(f"Question {number}: {wrong}", wrong.line)))
    numbered = _with_own_keys(numbered)
    faults += [at_line(fault, lines) for fault in of_questions(numbered)]
    if faults:
        raise QuizRefused(sorted(faults, key=lambda fault: fault.question or 0))
    return tuple(question for _, question in numbered)


def write(questions: Sequence[Question]) -> str:
    """The file of some questions, as ``read`` takes it.

    Raises:
        QuizRefused: a question has no right choice.
    """
    parts, topic = [], ""
    for number, question in enumerate(questions, 1):
        if question.topic != topic:
            topic = question.topic
            parts.append(f"$CATEGORY: $course$/top{'/' if topic else ''}{topic}\n")
        parts.append(_written(question, right_place(number, question)))
    return "\n".join(parts)


def left_out(questions: Iterable[Question]) -> tuple[str, ...]:
    """What the file does not hold of these questions: "Arabic", "code", "pictures"."""
    return left_out_of(questions, _HELD)


def _written(question: Question, right: int) -> str:
    head = f"::{gift_text.escaped(question.key)}::{_escaped(question.text)}"
    why = f"####{_escaped(question.why)}" if question.why else ""
    if tuple((choice.text, choice.text_ar) for choice in question.choices) == gift_answers.TRUTHS:
        return f"{head} {{{'FALSE' if right else 'TRUE'}{why}}}\n"
    marked = enumerate(question.choices)
    lines = [f"{'=' if place == right else '~'}{_escaped(choice.text)}" for place, choice in marked]
    return "\n\t".join([f"{head} {{", *lines, *filter(None, [why])]) + "\n}\n"


def _escaped(text: str) -> str:
    """A text that reads back as it is; one that would read as a mark of form is said to be plain."""
    return f"{'[plain]' if _FORM.match(text.lstrip()) else ''}{gift_text.escaped(text)}"


def _question(block: Block) -> Question:
    title, text, answers, tail = gift_text.parts(block)
    found = gift_answers.read(answers, block)
    if tail:
        text = f"{text} {_GAP} {tail}".strip()
    choices = tuple(Choice(key_of(choice), choice, arabic) for choice, arabic in found.choices)
    key = title if _KEY.fullmatch(title) else key_of(text)
    return Question(key, text, choices, choices[found.right].key, topic=block.topic, why=found.why)


def _with_own_keys(numbered: Iterable[tuple[int, Question]]) -> list[tuple[int, Question]]:
    """Questions whose title is that of another one too get a key by their text."""
    listed = list(numbered)
    times = Counter(question.key for _, question in listed)
    return [
        (number, question if times[question.key] == 1 else replace(question, key=key_of(same(question.text))))
        for number, question in listed
    ]
