"""Where something stands on its way: the steps behind it, the one it is at, those ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


class Place(StrEnum):
    """How a step stands to where one is."""

    DONE = "done"
    HERE = "here"
    STOPPED = "stopped"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Step:
    """One step in ready words; ``note``: quiet words under its name, ``said``: its place, for a screen reader."""

    name: str
    place: Place
    said: str
    note: str = ""


def steps(*, steps: Sequence[Step], label: str, key: str) -> None:
    """Draw the way, in a line, or on a phone one under the other; ``label`` names it for a screen reader."""
    _steps(key=key, data={"steps": [vars(step) for step in steps], "label": label})


_steps = st.components.v2.component(
    "steps", css=(_HERE / "steps.css").read_text("utf-8"), js=(_HERE / "steps.js").read_text("utf-8")
)
