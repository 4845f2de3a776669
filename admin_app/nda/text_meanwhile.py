"""Somebody kept another draft of the text, or ended it, while this one was being written: the writer chooses."""

import streamlit as st

from admin_app.nda import text_desk, text_keeping, text_reading
from admin_app.nda.text_desk import Desk
from admin_app.widgets.plain import plain
from core import format as say
from core.nda.models import Instrument
from core.nda.queries import TextVersion


def choose(desk: Desk, draft: TextVersion) -> None:
    """Say what happened, show how the two differ, and let the writer keep one of them."""
    with st.container(border=True):
        who, at = plain(draft.row.saved_by), say.clock_time(draft.row.saved_at)
        st.warning(
            f"{who} saved this draft at {at} while you were writing. Your text is still in the form.",
            icon=":material/group:",
        )
        with st.expander("How yours differs from theirs"):
            text_reading.compared(draft.agreement, desk.best())
        with st.container(horizontal=True):
            st.button("Save my text over it", on_click=text_keeping.keep_mine, args=(desk, draft))
            st.button("Take what is kept now", on_click=desk.take, args=(draft,))


def rescue(instrument: Instrument) -> None:
    """The draft was published or discarded by a colleague, and something typed over it was not kept."""
    desk = text_desk.find(instrument)
    if desk is None:
        return
    if not desk.is_changed():
        text_desk.clear(instrument)
        return
    with st.container(border=True):
        st.warning(
            f"The draft of version {desk.number} was published or discarded while you were writing. What you typed is "
            "still here.",
            icon=":material/group:",
        )
        with st.container(horizontal=True):
            st.button("Keep my text as a new draft", on_click=text_keeping.keep_as_new_draft, args=(desk,))
            st.button("Give it up", on_click=text_desk.clear, args=(instrument,))
