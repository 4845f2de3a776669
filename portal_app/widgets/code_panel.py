"""A block that asks for a mailed code: why, send it, type it."""

from collections.abc import Callable

import streamlit as st


def code_panel(
    *,
    text: str,
    sent: str,
    wrong: str,
    words: Callable[[str], str],
    send: Callable[[], None],
    prove: Callable[[], None],
    key: str,
) -> None:
    """The block. ``sent``: where the code went that waits to be typed, empty if none does; ``wrong``: what was wrong.

    ``words`` gives ``title``, ``send``, ``again``, ``code``, ``confirm``; what is typed stands under ``key``.
    """
    with st.container(border=True, key="code-panel"):
        st.subheader(words("title"), anchor=False)
        st.markdown(sent or text)
        if sent:
            with st.form(f"{key}.form", border=False, enter_to_submit=True):
                with st.container(horizontal=True, vertical_alignment="bottom"):
                    st.text_input(words("code"), key=key, max_chars=20, width=200, autocomplete="one-time-code")
                    st.form_submit_button(words("confirm"), type="primary", on_click=prove)
        with st.container():
            if wrong:
                st.error(wrong, icon=":material/block:")
        if sent:
            st.button(words("again"), type="tertiary", on_click=send, key=f"{key}.again")
        else:
            st.button(words("send"), type="primary", on_click=send, key=f"{key}.send")
