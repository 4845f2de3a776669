"""The top of a page: its title, one line of facts, and the one thing to do first."""

from collections.abc import Callable

import streamlit as st


def heading(
    title: str,
    *,
    facts: str,
    action: str = "",
    on_click: Callable[[], None] | None = None,
    icon: str | None = None,
    disabled: bool = False,
    why: str | None = None,
) -> None:
    """Draw the title and the facts, and the primary ``action`` at the right; ``why`` it cannot be done now."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="content", gap="xxsmall"):
            st.title(title, anchor=False, width="content")
            st.caption(facts, width="content")
        if action:
            st.button(action, type="primary", icon=icon, on_click=on_click, disabled=disabled, help=why)
