"""An empty list: why it is empty, and what fills it."""

from collections.abc import Callable

import streamlit as st


def empty_state(
    text: str,
    *,
    action: str | None = None,
    on_click: Callable[[], None] | None = None,
    page: str | None = None,
    icon: str = ":material/inbox:",
) -> None:
    """Say why a list is empty; ``action`` is a button that calls ``on_click``, or a link to the file of a ``page``."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f":gray[{icon}] {text}", width="content")
        if action and page:
            st.page_link(page, label=action, icon=":material/arrow_forward:")
        elif action:
            st.button(action, on_click=on_click)
        st.space("small")
