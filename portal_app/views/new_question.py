"""Is it answered already, and if not, what should we know to answer it?"""

import streamlit as st

from core.db import Reads
from core.questions import own_queries
from core.questions.own_queries import Found, Subjects
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.questions import answers, asking
from portal_app.questions.asking import PAUSE, SUBJECT
from portal_app.questions.style import quiet
from portal_app.questions.wording import line
from portal_app.widgets.ledger import ledger


def look(session: Reads, text: str) -> tuple[Found, Subjects]:
    """What may answer it, and what it can be about."""
    return own_queries.search(session, text), own_queries.subjects(session)


reader = shell.actor()
page = Page("new_question", shell.language_chosen(reader.language), reader)
quiet()

with st.container(key="new-question"):
    st.link_button(page.word("question.back"), page.address("questions"), type="tertiary")
    st.title(page.shown("title"), anchor=False)
    if reader.viewer is not None:
        st.info(page.shown("looking"), icon=":material/visibility:")
        st.stop()
    subject = st.text_input(
        page.say("subject"), key=SUBJECT, max_chars=200, live=PAUSE, placeholder=page.say("subject.help"),
        autocomplete="off",
    )  # fmt: skip
    if not (subject or "").strip():
        st.caption(page.shown("begin"))
        st.stop()
    found, subjects = shell.read(look, subject)
    with st.container():
        if found.answers or found.threads:
            st.header(page.shown("found"), anchor=False)
            answers.draw(page, found.answers, key="new_question.found")
            if found.threads:
                lines = [line(page, row) for row in found.threads]
                ledger(lines=lines, label=page.say("found.mine"), key="new-question-threads")
            st.header(page.shown("not_answered"), anchor=False)
    asking.draw(page, subjects)
