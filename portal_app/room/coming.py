"""The meetings that are ahead, the soonest first."""

import streamlit as st

from core.meetings.queries import RoomMeeting
from core.meetings.wording import when
from portal_app.room.page import Page
from portal_app.widgets.ledger import Line, ledger

WEB = ("https://", "http://")


def draw(page: Page) -> None:
    """The list, with a way into meetings that are held online."""
    st.header(page.shown("meetings"), anchor=False)
    if page.room.coming:
        ledger(lines=[_line(page, one) for one in page.room.coming], label=page.say("meetings"), key="room-meetings")
    else:
        st.caption(page.shown("meetings.empty"))


def _line(page: Page, one: RoomMeeting) -> Line:
    held = not one.is_cancelled
    online = one.place.startswith(WEB)
    at = when(one.at, one.minutes, zone=page.room.host.time_zone, language=page.language)
    return Line(
        title=one.title,
        text=page.joined(at, "" if online else one.place, one.organiser),
        note=one.agenda if held else "",
        mark="" if held else page.say("meetings.cancelled"),
        tone="" if held else "stop",
        link=page.say("meetings.join") if online and held else "",
        link_href=one.place if online and held else "",
        struck=not held,
    )
