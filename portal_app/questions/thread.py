"""One thread: what was said, its files, and the box to go on; or what to do instead once it is closed."""

import streamlit as st

from core import format as say
from core.questions import service
from core.questions.models import PostKind, QuestionState
from core.questions.own_queries import MyQuestion
from core.questions.thread import Post
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.questions import files
from portal_app.questions.wording import typed

FILES, REFUSED, UNSENT = "question.files", "question.refused", "question.unsent"


def draw_posts(page: Page, found: MyQuestion) -> None:
    """What was said, the oldest first."""
    with st.container():
        for post in found.posts:
            _post(page, post)


def _post(page: Page, post: Post) -> None:
    is_answer = post.kind is PostKind.ANSWER
    with st.container(border=True, gap="xxsmall", key=f"said-{post.kind}-{post.id}"):
        who = page.say("you") if post.is_own else post.author
        icon = ":material/support_agent:" if is_answer else ":material/person:"
        st.markdown(f"{icon} **\u2068{page.plain(who)}\u2069** · {page.plain(page.instant(post.at))}")
        st.markdown(typed(page, post.body))
        for file in post.files:
            name = f"\u2068{page.plain(file.file_name)}\u2069"
            st.markdown(f":material/attach_file: [{name}](/documents/{file.id}) · {page.plain(say.size(file.size))}")


def draw_next(page: Page, found: MyQuestion) -> None:
    """The box to write again; once it is closed, the way to a new question."""
    if found.row.state is QuestionState.CLOSED:
        st.session_state.pop(REFUSED, None)
        st.info(page.shown("closed", reference=found.row.reference), icon=":material/lock:")
        if page.by.viewer is None:
            st.link_button(page.say("ask_anew"), page.address("new_question"), icon=":material/add:")
        if unsent := st.session_state.get(f"{UNSENT}.{found.row.id}"):
            st.caption(page.shown("unsent"))
            st.code(unsent, language=None, wrap_lines=True)
        return
    if not found.may_write:
        return
    box = f"question.body.{found.row.id}"
    st.header(page.shown("again" if found.row.state is QuestionState.ANSWERED else "more"), anchor=False)
    st.text_area(
        page.say("message"), key=box, height=130, max_chars=10_000, label_visibility="collapsed",
        placeholder=page.say("message.help"),
    )  # fmt: skip
    files.draw(page, key=FILES)
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    st.button(
        page.say("send"), type="primary", icon=":material/send:", on_click=_send, args=(page, found, box)
    )  # fmt: skip


def _send(page: Page, found: MyQuestion, box: str) -> None:
    taken, why = files.chosen(page, key=FILES)
    body = str(st.session_state.get(box, ""))
    done = page.say("sent")
    if not why and shell.attempt(service.follow_up, found.row.id, body=body, files=taken, done=done) is None:
        why = shell.refused()
    if why:
        st.session_state[REFUSED] = why
        st.session_state[f"{UNSENT}.{found.row.id}"] = body
        return
    st.session_state[box] = ""
    st.session_state.pop(f"{UNSENT}.{found.row.id}", None)
    files.forget()
