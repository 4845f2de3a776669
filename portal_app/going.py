"""Going on to another page once something was sent, also when its button is pressed again before the browser is there.

A press that comes while the page is being left is answered by the page once more: it must neither act nor complain.
"""

from uuid import UUID

import streamlit as st

_TO = "going.to"


def begin(page: str, subject: UUID) -> None:
    """Go to the page about something when the portal is drawn next; from a callback."""
    st.session_state[_TO] = (page, str(subject))


def is_leaving() -> bool:
    """Whether the page is being left: what is pressed on it now is the second half of a double press."""
    return _TO in st.session_state


def lead(here: str, language: str) -> None:
    """Go where somebody is going; there, the way ends."""
    page, subject = st.session_state.get(_TO, (here, ""))
    if page != here:
        st.switch_page(f"views/{page}.py", query_params={"id": subject, "lang": language})
    st.session_state.pop(_TO, None)
