"""Signing for the company: the name and title are asked for, and what it means is said first."""

import streamlit as st

from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.nda import recording
from core.nda.register import NdaDetail

DOING = "nda.countersigning"
NAME, TITLE = "nda.countersign.name", "nda.countersign.title"


def begin(detail: NdaDetail, name: str) -> None:
    """Ask for name and title; from a callback. ``name``: the colleague's own."""
    st.session_state[DOING] = detail.row.id
    st.session_state[NAME], st.session_state[TITLE] = name, ""


def is_open(detail: NdaDetail) -> bool:
    """Whether it is asked now."""
    return bool(st.session_state.get(DOING) == detail.row.id)


def stop() -> None:
    """Ask no more; from a callback."""
    for key in (DOING, NAME, TITLE):
        st.session_state.pop(key, None)


def draw(detail: NdaDetail, *, company: str) -> None:
    """The form, under the sentence that says what pressing it does."""
    row = detail.row
    st.markdown(
        f"You sign {row.reference} for **{plain(company)}**. Your name, your title and the time go on record, and "
        f"**{plain(row.partner)}** sees them in its room. The file that {plain(row.signer)} signed stays as it is. "
        "This cannot be taken back."
    )
    with st.form("nda.countersign", border=False, enter_to_submit=False):
        st.text_input("Your full name", key=NAME, max_chars=120)
        st.text_input("Your title", key=TITLE, max_chars=200, placeholder="Head of partnerships")
        with st.container(horizontal=True):
            st.form_submit_button(
                f"Countersign {row.reference}",
                type="primary",
                icon=":material/draw:",
                on_click=_countersign,
                args=(detail,),
            )
            st.form_submit_button("Not now", on_click=stop)


def _countersign(detail: NdaDetail) -> None:
    if not is_open(detail):
        return
    name, title = st.session_state[NAME], st.session_state[TITLE]
    done = f"{detail.row.reference} is countersigned"
    key = ("countersign", detail.row.id)
    if act_once(key, recording.countersign, detail.row.id, name=name, title=title, done=done):
        stop()


def said(detail: NdaDetail, *, zone: str) -> str:
    """Who countersigned when; empty while nobody did."""
    if detail.row.countersigned_at is None:
        return ""
    title = f", {plain(detail.countersigned_title)}" if detail.countersigned_title else ""
    at = say.instant(detail.row.countersigned_at, zone=zone)
    return f"Countersigned by {plain(detail.countersigned_by)}{title} on {at}"
