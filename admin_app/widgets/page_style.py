"""The little that every page needs beyond the theme: its margins, and a phone's."""

from pathlib import Path

import streamlit as st

_style = st.components.v2.component(
    "page_style", css=Path(__file__).with_name("page.css").read_text("utf-8"), isolate_styles=False
)


def page_style() -> None:
    """Put the style into the page, once a run."""
    with st.container(key="page-style"):
        _style(key="page.style")
