"""Proving the mailbox on a device that was not seen before, so that documents open on it."""

import streamlit as st

from core.access import limits
from core.i18n import t
from core.partners import room_service
from portal_app import shell
from portal_app.room.page import Page
from portal_app.widgets.code_panel import code_panel

SAID, TYPED = "room.code_said", "room.code"


def draw(page: Page) -> None:
    """The block: why, send a code, type it; or whom to ask where no address is known."""
    host, address = page.room.host, page.room.host.waiting_for
    if not host.address:
        with st.container(border=True, key="room-device"):
            st.subheader(page.shown("device.title"), anchor=False)
            st.markdown(page.shown("device.no_address", owner=host.owner or page.company))
        return
    code_panel(
        text=page.shown("device.text", address=host.address),
        sent=t("code.sent", page.language, address=f"\u2068{address}\u2069") if address else "",
        wrong=st.session_state.pop(SAID, ""),
        words=lambda key: page.say(f"device.{key}"),
        send=lambda: _send(page.language),
        prove=lambda: _prove(page.language),
        key=TYPED,
    )


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
