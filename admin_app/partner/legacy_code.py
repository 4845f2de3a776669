"""An access code of an older system, taken over for a partner; only while the settings accept such codes."""

import streamlit as st

from admin_app import shell
from core.partners import service
from core.partners.queries import Record
from core.settings import settings

KEY = "legacy_code.typed"


def draw(record: Record) -> None:
    """Where the code is typed in; a code that was taken over cannot be read again."""
    if not settings().legacy_proposal_codes_accepted:
        return
    state = "A code is taken over." if record.has_legacy_code else "No code is taken over."
    with st.expander("Access code of an older system"), st.form("legacy_code", border=False):
        st.caption(f"{state} Whoever types it on the proposal's page is let in; links are safer. Empty takes it away.")
        st.text_input("Access code", key=KEY, max_chars=60)
        st.form_submit_button("Keep this code", on_click=_keep, args=(record,))


def _keep(record: Record) -> None:
    code = st.session_state[KEY]
    done = "Code taken over" if code.strip() else "Code taken away"
    if shell.act(service.set_legacy_code, record.id, code=code, done=done) is not None:
        st.session_state[KEY] = ""
