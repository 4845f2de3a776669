"""A numbered list of which one is open, in one component: hundreds of lines cost a page no more than one does."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True)
class Line:
    """One line, in ready texts. ``mark``: a sign with its meaning ``why`` behind it, coloured by ``tone``
    (``attention``, ``stop`` or none)."""

    id: str
    text: str
    note: str = ""
    mark: str = ""
    why: str = ""
    tone: str = ""


def outline(
    *,
    lines: Sequence[Line],
    opened: str,
    label: str,
    key: str,
    on_open: Callable[[str], None],
    on_move: Callable[[str, int], None] | None = None,
) -> None:
    """Draw the list; ``opened``: the id of the open line; ``label`` names the list for a screen reader.

    Arrows go through the lines, Enter opens one, Alt with an arrow moves it. ``on_open`` is called with the id of a
    line, ``on_move`` with its id and by how many places; ids that are not on this list are dropped.
    """
    known = {line.id for line in lines}

    def opens() -> None:
        wanted = st.session_state[key].get("open")
        if wanted in known:
            on_open(str(wanted))

    def moves() -> None:
        told = st.session_state[key].get("move") or {}
        if on_move and told.get("id") in known and told.get("by") in (-1, 1):
            on_move(str(told["id"]), int(told["by"]))

    data = {"lines": [astuple(line) for line in lines], "opened": opened, "label": label, "moves": on_move is not None}
    _outline(key=key, data=data, on_open_change=opens, on_move_change=moves)


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_outline = st.components.v2.component("partnerdesk_outline", css=_asset("outline.css"), js=_asset("outline.js"))
