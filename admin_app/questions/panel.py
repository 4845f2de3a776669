"""One question beside the inbox: who asks what, what was said so far, and what can be done."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from admin_app.questions import handling, publishing, replying, wording
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.questions.models import PostKind, QuestionState
from core.questions.queries import Canned, Thread
from core.questions.thread import Post

_ICONS = {PostKind.ASKED: "person", PostKind.ANSWER: "support_agent", PostKind.NOTE: "lock"}


def draw(found: Thread, *, me: Actor, people: Mapping[UUID, str], canned: list[Canned], zone: str) -> None:
    """The whole panel; answering is offered to who may."""
    answers = allowed(me, Act.ANSWER_QUESTIONS)
    with st.container(border=True, gap="small", key="question"):
        _head(found, zone=zone)
        if answers:
            handling.draw(found, me=me, people=people, zone=zone)
        with st.container(gap="small"):
            for post in found.posts:
                _post(post, zone=zone)
            _ending(found, zone=zone)
        if answers:
            replying.draw(found, canned)


def _head(found: Thread, *, zone: str) -> None:
    row = found.row
    st.subheader(plain(row.subject), anchor=False)
    parts = [f"**{row.reference}**", f":{wording.COLOURS[row.state]}-badge[{wording.STATES[row.state]}]"]
    if row.state is QuestionState.OPEN:
        tint = {"stop": "red", "attention": "orange"}.get(wording.tone(row, now()), "gray")
        due = say.instant(row.due_at, zone=zone)
        parts.append(f":{tint}-badge[:material/schedule: {wording.clock(row, now())}, due {due}]")
    if row.language == "ar":
        parts.append(":gray-badge[Arabic]")
    st.markdown(" ".join(parts))
    partner = f"[{plain(row.partner)}](/partner?id={row.partner_id}&tab=Questions)"
    st.markdown(f"{plain(row.contact)} of {partner} · asked {say.instant(row.asked_at, zone=zone)}")
    about = []
    if row.quote_id:
        about.append(f":material/handshake: [{row.quote}](/deal_intents?deal={row.quote_id}), {plain(found.customer)}")
    if found.document_id:
        about.append(f":material/description: [{plain(found.document)}](/documents/{found.document_id})")
    if about:
        st.markdown(" · ".join(about))


def _post(post: Post, *, zone: str) -> None:
    is_note = post.kind is PostKind.NOTE
    with st.container(border=True, gap="xxsmall", key=f"question-{post.kind}-{post.id}"):
        who = "You" if post.is_own else plain(post.author)
        told = f"**{who}** · {say.instant(post.at, zone=zone)}"
        mark = " :orange-badge[Note, only for colleagues]" if is_note else ""
        st.markdown(f":material/{_ICONS[post.kind]}: {told}{mark}")
        st.markdown(wording.typed(post.body))
        for file in post.files:
            facts = f":gray[{say.size(file.size)}]"
            st.markdown(f":material/attach_file: [{plain(file.file_name)}](/documents/{file.id}) {facts}")


def _ending(found: Thread, *, zone: str) -> None:
    if found.closed_at:
        when = say.instant(found.closed_at, zone=zone)
        st.caption(f":material/lock: Closed by {plain(found.closed_by)}, {when}. The partner can ask a new question.")
    elif found.row.state is QuestionState.ANSWERED:
        st.caption("Answered. The partner can still write here; that opens it again.")
    for title in found.faq:
        st.caption(f":material/campaign: Published as “{plain(title)}”")
    publishing.ask_when_open(found)
