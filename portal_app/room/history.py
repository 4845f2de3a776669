"""What happened so far, as the partner is told it."""

import streamlit as st

from core import format as say
from core.timeline.room_wording import room_sentence
from portal_app.room.page import Page
from portal_app.widgets.ledger import Line, ledger

FIRST, MORE = 12, 50
SHOWN = "room.events"


def wanted() -> int:
    """How many entries are asked for."""
    return int(st.session_state.get(SHOWN, FIRST))


def draw(page: Page) -> None:
    """The newest entries, and a way to earlier ones."""
    st.header(page.shown("timeline"), anchor=False)
    if not page.room.events:
        st.caption(page.shown("timeline.empty"))
        return
    zone, language = page.room.host.time_zone, page.language
    lines = [
        Line(
            title=room_sentence(one, language, zone=zone),
            lead=say.day(one.at, zone=zone, language=language),
            aside=one.who,
        )
        for one in page.room.events
    ]
    ledger(lines=lines, label=page.say("timeline"), key="room-timeline")
    if page.room.events_in_all > len(lines):
        st.button(page.say("timeline.more"), on_click=_show_more, icon=":material/history:")


def _show_more() -> None:
    st.session_state[SHOWN] = wanted() + MORE
