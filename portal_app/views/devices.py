"""Where am I signed in, and is all of it me?"""

from uuid import UUID

import streamlit as st

from core import format as say
from core.access.queries import OpenSession
from core.actor import Actor
from core.contacts import desk, own_queries, own_service
from core.db import Reads
from core.engagement.devices import UNKNOWN, device_text
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.deals.page import Page


def named(one: OpenSession) -> str:
    """The browser and what it runs on, in the page's language."""
    text = device_text(one.user_agent)
    browser, on, system = text.partition(" on ")
    if text == UNKNOWN:
        return page.say("unknown")
    return page.say("on", browser=browser, system=system) if on else text


def facts(one: OpenSession) -> str:
    """When it was used, since when it is signed in, and from where."""
    used, since = (say.instant(at, zone=zone, language=page.language) for at in (one.last_used_at, one.opened_at))
    when = page.say("now") if one.is_this else page.say("used", at=used)
    return plain_text(page.joined(when, page.say("since", at=since), one.ip))


def sign_out(session: Reads, session_id: UUID, *, by: Actor) -> bool:
    """End one session; True, so that it can be said."""
    own_service.end_session(session, session_id, by=by)
    return True


def end(session_id: UUID) -> None:
    """Sign out of one device."""
    shell.attempt(sign_out, session_id, done=page.say("ended"))


def end_others() -> None:
    """Sign out everywhere but here."""
    ended = shell.attempt(desk.end_other_sessions)
    if ended is not None:
        shell.say_done(page.say("ended_others", count=ended))


def draw(one: OpenSession) -> None:
    """One device, and a way to sign it out; this one is left by the page's own button."""
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"devices-{one.id}"):
        with st.container(gap=None, width="stretch"):
            mark = f" :green-badge[{page.shown('this')}]" if one.is_this else ""
            st.markdown(f"**{plain_text(named(one))}**{mark}")
            st.caption(facts(one))
        if one.is_this:
            st.link_button(page.word("portal.leave"), "/leave")
        elif reader.viewer is None:
            st.button(page.say("end"), key=f"devices.end.{one.id}", on_click=end, args=(one.id,))


reader = shell.actor()
page = Page("devices", shell.language_chosen(reader.language), reader)
here, found = shell.desk(), shell.read(own_queries.my_sessions)
zone, others = here.time_zone, [one for one in found if not one.is_this]

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(page.shown("title"), anchor=False, width="content")
    if others and reader.viewer is None:
        st.button(page.say("end_others"), on_click=end_others, icon=":material/logout:")
st.caption(page.shown("facts", count=len(found)))
for one in sorted(found, key=lambda one: not one.is_this):
    draw(one)
if not found:
    st.info(page.shown("none"), icon=":material/devices:")
elif not others:
    st.caption(page.shown("only"))
st.caption(page.shown("help"))
