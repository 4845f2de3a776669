"""A small picture of how many there are of each kind: a bar, a figure and what they amount to, each a way to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Bar:
    """One kind in ready words. ``share``: its part of the longest bar, up to 1; ``note``: quiet words behind."""

    name: str
    figure: str
    share: float
    note: str = ""
    tone: str = ""
    href: str = ""


def tally(*, bars: Sequence[Bar], label: str, key: str) -> None:
    """Draw the bars; ``label`` names them for a screen reader."""
    _tally(key=key, data={"bars": [vars(bar) for bar in bars], "label": label})


_tally = st.components.v2.component(
    "tally", css=(_HERE / "tally.css").read_text("utf-8"), js=(_HERE / "tally.js").read_text("utf-8")
)
