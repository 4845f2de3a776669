"""A partner's room: its link, who is in, and letting people in and out."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.partner.profile_form import LANGUAGES
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.engagement.devices import device_text
from core.partners import room_queries, room_service
from core.partners.queries import Record
from core.partners.room_queries import RoomAccess, RoomSession

ASKED = "room_tab.asked"
SEND, REPLACE, END = "send", "replace", "end"
TITLES = {SEND: "Send portal access", REPLACE: "Replace link", END: "End sessions"}
OPERATIONS: dict[str, Callable[..., Any]] = {
    SEND: room_service.send_portal_access,
    REPLACE: room_service.rotate,
    END: room_service.end_room_sessions,
}
CONSEQUENCES = {
    SEND: "The link to the room is mailed to **{to}**. It is the same link each time; it works until you replace it.",
    REPLACE: "The link that {name} has stops working at once and everybody in the room is let out. Devices that were "
    "confirmed must be confirmed again. Nothing is mailed: send portal access when {name} may come in again. Readers "
    "of the proposal stay.",
    END: "Everybody in the room is let out at once. The link still works, so they may come in again by it; to keep "
    "them out, replace the link.",
}


def draw(record: Record, me: Actor) -> None:
    """The link on top, then who is in."""
    found, works = shell.read(room_queries.room_access, record.id), allowed(me, Act.WORK_PIPELINE)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Room", anchor=False, width="content")
        if works and found.contact_email:
            st.button("Send portal access", icon=":material/send:", on_click=_ask, args=(SEND, record))
    st.markdown(_state(found))
    if found.address:
        st.code(found.address, language=None, wrap_lines=True)
        code = "; on a new device documents open only after a code mailed to the contact" if found.asks_for_code else ""
        st.caption(f"Whoever has this link enters the room{code}.")
    if works and found.exists:
        with st.container(horizontal=True):
            st.button("Replace link", icon=":material/autorenew:", on_click=_ask, args=(REPLACE, record))
            if found.sessions:
                st.button("End sessions", icon=":material/logout:", on_click=_ask, args=(END, record))
    st.subheader("Who is in", anchor=False)
    _sessions(found.sessions)
    if asked := st.session_state.get(ASKED):
        st.dialog(TITLES[asked], on_dismiss=_forget)(_confirm)(record, asked)


def _state(found: RoomAccess) -> str:
    """Where the link stands and when the room was entered last, in one line."""
    entered = f"Last entered {say.ago(found.last_entered, now())}." if found.last_entered else "Nobody has entered yet."
    if not found.exists:
        missing = "" if found.contact_email else " Add the contact's e-mail address to the profile first."
        return f"No link was sent yet. Sending portal access makes it.{missing}"
    if found.is_waiting and found.rotated_at:
        since = f"Replaced {say.day(found.rotated_at)}, the new link is not sent"
        return f":orange-badge[:material/link_off: {since}] {entered}"
    if found.sent_at is None:
        return entered
    return f"Mailed to **{plain(found.sent_to)}** on {say.instant(found.sent_at)}. {entered}"


def _sessions(rows: list[RoomSession]) -> None:
    if not rows:
        return empty_state("Nobody is in the room.", icon=":material/meeting_room:")
    st.dataframe(
        {
            "Device": [device_text(row.user_agent) for row in rows],
            "Confirmed": [row.trusted for row in rows],
            "Entered": [say.instant(row.opened_at) for row in rows],
            "Last used": [say.ago(row.last_used_at, now()) for row in rows],
            "Address": [row.ip for row in rows],
        },
        column_config={
            "Confirmed": st.column_config.CheckboxColumn(help="Somebody proved the contact's mailbox on this device")
        },
        hide_index=True,
        height="content",
        alt="Sessions in the room",
    )
    return None


def _confirm(record: Record, asked: str) -> None:
    if st.session_state.get(ASKED) != asked:
        st.rerun()
    shell.say_refusal()
    name, to = f"**{plain(record.profile.name)}**", plain(record.profile.contact_email)
    st.markdown(CONSEQUENCES[asked].format(name=name, to=to))
    if asked == SEND:
        st.segmented_control(
            "Language of the mail",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="room_tab.language",
            required=True,
        )
    st.button(TITLES[asked], type="primary", key="room_tab.do", on_click=_do, args=(record, asked))


def _do(record: Record, asked: str) -> None:
    if st.session_state.get(ASKED) != asked:
        return
    to = plain(record.profile.contact_email)
    done = {SEND: f"Portal access on its way to {to}", REPLACE: "Link replaced", END: "Everybody was let out"}[asked]
    language = {"language": st.session_state["room_tab.language"]} if asked == SEND else {}
    if act_once((asked, "room", record.id), OPERATIONS[asked], record.id, done=done, **language):
        _forget()


def _ask(what: str, record: Record) -> None:
    st.session_state[ASKED] = what
    if what == SEND:
        st.session_state["room_tab.language"] = record.profile.language


def _forget() -> None:
    st.session_state.pop(ASKED, None)
