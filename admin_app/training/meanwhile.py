"""Somebody kept another draft while this one was being written: the writer chooses."""

import streamlit as st

from admin_app import shell
from admin_app.training import wording
from admin_app.training.desk import Desk, kept_in
from admin_app.widgets.plain import plain
from core import format as say
from core.training.changes import changed
from core.training.queries import ModuleDetail

MOST_NAMED = 5


def choose(desk: Desk, module: ModuleDetail) -> None:
    """Say what happened in a sentence, and let the writer load what is kept now or put the own questions over it."""
    mine, theirs = changed(desk.kept, desk.questions), changed(desk.kept, kept_in(module))
    with st.container(border=True):
        st.warning(f"{_what_happened(module)} What you typed is still in the form.", icon=":material/group:")
        own = [wording.short(plain((one.after or one.before or desk.kept[0]).text), 60) for one in mine]
        named = "; ".join(f"“{text}”" for text in own[:MOST_NAMED]) + (" …" if len(own) > MOST_NAMED else "")
        st.caption(f"Not saved of yours: {named or 'the order'}. Theirs: {wording.many(len(theirs), 'question')}.")
        with st.container(horizontal=True):
            st.button(
                "Keep mine", type="primary", on_click=desk.keep_mine, args=(module,),
                help="Your questions are put over theirs; what only they changed stays.",
            )  # fmt: skip
            st.button("Load theirs", on_click=desk.take, args=(module,), help="What you typed here is given up.")


def _what_happened(module: ModuleDetail) -> str:
    if module.draft_version is None:
        return "This draft was published or discarded while you were writing."
    at = f" at {say.clock_time(module.draft_saved_at, zone=shell.here().zone)}" if module.draft_saved_at else ""
    if module.draft_saved_by == shell.actor().name:
        return f"You saved this quiz in another window{at}."
    return f"{plain(module.draft_saved_by)} saved this quiz{at} while you were writing."
