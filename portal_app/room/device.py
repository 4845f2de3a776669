"""Proving the mailbox on a device that was not seen before, so that documents open on it."""

import streamlit as st

from core.access import limits
from core.i18n import t
from core.partners import room_service
from portal_app import shell
from portal_app.room.page import Page

SAID, TYPED = "room.code_said", "room.code"


def draw(page: Page) -> None:
    """The block: why, send a code, type it."""
    host = page.room.host
    with st.container(border=True, key="room-device"):
        st.subheader(page.shown("device.title"), anchor=False)
        if not host.address:
            st.markdown(page.shown("device.no_address", owner=host.owner or page.company))
        elif host.waiting_for:
            _draw_code(page)
        else:
            _say_outcome()
            st.markdown(page.shown("device.text", address=host.address))
            st.button(page.say("device.send"), type="primary", on_click=_send, args=(page.language,))


def _draw_code(page: Page) -> None:
    address = page.room.host.waiting_for
    st.markdown(t("code.sent", page.language, address=f"\u2068{address}\u2069"))
    with st.form("room.device", border=False, enter_to_submit=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(page.say("device.code"), key=TYPED, max_chars=20, width=200, autocomplete="one-time-code")
            st.form_submit_button(page.say("device.confirm"), type="primary", on_click=_prove, args=(page.language,))
    _say_outcome()
    st.button(page.say("device.again"), type="tertiary", on_click=_send, args=(page.language,))


def _say_outcome() -> None:
    if words := st.session_state.pop(SAID, None):
        st.error(words, icon=":material/block:")


def _send(language: str) -> None:
    if shell.counted(limits.asked_for_code):
        shell.attempt(room_service.send_device_code, language=language)
        st.session_state.pop(TYPED, None)


def _prove(language: str) -> None:
    outcome = shell.attempt(room_service.prove_device, text=str(st.session_state.get(TYPED, "")))
    if outcome is None:
        return
    if not outcome.is_right:
        st.session_state[SAID] = outcome.said(language)
        return
    st.session_state.pop(TYPED, None)
    st.query_params.pop("unlock", None)
    shell.say_done(t("room.device.confirmed", language))
