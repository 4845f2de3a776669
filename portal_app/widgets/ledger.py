"""A list in ready words, one line each: when, what, what it is worth, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One line; an empty text is not shown.

    ``lead``: a day or a time before it. ``text``: quiet words under the title, ``note``: several lines of them,
    ``aside``: quiet words at its end.
    ``mark``: a word in a badge, coloured by ``tone`` (``good``, ``attention``, ``stop``, ``news`` or none).
    ``href``: where the title leads, ``link`` and ``link_href``: something else that can be opened. ``struck``: it no
    longer holds.
    """

    title: str
    lead: str = ""
    text: str = ""
    note: str = ""
    aside: str = ""
    mark: str = ""
    tone: str = ""
    href: str = ""
    link: str = ""
    link_href: str = ""
    struck: bool = False


def ledger(*, lines: Sequence[Line], label: str, key: str) -> None:
    """Draw the list; ``label`` names it for a screen reader."""
    _ledger(key=key, data={"lines": [vars(line) for line in lines], "label": label})


_ledger = st.components.v2.component(
    "ledger", css=(_HERE / "ledger.css").read_text("utf-8"), js=(_HERE / "ledger.js").read_text("utf-8")
)
