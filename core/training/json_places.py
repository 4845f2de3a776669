"""JSON read strictly, with the place of each value, so that a fault can name its line."""

import json
import re
from bisect import bisect
from dataclasses import dataclass
from math import isinf

from core.training.checks import MOST_QUESTIONS, quoted
from core.training.quiz import Fault, QuizRefused

DEEPEST = 10
MOST_VALUES = 20_000
_LONGEST_NUMBER = 20
_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_WORD = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)
_NAMED = {"true": True, "false": False, "null": None}
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
_CURLY = "“”„‟«»‘’'"
_OF_TEXTS = {
    "Unterminated string": "this text has no closing quotation mark.",
    "Invalid control": "a line break, tab or control character stands inside a text. Write \\n or \\t.",
    "Invalid \\u": "\\u stands here without four hexadecimal digits.",
    "Invalid \\escape": "this backslash is not followed by what JSON knows. Write \\\\ for a backslash.",
}


@dataclass(frozen=True)
class Value:
    """A value of JSON and the offset at which it begins."""

    held: "str | int | float | bool | list[Value] | dict[str, Value] | None"
    at: int


class Places:
    """A text of JSON, and how its offsets are called by people."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line(self, at: int) -> int:
        """The line of an offset, from 1."""
        return bisect(self._starts, at)

    def refusal(self, at: int, message: str) -> QuizRefused:
        """What is wrong at an offset."""
        line = self.line(at)
        column = at - self._starts[line - 1] + 1
        return QuizRefused([Fault(None, f"Line {line}, column {column}: {message}")])


def parse(places: Places) -> Value:
    """The one value of a text.

    Raises:
        QuizRefused: it is no JSON, or more than a quiz can be; the sentence names line and column.
    """
    reader = _Reader(places)
    value, at = reader.value(reader.after_blanks(0), 1)
    at = reader.after_blanks(at)
    if at < len(places.text):
        raise places.refusal(at, f"the quiz ends before this, and {reader.word(at)} follows. Remove it.")
    return value


class _Reader:
    """Reads values one after another; each method takes an offset and gives the one behind what it read."""

    def __init__(self, places: Places) -> None:
        self.places, self.text = places, places.text
        self.count = 0
        self.decoder = json.JSONDecoder()

    def after_blanks(self, at: int) -> int:
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def word(self, at: int) -> str:
        """What stands at an offset, as a sentence names it."""
        found = _WORD.match(self.text, at)
        return quoted(found.group()) if found else "the end of the file"

    def value(self, at: int, depth: int) -> tuple[Value, int]:
        self.count += 1
        if self.count > MOST_VALUES:
            raise self.places.refusal(
                at, f"the file holds more than {MOST_VALUES:,} values. A quiz has at most {MOST_QUESTIONS} questions."
            )
        if depth > DEEPEST:
            raise self.places.refusal(at, f"values are nested more than {DEEPEST} deep. A quiz file needs 4.")
        mark = self.text[at : at + 1]
        if mark == "{":
            return self._object(at, depth)
        if mark == "[":
            return self._list(at, depth)
        if mark == '"':
            text, end = self._string(at)
            return Value(text, at), end
        return self._scalar(at)

    def _list(self, start: int, depth: int) -> tuple[Value, int]:
        held: list[Value] = []
        at = self.after_blanks(start + 1)
        while not (self.text.startswith("]", at) and not held):
            one, at = self.value(at, depth + 1)
            held.append(one)
            at, ends = self._behind(at, "]")
            if ends:
                return Value(held, start), at
        return Value(held, start), at + 1

    def _object(self, start: int, depth: int) -> tuple[Value, int]:
        held: dict[str, Value] = {}
        at = self.after_blanks(start + 1)
        while not (self.text.startswith("}", at) and not held):
            name, colon = self._name(at)
            if name in held:
                raise self.places.refusal(at, f"{quoted(name)} stands twice in one object. Remove one.")
            if not self.text.startswith(":", colon):
                raise self.places.refusal(colon, f"“:” is expected after {quoted(name)}, not {self.word(colon)}.")
            held[name], at = self.value(self.after_blanks(colon + 1), depth + 1)
            at, ends = self._behind(at, "}")
            if ends:
                return Value(held, start), at
        return Value(held, start), at + 1

    def _behind(self, at: int, closing: str) -> tuple[int, bool]:
        """The offset of the next member, or the one behind the closing mark and that it closed."""
        at = self.after_blanks(at)
        if self.text.startswith(closing, at):
            return at + 1, True
        if not self.text.startswith(",", at):
            raise self.places.refusal(at, f"“,” or “{closing}” is expected, not {self.word(at)}.")
        following = self.after_blanks(at + 1)
        if self.text.startswith(closing, following):
            raise self.places.refusal(at, f"this comma stands before “{closing}”. Remove it.")
        return following, False

    def _name(self, at: int) -> tuple[str, int]:
        if not self.text.startswith('"', at):
            self._refuse_quotes(at)
            raise self.places.refusal(at, f"a name in double quotation marks is expected, not {self.word(at)}.")
        name, end = self._string(at)
        return name, self.after_blanks(end)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = self.decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as broken:
            said = next(ours for theirs, ours in _OF_TEXTS.items() if broken.msg.startswith(theirs))
            raise self.places.refusal(broken.pos, said) from None
        return str(text), end

    def _scalar(self, at: int) -> tuple[Value, int]:
        found = _WORD.match(self.text, at)
        word = found.group() if found else ""
        if word in _NAMED:
            return Value(_NAMED[word], at), at + len(word)
        number = _NUMBER.fullmatch(word)
        if number and (len(word) > _LONGEST_NUMBER or isinf(float(word))):
            raise self.places.refusal(at, "this number is too great for a quiz.")
        if number:
            return Value(float(word) if number.group(1) or number.group(2) else int(word), at), at + len(word)
        if word in _NO_NUMBERS:
            raise self.places.refusal(at, f"{word} is no value of JSON. Write a number.")
        self._refuse_quotes(at)
        raise self.places.refusal(at, f"a value is expected, not {self.word(at)}.")

    def _refuse_quotes(self, at: int) -> None:
        if self.text[at : at + 1] and self.text[at] in _CURLY:
            raise self.places.refusal(at, f'{self.text[at]} is no quotation mark of JSON. Write ".')
