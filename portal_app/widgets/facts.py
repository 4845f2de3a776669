"""Facts in ready words: what each is called, and what it is."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


def facts(*, facts: Sequence[tuple[str, str]], label: str, key: str) -> None:
    """Draw the (name, value) pairs; a value keeps its lines, an empty one is left out; ``label`` names the list."""
    _facts(key=key, data={"facts": [[name, value] for name, value in facts if value], "label": label})


_facts = st.components.v2.component(
    "facts", css=(_HERE / "facts.css").read_text("utf-8"), js=(_HERE / "facts.js").read_text("utf-8")
)
