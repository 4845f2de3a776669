"""GIFT as text: the questions of a file, their parts, escapes, and the forms a text may be in."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from core.training.checks import MOST_CHARACTERS, MOST_QUESTIONS
from core.training.quiz import Fault, QuizRefused
from core.training.quiz_file import on_line

_CATEGORY = "$CATEGORY:"
_CONTEXT = re.compile(r"\$(?:course|module|system|user\w*)\$/?", re.ASCII)
_TOP = re.compile(r"top(?:/|$)")
_MARKS = "~=#{}:\\n"
_STANDS_FOR = {mark: chr(0xD800 + place) for place, mark in enumerate(_MARKS)}
"""While a file is read, an escaped mark is a code point that no text has."""
_MEANT = str.maketrans({stand: "\n" if mark == "n" else mark for mark, stand in _STANDS_FOR.items()})
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_TO_ESCAPE = re.compile(r"([~=#{}:\\])")
_FORM = re.compile(r"\[(html|markdown|plain|moodle)\]", re.ASCII)
_MOST_BLOCKS = 20 * MOST_QUESTIONS
_MOST_MARKUP = 4 * MOST_CHARACTERS
_LINES = {"p", "br", "div"}
_PLAIN = {*_LINES, "span", "b", "strong", "i", "em", "u"}


class NotHeld(ValueError):
    """Why a question of a file cannot be one of ours; ``line`` is where to look."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Block:
    """The text of one question as it stands in the file, escapes replaced."""

    line: int
    topic: str
    text: str

    def line_of(self, at: int) -> int:
        """The line of an offset of the text, from 1."""
        return self.line + self.text.count("\n", 0, at)

    @property
    def form(self) -> str:
        """The form of its texts that name none of their own, such as "html": that of the question's text."""
        found = _FORM.match(self.text[_title(self)[1] :].lstrip())
        return found.group(1) if found else ""


def blocks(text: str) -> list[Block]:
    """The questions of a file: blank lines stand between them, and lines that begin with // say nothing.

    Raises:
        QuizRefused: it has characters that no text may have, or no end.
    """
    found: list[Block] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_surrogates(text)
    topic, begun, held = "", 0, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        plain = line.strip()
        if held and (not plain or plain.startswith(_CATEGORY)):
            found.append(Block(begun, topic, _protected("\n".join(held))))
            held = []
            _refuse_endless(len(found))
        if plain.startswith(_CATEGORY):
            topic = _topic(plain.removeprefix(_CATEGORY).strip())
        elif plain.startswith("//"):
            held += [""] if held else []
        elif plain:
            begun = begun if held else number
            held.append(line)
    return found


def parts(block: Block) -> tuple[str, str, tuple[int, str], str]:
    """Title, text, answers with their offset, and what follows the answers.

    Raises:
        NotHeld: a part is missing or does not end.
    """
    title, start = _title(block)
    opening, closing = block.text.find("{", start), block.text.find("}", start)
    if opening < 0:
        raise NotHeld("There are no answers in { }. Add them, or remove the question.", block.line)
    if 0 <= closing < opening:
        raise NotHeld("“}” stands before “{”. Write \\} for a brace.", block.line_of(closing))
    if closing < 0:
        raise NotHeld("“{” has no closing “}” before the next blank line. Add it.", block.line_of(opening))
    for mark in "{}":
        second = block.text.find(mark, (opening if mark == "{" else closing) + 1)
        if second >= 0:
            raise NotHeld(f"A second “{mark}” stands here. Write \\{mark} for a brace.", block.line_of(second))
    text = meant(block.text[start:opening], block, start)
    return (
        title,
        text,
        (opening + 1, block.text[opening + 1 : closing]),
        meant(block.text[closing + 1 :], block, closing),
    )


def meant(text: str, block: Block, at: int) -> str:
    """What a piece of a question says, without marks of form.

    Raises:
        NotHeld: it is formatted in a way that is not held.
    """
    text = re.sub(r"\n{2,}", "\n", text.strip())
    own = _FORM.match(text)
    form = own.group(1) if own else block.form
    text = (text[own.end() :].strip() if own else text).translate(_MEANT)
    return _without_markup(text, block.line_of(at)) if form == "html" else text


def escaped(text: str) -> str:
    """A text as GIFT writes it, on one line."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TO_ESCAPE.sub(r"\\\1", plain).replace("\n", "\\n")


def _protected(text: str) -> str:
    return _ESCAPED.sub(lambda found: _STANDS_FOR[found.group(1)], text)


def _refuse_surrogates(text: str) -> None:
    if found := _SURROGATE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise QuizRefused([Fault(None, on_line("The file contains characters that cannot be stored.", line))])


def _refuse_endless(count: int) -> None:
    if count > _MOST_BLOCKS:
        said = f"The file holds more than {_MOST_BLOCKS:,} questions. A quiz has at most {MOST_QUESTIONS}."
        raise QuizRefused([Fault(None, said)])


def _topic(path: str) -> str:
    """A category without where it is in Moodle; the topmost one is no topic."""
    path = _CONTEXT.sub("", path, count=1) if _CONTEXT.match(path) else path
    return _TOP.sub("", path, count=1) if _TOP.match(path) else path


def _title(block: Block) -> tuple[str, int]:
    """The title, and where the text begins."""
    start = len(block.text) - len(block.text.lstrip())
    if not block.text.startswith("::", start):
        return "", start
    end = block.text.find("::", start + 2)
    if end < 0:
        raise NotHeld("Its title has no closing “::”. Add it.", block.line)
    return block.text[start + 2 : end].strip().translate(_MEANT), end + 2


class _Markup(HTMLParser):
    """What HTML says, line by line, and the elements that mean more than the text in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.rich: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PLAIN:
            self.rich[tag] = None
        if tag in _LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _without_markup(text: str, line: int) -> str:
    if len(text) > _MOST_MARKUP:
        raise NotHeld(f"Its HTML has {len(text):,} characters. Maximum {_MOST_MARKUP:,} characters.", line)
    markup = _Markup()
    markup.feed(text)
    markup.close()
    if markup.rich:
        raise NotHeld(f"Its HTML has <{'>, <'.join(markup.rich)}>, which a text cannot hold. Write it plainly.", line)
    lines = (line.strip() for line in "".join(markup.said).split("\n"))
    return "\n".join(line for line in lines if line)
