"""Letters as keys of a page with a grid: J and K go through its rows, others press the page's own buttons."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

_UNSAID = re.compile(r"[^a-zA-Z0-9_-]")


def keys(*, grid: str, row: int, buttons: Mapping[str, str], words: Sequence[tuple[str, str]], key: str) -> None:
    """Listen to the letters, and say in one line what they do.

    ``grid``: the key of the grid; ``row``: the number of its row that is open. ``buttons``: the key of a button by the
    letter that presses it; one that is not on the page is not pressed. ``words``: letters, and what they do.
    """
    pressed = {letter: _class_of(button) for letter, button in buttons.items()}
    data = {"grid": _class_of(grid), "row": row, "buttons": pressed, "words": [list(one) for one in words]}
    _keys(key=key, data=data)


def _class_of(key: str) -> str:
    """What Streamlit calls the element of a key."""
    return f"st-key-{_UNSAID.sub('-', key)}"


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_keys = st.components.v2.component("partnerdesk_keys", css=_asset("keys.css"), js=_asset("keys.js"))
