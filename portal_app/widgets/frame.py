"""What stands above every page: the pages on offer, the other language, and leaving."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_style = st.components.v2.component(
    "frame_style", css=Path(__file__).with_suffix(".css").read_text("utf-8"), isolate_styles=False
)


def frame(
    *,
    pages: Sequence[StreamlitPage],
    language: str,
    words: Callable[[str], str],
    switch_language: Callable[[], None],
) -> None:
    """One line; with a single page on offer there is nothing to choose from, so no names of pages either."""
    _style(key="frame-style")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame"):
        if len(pages) > 1:
            with st.container(horizontal=True, width="content", gap="small", key="frame-pages"):
                for page in pages:
                    st.page_link(page, query_params={"lang": language})
        with st.container(horizontal=True, horizontal_alignment="right", gap="small", key="frame-tools"):
            st.button(words("portal.other_language"), on_click=switch_language, type="tertiary")
            st.link_button(words("portal.leave"), "/leave", type="tertiary", icon=":material/logout:")
