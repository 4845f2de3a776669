"""Publishing a thread's answer for everybody of some roles, in a dialog. What tells who asked is refused by name."""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import forget
from admin_app.partner.once import act_once
from admin_app.questions import faq_form
from core.questions import service
from core.questions.models import PostKind
from core.questions.queries import Thread

OPEN = "questions.publishing"


def begin(found: Thread) -> None:
    """Open the dialog with the question and its last answer; from a callback."""
    forget(faq_form.PREFIX)
    st.session_state[OPEN] = found.row.id


def ask_when_open(found: Thread) -> None:
    """The dialog, while it is open for this question."""
    if st.session_state.get(OPEN) == found.row.id:
        st.dialog("Publish for partners", width="large", icon=":material/campaign:", on_dismiss=_close)(_ask)(found)


def _ask(found: Thread) -> None:
    if st.session_state.get(OPEN) != found.row.id:
        st.rerun()
    shell.say_refusal()
    st.caption(
        "Partners read this without learning who asked. Names, addresses and references are refused; "
        "look once more for what else tells who it was."
    )
    answers = [post.body for post in found.posts if post.kind is PostKind.ANSWER]
    suffix = "_ar" if found.row.language == "ar" else ""
    faq_form.fill({f"title{suffix}": found.row.subject, f"body{suffix}": answers[-1] if answers else ""})
    with st.form("questions.publish", border=False, enter_to_submit=False):
        faq_form.fields()
        st.form_submit_button("Publish", type="primary", on_click=_publish, args=(found.row.id,))


def _publish(question_id: UUID) -> None:
    entry = faq_form.entry()
    if entry is None or st.session_state.get(OPEN) != question_id:
        return
    facts = {"question_id": question_id, "entry": entry}
    if act_once(("faq", question_id, entry), service.publish_faq, done="Published for partners", **facts):
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
    forget(faq_form.PREFIX)
