"""Somebody kept another draft while this one was being written: both are shown, and the writer chooses."""

import streamlit as st

from admin_app.editor import saving
from admin_app.editor.comparing import said
from admin_app.editor.desk import TONGUES, Desk
from admin_app.widgets.compare import difference, legend
from core import format as say
from core.i18n import t
from core.proposals.content import LANGUAGES, plain_text
from core.proposals.queries import Workbench


def choose(desk: Desk, bench: Workbench) -> None:
    """Say what happened, show how the section differs, and let the writer keep one of the two."""
    with st.container(border=True):
        st.warning(_what_happened(bench) + " Your text is still in the form.", icon=":material/group:")
        _draw_difference(desk, bench)
        with st.container(horizontal=True):
            st.button("Save my text of this section over it", on_click=saving.keep_mine, args=(desk, bench))
            st.button("Take what is kept now", on_click=saving.take_theirs, args=(desk, bench))


def _what_happened(bench: Workbench) -> str:
    if bench.draft_version is None:
        return "This draft was published or discarded while you were writing."
    at = f" at {say.clock_time(bench.saved_at)}" if bench.saved_at else ""
    return f"{plain_text(bench.saved_by)} saved this draft{at} while you were writing."


def _draw_difference(desk: Desk, bench: Workbench) -> None:
    mine = desk.best()
    with st.expander(f"How your text of {t(f'section.{desk.section}', 'en')} differs from theirs"):
        legend()
        for lang in LANGUAGES:
            theirs = bench.content.read_in(lang)[desk.section]
            change = difference(said(theirs, desk.section), said(mine.read_in(lang)[desk.section], desk.section))
            st.markdown(f"**{TONGUES[lang]}** · {change.summary}")
            if change.added or change.removed:
                st.markdown(change.marked)
