"""Proving one's own mailbox on a device that was not seen before, so that amounts and documents open on it."""

import streamlit as st

from core.access import limits
from core.contacts import desk
from core.contacts.desk import Desk
from core.i18n import t
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.widgets.code_panel import code_panel

SAID, TYPED = "device.said", "device.code"


def draw(here: Desk, language: str) -> None:
    """The block: why, send a code, type it."""
    text = "device.text.money" if here.for_money else "device.text"
    code_panel(
        text=plain_text(t(text, language, address=f"\u2068{here.address}\u2069")),
        sent=plain_text(t("code.sent", language, address=f"\u2068{here.waiting_for}\u2069"))
        if here.waiting_for
        else "",
        wrong=st.session_state.pop(SAID, ""),
        words=lambda key: t(f"device.{key}", language),
        send=lambda: _send(language),
        prove=lambda: _prove(language),
        key=TYPED,
    )


def _send(language: str) -> None:
    if shell.counted(limits.asked_for_code):
        shell.attempt(desk.send_device_code, language=language)
        st.session_state.pop(TYPED, None)


def _prove(language: str) -> None:
    outcome = shell.attempt(desk.prove_device, text=str(st.session_state.get(TYPED, "")))
    if outcome is None:
        return
    if not outcome.is_right:
        st.session_state[SAID] = outcome.said(language)
        return
    st.session_state.pop(TYPED, None)
    shell.say_done(t("device.confirmed", language))
