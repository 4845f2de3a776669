"""How the page about documents is set: quiet headings, one measure."""

from pathlib import Path

import streamlit as st

_style = st.components.v2.component(
    "library_style", css=Path(__file__).with_suffix(".css").read_text("utf-8"), isolate_styles=False
)


def quiet() -> None:
    """Put the page's style in force."""
    _style(key="library-style")
