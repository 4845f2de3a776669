"""What was said so far, and is it settled?"""

from uuid import UUID

import streamlit as st

from core.questions import own_queries
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.questions import thread
from portal_app.questions.style import quiet
from portal_app.questions.wording import clock, state


def asked() -> UUID | None:
    """The question the address names."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


reader = shell.actor()
page = Page("question", shell.language_chosen(reader.language), reader)
quiet()
question_id = asked()
if question_id is None:
    st.info(page.shown("none"), icon=":material/search_off:")
    st.link_button(page.say("back"), page.address("questions"), icon=":material/list:")
    st.stop()
found = shell.read(own_queries.my_question, question_id)
row = found.row

with st.container(key="question"):
    st.link_button(page.say("back"), page.address("questions"), type="tertiary")
    st.title(page.plain(f"\u2068{row.subject}\u2069"), anchor=False)
    facts = page.joined(row.reference, state(page, row.state), clock(page, row), found.about)
    st.caption(page.plain(facts))
    thread.draw_posts(page, found)
    thread.draw_next(page, found)
