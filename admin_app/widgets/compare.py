"""Two texts compared word by word; what was added and removed is told by marks, not by colour alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

import streamlit as st

from core.proposals.content import plain_text

AROUND = 8
"""How many unchanged words are shown on each side of a change."""
_PIECE = re.compile(r"\n|[^\s]+")


@dataclass(frozen=True)
class Difference:
    """What changed from one text to another. ``marked``: markdown with the changes in their surroundings."""

    added: int
    removed: int
    marked: str

    @property
    def summary(self) -> str:
        """ "12 words added, 3 removed"."""
        return f"{self.added} word{'s' * (self.added != 1)} added, {self.removed} removed"


def difference(old: str, new: str) -> Difference:
    """Compare two texts by words and line breaks."""
    was, now = _PIECE.findall(old), _PIECE.findall(new)
    steps = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    changes = [step for step in steps if step[0] != "equal"]
    if not changes:
        return Difference(0, 0, "")
    added = sum(piece != "\n" for _, _, _, start, end in changes for piece in now[start:end])
    removed = sum(piece != "\n" for _, start, end, _, _ in changes for piece in was[start:end])
    parts = []
    for kind, i, j, m, n in steps:
        if kind == "equal":
            parts.append(_unchanged(was[i:j], first=i == 0, last=j == len(was) and n == len(now)))
        else:
            parts += [_marked(was[i:j], ":red-background[~~{}~~]"), _marked(now[m:n], ":green-background[**+ {}**]")]
    return Difference(added, removed, " ".join(filter(None, parts)))


def _unchanged(pieces: list[str], *, first: bool, last: bool) -> str:
    before = [] if first else next(_lines(pieces[:AROUND]))
    after = [] if last else list(_lines(pieces[len(pieces) - AROUND :]))[-1]
    if len(before) + len(after) >= len(pieces):
        return _plain(pieces)
    return " ".join(filter(None, (_plain(before), "…", _plain(after))))


def _plain(pieces: list[str]) -> str:
    return "\n\n".join(plain_text(" ".join(line)) for line in _lines(pieces))


def _marked(pieces: list[str], mark: str) -> str:
    return "\n\n".join(mark.format(plain_text(" ".join(line))) if line else "" for line in _lines(pieces))


def _lines(pieces: list[str]) -> Iterator[list[str]]:
    line: list[str] = []
    for piece in pieces:
        if piece == "\n":
            yield line
            line = []
        else:
            line.append(piece)
    yield line


def legend() -> None:
    """How to read the marks."""
    st.caption(":green-background[**+ added**] :red-background[~~removed~~] … unchanged words left out")
