"""Answers that are kept ready: a table, and one of them in a dialog."""

from collections.abc import Sequence

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import chosen, forget, prefill, typed
from admin_app.partner.once import act_once
from admin_app.questions import wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import close, picker
from admin_app.widgets.plain import plain
from core.questions import service
from core.questions.queries import Canned

PARAM, TABLE, PREFIX, ADDING = "canned", "questions.canned_answers", "canned.", "questions.adding_canned"
NAMES = ("name", "body", "body_ar")


def begin() -> None:
    """Open the form for a new one; from a callback."""
    _close()
    st.session_state[ADDING] = True


def draw(rows: Sequence[Canned], *, answers: bool) -> None:
    """The table, and the answer that is open."""
    if rows:
        picker(
            columns={
                "Name": [row.name for row in rows],
                "Answer": [" ".join((row.body or row.body_ar).split())[:140] for row in rows],
                "Languages": [", ".join(_languages(row)) for row in rows],
            },
            ids=[str(row.id) for row in rows], param=PARAM, key=TABLE,
            alt="Answers kept ready: name, how the answer begins, its languages",
        )  # fmt: skip
        st.caption("Tick a row to open it.")
    else:
        empty_state(
            "No answer is kept ready. Keep what you write again and again; it is put in with two presses.",
            action="Add the first one" if answers else None, on_click=begin, icon=":material/quickreply:",
        )  # fmt: skip
    row = chosen(rows, PARAM)
    if answers and st.session_state.get(ADDING):
        st.dialog("Keep an answer ready", width="large", on_dismiss=_close)(_one)(None, True)
    elif row:
        st.dialog(plain(row.name), width="large", on_dismiss=_close)(_one)(row, answers)


def _languages(row: Canned) -> list[str]:
    return [name for name, text in (("English", row.body), ("Arabic", row.body_ar)) if text]


def _one(row: Canned | None, answers: bool) -> None:
    if not (st.session_state.get(ADDING) if row is None else st.query_params.get(PARAM) == str(row.id)):
        st.rerun()
    shell.say_refusal()
    if row and not answers:
        st.markdown(f"{wording.typed(row.body)}\n\n{wording.typed(row.body_ar)}")
        return
    prefill(PREFIX, {name: getattr(row, name) if row else "" for name in NAMES})
    version = st.session_state.setdefault(f"{PREFIX}version", row.version if row else None)
    with st.form("questions.canned_form", border=False, enter_to_submit=False):
        st.text_input("Name", key=f"{PREFIX}name", max_chars=120, placeholder="Where updates are announced")
        english, arabic = st.columns(2)
        english.text_area("Answer", key=f"{PREFIX}body", max_chars=10_000, height=200)
        arabic.text_area("Answer in Arabic", key=f"{PREFIX}body_ar", max_chars=10_000, height=200)
        st.form_submit_button("Save", type="primary", on_click=_save, args=(row, version))
    if row:
        st.button("Remove", icon=":material/delete:", on_click=_remove, args=(row,), help="What was answered stays.")


def _save(row: Canned | None, version: int | None) -> None:
    inputs = typed(PREFIX, *NAMES)
    if inputs is None:
        return
    key, facts = ("canned", row, *inputs.values()), inputs | {"version": version}
    if act_once(key, service.save_canned, row.id if row else None, done="Kept ready", **facts):
        _close()


def _remove(row: Canned) -> None:
    if act_once(("remove_canned", row.id), service.remove_canned, row.id, done=f"{plain(row.name)} is removed"):
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    forget(PREFIX, ADDING)
