"""Giving a demo partner its past back, after a confirmation; offered for demo partners only."""

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.demo.reset import reset_partner_test_data
from core.partners.queries import Record

OPEN = "resetting.open"


def begin(record: Record) -> None:
    """Open the confirmation; from a callback."""
    st.session_state[OPEN] = record.id


def ask_when_open(record: Record) -> None:
    """Show the confirmation while it is open for this partner; at the end of a page."""
    if st.session_state.get(OPEN) == record.id:
        st.dialog("Reset demo partner", on_dismiss=_close)(_show)(record)


def _show(record: Record) -> None:
    if st.session_state.get(OPEN) != record.id:
        st.rerun()
    shell.say_refusal()
    st.markdown(
        f"Everything that happened with **{plain(record.profile.name)}** since the demo was loaded is deleted: visits, "
        "links, mails, meetings, action items, decisions, NDAs and documents. Its links stop working and whoever reads "
        "is let out. Then its demo past is loaded anew. **This cannot be undone.** The audit log keeps what was done."
    )
    with st.container(horizontal=True):
        st.button("Reset demo partner", type="primary", on_click=_reset, args=(record,))
        st.button("Keep it as it is", on_click=_close)


def _reset(record: Record) -> None:
    if st.session_state.get(OPEN) == record.id and act_once(
        ("reset", record.id), reset_partner_test_data, record.id, done="Demo partner reset"
    ):
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
