"""Starting a new proposal from one that is published for another partner."""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.editor import saving
from admin_app.editor.desk import TONGUES, Desk, clear
from admin_app.widgets.empty_state import empty_state
from core import format as say
from core.db import Reads
from core.proposals import queries
from core.proposals.content import LANGUAGES, Content, plain_text, reading_time

OPEN = "editor.starting"


def begin(desk: Desk) -> None:
    """Open the dialog; from a callback."""
    st.session_state[OPEN] = desk.partner_id


def ask_when_open(desk: Desk) -> None:
    """Show the dialog while it is open for this partner; at the end of the page."""
    if st.session_state.get(OPEN) == desk.partner_id:
        st.dialog("Start from another proposal", on_dismiss=_close)(_show)(desk)


def _published(session: Reads, but: UUID) -> dict[UUID, queries.ProposalRow]:
    rows, _ = queries.proposals(session, size=5_000)
    return {row.partner_id: row for row in rows if row.published_number and row.partner_id != but}


def _show(desk: Desk) -> None:
    if OPEN not in st.session_state:
        st.rerun()
    shell.say_refusal(st.session_state.pop(saving.REFUSED, None))
    rows = shell.read(_published, desk.partner_id)
    if not rows:
        empty_state("No other partner has a published proposal yet.", icon=":material/article:")
        return
    chosen = rows[st.selectbox("Partner", list(rows), format_func=lambda one: rows[one].partner, key="editor.source")]
    content = shell.read(queries.version_content, chosen.partner_id, chosen.published_number or 0)
    st.markdown(_about(chosen, content))
    st.caption("The text is copied into a draft here. Where it names the other partner it still does: read it through.")
    with st.container(horizontal=True):
        st.button(
            "Copy into draft", type="primary", icon=":material/content_copy:", on_click=_copy, args=(desk, content)
        )
        st.button("Cancel", on_click=_close)


def _about(row: queries.ProposalRow, content: Content) -> str:
    minutes = ", ".join(f"{TONGUES[lang]} {reading_time(content, lang)} min" for lang in LANGUAGES)
    since = f", published {say.day(row.published_at, year=True)}" if row.published_at else ""
    return f"**{plain_text(row.partner)}**, version {row.published_number}{since}. {minutes} to read."


def _copy(desk: Desk, content: Content) -> None:
    if OPEN not in st.session_state:
        return
    if saving.keep(desk, content, done="Copied into a draft"):
        clear(desk)
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
