"""Which documents are there for my role, and what is new?"""

import streamlit as st

from core.library import own_queries, own_service
from core.library.own_queries import MyLibrary
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.library import shelves
from portal_app.library.style import quiet

FIND, LOOKED = "documents.find", "documents.looked"
MOST_TYPED = 200


def find() -> None:
    """Search for something else, and say so in the address."""
    if text := str(st.session_state.get(FIND, "")).strip():
        st.query_params["find"] = text[:MOST_TYPED]
    else:
        st.query_params.pop("find", None)


def show_all() -> None:
    """Show everything again."""
    st.session_state[FIND] = ""
    st.query_params.pop("find", None)


def note_look() -> None:
    """Note the visit once in a tab, and again once the device was confirmed; staff who look leave no trace of one."""
    if reader.viewer is None and st.session_state.get(LOOKED) != here.needs_code:
        shell.act(own_service.look)
        st.session_state[LOOKED] = here.needs_code


def facts(found: MyLibrary) -> str:
    """One line: how many there are, and how many of them are new."""
    parts = [page.say("facts", count=found.total)]
    if found.new:
        parts.append(page.say("facts.new", count=found.new))
    return page.joined(*parts)


reader = shell.actor()
page, here = Page("documents", shell.language_chosen(reader.language), reader), shell.desk()
note_look()
text = st.query_params.get("find", "")[:MOST_TYPED]
found = shell.read(own_queries.my_library, text=text)
quiet()

with st.container(key="documents"):
    st.title(page.shown("title"), anchor=False)
    if not found.spaces and not text:
        with st.container(border=True, key="documents-empty"):
            st.markdown(page.shown("empty"))
        st.stop()
    st.caption(page.plain(facts(found)))
    if found.total:
        st.session_state.setdefault(FIND, text)
        st.text_input(
            page.say("find"), key=FIND, on_change=find, max_chars=MOST_TYPED,
            placeholder=page.say("find.help"), label_visibility="collapsed",
        )  # fmt: skip
    if not found.spaces:
        st.caption(page.shown("found.none"))
        st.button(page.say("all"), on_click=show_all)
    for space in found.spaces:
        shelves.draw(page, space, zone=here.time_zone, opens=not here.needs_code)
