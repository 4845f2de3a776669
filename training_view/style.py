"""How training is set: one measure, each text in its own direction, code always from left to right."""

from pathlib import Path

import streamlit as st

_style = st.components.v2.component(
    "training_style", css=(Path(__file__).parent / "page.css").read_text("utf-8"), isolate_styles=False
)


def quiet(key: str = "page") -> None:
    """Put the style in force; ``key``: of its own wherever it is asked for more than once in a run."""
    _style(key=f"training-style-{key}")
