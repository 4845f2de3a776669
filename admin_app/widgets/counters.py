"""A row of figures, each leading to what it counts; one component."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True)
class Counter:
    """One figure. ``href``: where it leads; ``tone`` (``attention``, ``stop``) colours it unless it is zero."""

    id: str
    label: str
    count: int
    href: str
    tone: str = ""
    chosen: bool = False


def counters(*, figures: Sequence[Counter], label: str, key: str, on_open: Callable[[str], None]) -> None:
    """Draw the row; ``on_open`` is called with the id of the figure that was pressed, as a callback."""

    def opened() -> None:
        chosen = st.session_state[key].get("open")
        if any(figure.id == chosen for figure in figures):
            on_open(str(chosen))

    data = {"figures": [astuple(figure) for figure in figures], "label": label}
    _counters(key=key, data=data, on_open_change=opened)


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_counters = st.components.v2.component("partnerdesk_counters", css=_asset("counters.css"), js=_asset("counters.js"))
