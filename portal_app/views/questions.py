"""What did we ask, what was answered, and is there an answer already?"""

from math import ceil

import streamlit as st

from core.actor import Act
from core.db import Reads
from core.questions import own_queries
from core.questions.models import QuestionState
from core.questions.own_queries import PAGE, Answer, Found, MyQuestions
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.questions import answers
from portal_app.questions.style import quiet
from portal_app.questions.wording import line, state
from portal_app.widgets.ledger import ledger

SHOW, AT, FIND = "questions.state", "questions.page", "questions.find"


def wanted() -> QuestionState | None:
    """The state the address asks for."""
    named = st.query_params.get("state", "")
    return QuestionState(named) if named in set(QuestionState) else None


def choose() -> None:
    """Show another state, and say so in the address."""
    st.session_state.pop(AT, None)
    if chosen := st.session_state.get(SHOW):
        st.query_params["state"] = chosen
    else:
        st.query_params.pop("state", None)


def find() -> None:
    """Search for something else, and say so in the address."""
    if text := str(st.session_state.get(FIND, "")).strip():
        st.query_params["find"] = text[:200]
    else:
        st.query_params.pop("find", None)


def look(
    session: Reads, text: str, shown: QuestionState | None, at: int
) -> tuple[MyQuestions, list[Answer], Found | None]:
    """The threads of who looks, if its role asks, and what is published; or what was found."""
    mine = own_queries.my_questions(session, state=shown, page=at) if asks else MyQuestions([], 0, {})
    if text:
        return mine, [], own_queries.search(session, text)
    return mine, own_queries.faq(session), None


def draw_found(found: Found) -> None:
    """What has the words that were searched for."""
    if not found.answers and not found.threads:
        st.caption(page.shown("found.none"))
    if found.answers:
        st.header(page.shown("answers"), anchor=False)
        answers.draw(page, found.answers, key="questions.found")
    if found.threads:
        st.header(page.shown("mine"), anchor=False)
        ledger(lines=[line(page, row) for row in found.threads], label=page.say("mine"), key="questions-found")


def draw_mine(mine: MyQuestions, shown: QuestionState | None) -> None:
    """The threads, by where they stand."""
    if len(mine.counts) > 1 or shown:
        st.session_state.setdefault(SHOW, shown)
        st.pills(
            page.say("filter"), [one for one in QuestionState if one in mine.counts or one is shown],
            format_func=lambda one: f"{state(page, one)} {mine.counts.get(one, 0)}", key=SHOW, on_change=choose,
            label_visibility="collapsed",
        )  # fmt: skip
    if mine.rows:
        ledger(lines=[line(page, row) for row in mine.rows], label=page.say("title"), key="questions-list")
    elif mine.counts:
        st.caption(page.shown("empty.filter"))
    else:
        with st.container(border=True, key="questions-empty"):
            st.markdown(page.shown("empty"))
    if mine.total > PAGE:
        st.pagination(ceil(mine.total / PAGE), key=AT)


reader = shell.actor()
page = Page("questions", shell.language_chosen(reader.language), reader)
asks, text, chosen = page.may(Act.ASK), st.query_params.get("find", ""), wanted()
mine, published, found = shell.read(look, text, chosen, int(st.session_state.get(AT, 1)))
quiet()

with st.container(key="questions"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.shown("title" if asks else "title.read"), anchor=False, width="content")
        if asks and reader.viewer is None:
            address = page.address("new_question")
            st.link_button(page.say("ask"), address, type="primary", icon=":material/add:")
    st.session_state.setdefault(FIND, text)
    st.text_input(
        page.say("find"), key=FIND, on_change=find, icon=":material/search:", max_chars=200,
        placeholder=page.say("find.help"), label_visibility="collapsed",
    )  # fmt: skip
    if found is not None:
        draw_found(found)
        st.stop()
    if asks:
        draw_mine(mine, chosen)
    if published:
        st.header(page.shown("answers"), anchor=False)
        answers.draw(page, published, key="questions.answer")
    elif not asks:
        st.caption(page.shown("answers.none"))
