"""Adding a partner, in a dialog."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import profile_form
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.partners import service
from core.partners.service import Profile

OPEN, ADDED, PREFIX = "adding.open", "adding.added", "adding"


def begin() -> None:
    """Open the dialog, empty; from a callback."""
    profile_form.fill(PREFIX, Profile(name="", owner_id=shell.actor().id))
    st.session_state[OPEN] = True


def ask_when_open(owners: Mapping[UUID, str]) -> None:
    """Show the dialog while it is open, and the new partner once it is there; at the end of a page."""
    if added := st.session_state.pop(ADDED, None):
        st.switch_page("views/partner.py", query_params={"id": added})
    if st.session_state.get(OPEN):
        st.dialog("Add partner", width="medium", on_dismiss=_close)(_show)(owners)


def _show(owners: Mapping[UUID, str]) -> None:
    if not st.session_state.get(OPEN):
        st.rerun()
    shell.say_refusal()
    with st.form("adding", border=False):
        profile_form.essentials(PREFIX, owners=owners)
        st.caption("It starts as a draft. Everything but the name can be filled in later.")
        st.form_submit_button("Add partner", type="primary", on_click=_add)


def _add() -> None:
    if not st.session_state.get(OPEN):
        return
    profile = profile_form.filled(PREFIX)
    if made := act_once(profile, service.create, profile, done=plain(f"{profile.name} was added")):
        st.session_state[ADDED] = str(made)
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
