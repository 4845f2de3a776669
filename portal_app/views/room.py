"""What did we agree, and what is mine to do?"""

import streamlit as st

from core.actor import Act, allowed
from core.i18n import t
from core.meetings.wording import when
from core.proposals.content import plain_text
from core.vault.service import look as note_look
from portal_app import shell
from portal_app.room import agreements, coming, device, documents, history, todo
from portal_app.room.page import Page, look


def facts(page: Page) -> str:
    """One line: what waits, what is new, when both sides meet next."""
    room = page.room
    late, new = sum(one.is_late for one in room.todo), sum(one.is_new and one.is_open for one in room.documents)
    meeting = next((one for one in room.coming if not one.is_cancelled), None)
    parts = [page.say("facts.todo", count=len(room.todo)) if room.todo else page.say("facts.nothing")]
    if late:
        parts.append(page.say("facts.late", count=late))
    if new:
        parts.append(page.say("facts.new", count=new))
    if meeting:
        at = when(meeting.at, meeting.minutes, zone=room.host.time_zone, language=page.language)
        parts.append(page.say("facts.meeting", when=at))
    return plain_text(page.joined(*parts))


reader = shell.actor()
if not allowed(reader, Act.USE_ROOM):
    st.info(plain_text(t("room.closed", shell.language_chosen(reader.language))), icon=":material/meeting_room:")
    st.stop()

if "room.looked" not in st.session_state:
    shell.act(note_look)
    st.session_state["room.looked"] = True
page = Page(shell.read(look, events=history.wanted()), shell.language_chosen(reader.language))
host, unlocks = page.room.host, "unlock" in st.query_params

with st.container(key="room"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.shown("title", company=page.company), anchor=False, width="content")
        if host.booking_url:
            st.link_button(page.say("book"), host.booking_url, icon=":material/event:")
    st.caption(facts(page))
    if unlocks and host.needs_code:
        device.draw(page)
    todo.draw(page)
    documents.draw(page, with_device=not unlocks)
    agreements.draw_ndas(page)
    coming.draw(page)
    agreements.draw_decisions(page)
    history.draw(page)
