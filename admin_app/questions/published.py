"""What is published for partners: a table, and an entry in a dialog."""

from collections.abc import Sequence

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import chosen, forget
from admin_app.partner.once import act_once
from admin_app.questions import faq_form, wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import close, picker
from admin_app.widgets.plain import plain
from core import format as say
from core.i18n import t
from core.questions import service
from core.questions.faq import READERS
from core.questions.queries import Faq

PARAM, TABLE, ADDING = "entry", "questions.faq", "questions.adding_faq"


def begin() -> None:
    """Open the form for a new entry; from a callback."""
    _close()
    st.session_state[ADDING] = True


def draw(rows: Sequence[Faq], *, answers: bool, zone: str) -> None:
    """The table, and the entry that is open."""
    if rows:
        _table(rows, zone)
        st.caption("Tick a row to open it.")
    else:
        empty_state(
            "Nothing is published yet. Publish a good answer from its question, or write an entry here: partners find "
            "it before they ask.",
            action="Write the first entry" if answers else None, on_click=begin, icon=":material/campaign:",
        )  # fmt: skip
    row = chosen(rows, PARAM)
    if answers and st.session_state.get(ADDING):
        st.dialog("Publish for partners", width="large", icon=":material/campaign:", on_dismiss=_close)(_one)(
            None, True
        )
    elif row:
        st.dialog(plain(_title(row)), width="large", icon=":material/campaign:", on_dismiss=_close)(_one)(row, answers)


def _table(rows: Sequence[Faq], zone: str) -> None:
    picker(
        columns={
            "Question": [_title(row) for row in rows],
            "Read by": [_readers(row) for row in rows],
            "Languages": [", ".join(_languages(row)) for row in rows],
            "Published": [say.day(row.published_at, zone=zone, year=True) for row in rows],
            "By": [row.published_by for row in rows],
            "From": [row.question for row in rows],
            "State": [f"Withdrawn {say.day(row.withdrawn_at, zone=zone)}" if row.withdrawn_at else "" for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=PARAM,
        key=TABLE,
        alt="Published answers: question, roles, languages, when and by whom, the question it came from, state",
    )


def _title(row: Faq) -> str:
    return row.title or row.title_ar


def _readers(row: Faq) -> str:
    roles = faq_form.roles_of(row.roles)
    return "Every role" if len(roles) == len(READERS) else ", ".join(t(f"role.{role}") for role in roles)


def _languages(row: Faq) -> list[str]:
    return [name for name, text in (("English", row.title), ("Arabic", row.title_ar)) if text]


def _one(row: Faq | None, answers: bool) -> None:
    if not (st.session_state.get(ADDING) if row is None else st.query_params.get(PARAM) == str(row.id)):
        st.rerun()
    shell.say_refusal()
    if row and (row.withdrawn_at or not answers):
        _read(row)
        return
    told = {} if row is None else {name: getattr(row, name) for name in ("title", "body", "title_ar", "body_ar")}
    faq_form.fill(told if row is None else told | {"roles": faq_form.roles_of(row.roles)})
    version = st.session_state.setdefault(f"{faq_form.PREFIX}version", row.version if row else None)
    with st.form("questions.faq_form", border=False, enter_to_submit=False):
        faq_form.fields()
        st.form_submit_button("Save" if row else "Publish", type="primary", on_click=_save, args=(row, version))
    if row:
        tip = "Partners find it no more; it stays in this list."
        st.button("Withdraw", icon=":material/block:", on_click=_withdraw, args=(row,), help=tip)


def _read(row: Faq) -> None:
    for title, body in ((row.title, row.body), (row.title_ar, row.body_ar)):
        if title:
            st.markdown(f"**\u2068{plain(title)}\u2069**\n\n{wording.typed(body)}")


def _save(row: Faq | None, version: int | None) -> None:
    entry = faq_form.entry()
    if entry is None:
        return
    if row is None:
        made = act_once(("faq", None, entry), service.publish_faq, entry=entry, done="Published for partners")
    else:
        facts = {"entry": entry, "version": version}
        made = act_once(("faq", row.id, entry), service.change_faq, row.id, done="Saved", **facts)
    if made:
        _close()


def _withdraw(row: Faq) -> None:
    if act_once(("withdraw_faq", row.id), service.withdraw_faq, row.id, done="Withdrawn"):
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    forget(faq_form.PREFIX, ADDING)
