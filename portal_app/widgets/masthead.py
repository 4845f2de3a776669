"""What stands above every page of a reseller's person: whose place it is, the pages on offer, the language, leaving."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.proposals.content import plain_text

_style = st.components.v2.component(
    "masthead_style", css=Path(__file__).with_suffix(".css").read_text("utf-8"), isolate_styles=False
)


def masthead(
    *,
    partner: str,
    person: str,
    role: str,
    pages: Sequence[StreamlitPage],
    language: str,
    words: Callable[[str], str],
    switch_language: Callable[[], None],
) -> None:
    """Two lines: who is here and the tools, then the pages; on a phone the pages wrap."""
    _style(key="masthead-style")
    with st.container(key="masthead"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="masthead-top"):
            with st.container(gap=None, width="stretch", key="masthead-who"):
                st.markdown(f"**{plain_text(partner)}**")
                st.caption(plain_text(f"\u2068{person}\u2069 · {role}"))
            with st.container(
                horizontal=True, horizontal_alignment="right", gap="small", width="content", key="masthead-tools"
            ):
                st.button(words("portal.other_language"), on_click=switch_language, type="tertiary")
                st.link_button(words("portal.leave"), "/leave", type="tertiary", icon=":material/logout:")
        with st.container(horizontal=True, gap=None, key="masthead-pages"):
            for page in pages:
                st.page_link(page, query_params={"lang": language})


def viewing(*, text: str, end: str) -> None:
    """A band that says as whom somebody looks, with a way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="viewing"):
        st.markdown(f":material/visibility: {text}", width="stretch")
        st.link_button(end, "/leave")
