"""The box under a thread: an answer to the partner or a note to colleagues. What was typed survives every refusal."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.errors import DomainError
from core.questions import service
from core.questions.models import QuestionState
from core.questions.posting import MOST_FILES
from core.questions.queries import Canned, Thread
from core.settings import settings
from core.vault.intake import ACCEPTED, Taken, take_in
from core.vault.storage import blobs

ANSWER, NOTE = "Answer the partner", "Note to colleagues"
DRAFTS, TURN, WHY = "questions.drafts", "questions.turn", "questions.why"


def draw(found: Thread, canned: Sequence[Canned]) -> None:
    """The choice of the two, the text, and what goes with it."""
    question_id, is_closed = found.row.id, found.row.state is QuestionState.CLOSED
    if is_closed:
        what: str | None = NOTE
    else:
        what = st.segmented_control(
            "What to write", [ANSWER, NOTE], default=ANSWER, key="questions.what", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
    if what == NOTE:
        _text(question_id, NOTE, "Only colleagues read this; the partner never does.")
        _say_why()
        st.button("Keep note", icon=":material/lock:", on_click=_note, args=(found,))
        return
    if canned:
        _canned(found, canned)
    _text(question_id, ANSWER, f"{plain(found.row.contact)} gets it by mail and reads it in the portal.")
    st.file_uploader(
        f"Files, at most {MOST_FILES}", type=list(ACCEPTED), accept_multiple_files=True, key=_files_key(question_id),
        max_upload_size=settings().max_upload_mb,
    )  # fmt: skip
    _say_why()
    with st.container(horizontal=True):
        closes = {"Send answer": False, "Send and close": True}
        for label, ends in closes.items():
            st.button(
                label, type="secondary" if ends else "primary", icon=":material/lock:" if ends else ":material/send:",
                on_click=_answer, args=(found,), kwargs={"closes": ends},
            )  # fmt: skip


def _say_why() -> None:
    """Why the last press did nothing, right over the buttons."""
    shell.say_refusal(plain(st.session_state.pop(WHY, None) or ""))


def _text(question_id: UUID, what: str, help_text: str) -> None:
    key = _key(question_id, what)
    st.session_state.setdefault(key, _drafts().get(key, ""))
    st.text_area(
        what, key=key, height=150, max_chars=10_000, placeholder=help_text, label_visibility="collapsed",
        on_change=partial(_keep, key),
    )  # fmt: skip


def _canned(found: Thread, canned: Sequence[Canned]) -> None:
    key = f"questions.canned.{found.row.id}"
    texts = {one.name: _in_language(one, found.row.language) for one in canned}
    st.selectbox(
        "Answer kept ready", list(texts), index=None, key=key, placeholder="Put in an answer that is kept ready",
        label_visibility="collapsed", on_change=partial(_put_in, found.row.id, key, texts),
    )  # fmt: skip


def _in_language(one: Canned, language: str) -> str:
    return (one.body_ar or one.body) if language == "ar" else (one.body or one.body_ar)


def _put_in(question_id: UUID, key: str, texts: dict[str, str]) -> None:
    chosen, box = st.session_state.get(key), _key(question_id, ANSWER)
    if chosen:
        so_far = str(st.session_state.get(box, "")).rstrip()
        st.session_state[box] = f"{so_far}\n\n{texts[chosen]}" if so_far else texts[chosen]
        st.session_state[key] = None
        _keep(box)


def _answer(found: Thread, *, closes: bool) -> None:
    row, box = found.row, _key(found.row.id, ANSWER)
    files = _taken(row.id)
    if files is None:
        return
    body = str(st.session_state.get(box, ""))
    key, done = ("answer", row.id, found.version, body), f"{row.reference} is answered{' and closed' * closes}"
    facts = {"body": body, "closes": closes, "files": files, "version": found.version}
    if act_once(key, service.answer, row.id, done=done, **facts):
        _forget(box)
    else:
        st.session_state[WHY] = shell.refusal()
    st.query_params["question"] = str(row.id)


def _note(found: Thread) -> None:
    box = _key(found.row.id, NOTE)
    body = str(st.session_state.get(box, ""))
    if act_once(("note", found.row.id, body), service.note, found.row.id, body=body, done="Note kept"):
        _forget(box)
    else:
        st.session_state[WHY] = shell.refusal()


def _taken(question_id: UUID) -> list[Taken] | None:
    """The files that were chosen, checked and kept before any transaction begins; None when one is not taken."""
    chosen: Sequence[UploadedFile] = st.session_state.get(_files_key(question_id)) or ()
    taken = []
    for given in chosen:
        try:
            file = take_in(given.name, given.getvalue())
            blobs().keep(file.data)
        except DomainError as refusal:
            st.session_state[WHY] = f"{given.name}: {refusal.message}"
            return None
        taken.append(file)
    return taken


def _drafts() -> dict[str, str]:
    drafts: dict[str, str] = st.session_state.setdefault(DRAFTS, {})
    return drafts


def _keep(key: str) -> None:
    """Keep what is typed while another question, or the other box, is open."""
    _drafts()[key] = str(st.session_state.get(key, ""))


def _forget(key: str) -> None:
    _drafts().pop(key, None)
    st.session_state[key] = ""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _key(question_id: UUID, what: str) -> str:
    return f"questions.{'answer' if what == ANSWER else 'note'}.{question_id}"


def _files_key(question_id: UUID) -> str:
    return f"questions.files.{question_id}.{st.session_state.get(TURN, 0)}"
