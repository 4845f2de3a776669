"""The answers of a GIFT question, in its braces: which kinds are held, and what they say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.training.checks import MOST_CHOICES, quoted
from core.training.gift_text import Block, NotHeld, meant

TRUTHS = (("True", "صحيح"), ("False", "خطأ"))
"""The choices of true or false, in English and in Arabic."""
_TRUTH = re.compile(r"(true|t|false|f)\s*(?:#([^#]*))?(?:#([^#]*))?", re.IGNORECASE)
_WEIGHT = re.compile(r"%-?\d+(?:\.\d*)?%", re.ASCII)
_NAMES = {
    "essay": "It asks for free text (an essay). Give choices, or remove it.",
    "number": "It asks for a number. Give choices, or remove it.",
    "short": "It asks for a short answer. Give wrong choices with ~ as well, or remove it.",
    "matching": "It asks to match pairs (->). Give choices, or remove it.",
}


@dataclass(frozen=True)
class Answers:
    """The choices with their Arabic, the place of the right one, and why it is right."""

    choices: tuple[tuple[str, str], ...]
    right: int
    why: str


@dataclass(frozen=True)
class _Token:
    mark: str
    text: str
    at: int


def read(answers: tuple[int, str], block: Block) -> Answers:
    """What the braces of a question hold; ``answers`` is their text after its offset.

    Raises:
        NotHeld: it is a kind of question that is not held, or none.
    """
    at, text = answers
    body, marks, general = text.partition("####")
    why = meant(general, block, at + len(body)) if marks else ""
    truth = _TRUTH.fullmatch(body.strip())
    if truth:
        return _truth(truth, why, block, at)
    if not body.strip():
        raise NotHeld(_NAMES["essay"], block.line_of(at))
    if body.lstrip().startswith("#"):
        raise NotHeld(_NAMES["number"], block.line_of(at))
    tokens = _tokens(body, block, at)
    _refuse_other_kinds(tokens, block)
    return _choices(tokens, why, block)


def _truth(truth: re.Match[str], why: str, block: Block, at: int) -> Answers:
    """True or false; the first feedback is for the wrong answer, the second for the right one."""
    right = 0 if truth.group(1).lower() in ("t", "true") else 1
    wrong, own = (meant(truth.group(group) or "", block, at) for group in (2, 3))
    return Answers(TRUTHS, right, _why([why, own], [(TRUTHS[1 - right][0], wrong)]))


def _tokens(body: str, block: Block, start: int) -> list[_Token]:
    count = body.count("=") + body.count("~")
    if count > MOST_CHOICES:
        raise NotHeld(f"There are {count:,} choices. Give at most {MOST_CHOICES}.", block.line_of(start))
    found = [_Token(mark.group(), "", start + mark.start()) for mark in re.finditer("[=~]", body)]
    pieces = re.split("[=~]", body)
    if pieces[0].strip():
        said = quoted(meant(pieces[0], block, start))
        raise NotHeld(
            f"{said} stands before the first = or ~. Mark each choice with one of them.", block.line_of(start)
        )
    return [_Token(token.mark, text, token.at) for token, text in zip(found, pieces[1:], strict=True)]


def _refuse_other_kinds(tokens: list[_Token], block: Block) -> None:
    for token in tokens:
        if _WEIGHT.match(token.text.strip()):
            weight = quoted(token.text.strip().split("%")[1] + "%")
            said = f"A choice has the weight {weight}. Mark the one right choice with = instead."
            raise NotHeld(said, block.line_of(token.at))
    rights = [token for token in tokens if token.mark == "="]
    if len(rights) == len(tokens):
        kind = "matching" if any("->" in token.text for token in tokens) else "short"
        raise NotHeld(_NAMES[kind], block.line_of(tokens[0].at))
    if len(rights) > 1:
        said = f"{len(rights)} choices are marked as right with =. Mark one, and the others with ~."
        raise NotHeld(said, block.line_of(rights[1].at))
    if not rights:
        raise NotHeld("No choice is marked as right. Mark it with =.", block.line_of(tokens[0].at))


def _choices(tokens: list[_Token], why: str, block: Block) -> Answers:
    choices, own, others, right = list[tuple[str, str]](), "", list[tuple[str, str]](), 0
    for place, token in enumerate(tokens):
        text, _, feedback = token.text.partition("#")
        choice, said = meant(text, block, token.at), meant(feedback, block, token.at)
        choices.append((choice, ""))
        if token.mark == "=":
            right, own = place, said
        else:
            others.append((choice, said))
    return Answers(tuple(choices), right, _why([why, own], others))


def _why(right: Iterable[str], wrong: Iterable[tuple[str, str]]) -> str:
    """One explanation out of all feedback; that on a wrong choice names the choice."""
    return "\n".join([*filter(None, right), *(f"{choice}: {said}" for choice, said in wrong if said)])
