"""The little that the proposal editor needs beyond the theme: directions, and a compact list."""

from pathlib import Path

import streamlit as st

_style = st.components.v2.component(
    "editor_style", css=Path(__file__).with_name("editor.css").read_text("utf-8"), isolate_styles=False
)


def editor_style() -> None:
    """Put the style into the page, once a run."""
    with st.container(key="editor-style"):
        _style(key="editor.style")
