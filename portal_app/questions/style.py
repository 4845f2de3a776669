"""How the pages about questions are set: one measure, quiet headings."""

from pathlib import Path

import streamlit as st

_style = st.components.v2.component(
    "questions_style", css=Path(__file__).with_suffix(".css").read_text("utf-8"), isolate_styles=False
)


def quiet() -> None:
    """Put the pages' style in force."""
    _style(key="questions-style")
