"""The dialogs of what is agreed: an action item, a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import who
from admin_app.partner.once import act_once
from core import format as say
from core.clock import today
from core.companies import queries as companies
from core.db import Reads
from core.meetings import queries
from core.meetings.actions import add_action, change_action
from core.meetings.decisions import add_decision
from core.meetings.models import Side
from core.meetings.queries import Notebook
from core.partners.queries import Record

OPEN = "agreeing.open"
ACTION, DECISION = "action", "decision"
SHORT = 80
"""Characters of an earlier decision that its choice shows."""


@dataclass(frozen=True)
class Asked:
    """Which dialog is open: a new item, or the one with ``id`` as it was seen at ``version``."""

    what: str
    id: UUID | None = None
    version: int = 0


@dataclass(frozen=True)
class Look:
    """What a dialog offers to choose from."""

    book: Notebook
    owners: dict[UUID, str]
    zone: str


def look(session: Reads, partner_id: UUID) -> Look:
    """The partner's meetings and decisions, and the colleagues."""
    zone = companies.company(session).time_zone
    return Look(queries.notebook(session, partner_id), companies.owners(session), zone)


def begin_action(record: Record, meeting_id: UUID | None = None) -> None:
    """Open the dialog for a new action item; from a callback."""
    _put(text="", who=shell.actor().id or who.THEIRS, on=None, meeting=meeting_id)
    st.session_state[OPEN] = Asked(ACTION)


def open_action(action_id: str) -> None:
    """Open an action item; from a callback."""
    row = shell.read(queries.find_action, UUID(action_id))
    if row is None:
        return
    doer = (row.owner_id or shell.actor().id) if row.side is Side.OURS else who.THEIRS
    _put(text=row.text, who=doer, on=row.due_on, meeting=row.meeting_id)
    st.session_state[OPEN] = Asked(ACTION, row.id, row.version)


def begin_decision(record: Record, meeting_id: UUID | None = None) -> None:
    """Open the dialog for a decision; from a callback."""
    day = today(shell.read(companies.company).time_zone)
    _put(text="", on=day, meeting=meeting_id, replaces=None)
    st.session_state[OPEN] = Asked(DECISION)


def _put(**values: object) -> None:
    for name, value in values.items():
        st.session_state[f"agreeing.{name}"] = value


def _typed(name: str) -> object:
    return st.session_state.get(f"agreeing.{name}")


def ask_when_open(record: Record) -> None:
    """Show the dialog that is open; at the end of the partner's page."""
    asked: Asked | None = st.session_state.get(OPEN)
    if asked is None:
        return
    title = "Record decision" if asked.what == DECISION else "Action item" if asked.id else "Add action item"
    st.dialog(title, on_dismiss=_close)(_show)(record, asked)


def _show(record: Record, asked: Asked) -> None:
    if st.session_state.get(OPEN) != asked:
        st.rerun()
    shell.say_refusal()
    found = shell.read(look, record.id)
    with st.form("agreeing", border=False):
        if asked.what == ACTION:
            _action_inputs(record, found, asked)
            label = "Save changes" if asked.id else "Add action item"
            st.form_submit_button(label, type="primary", on_click=_save_action, args=(record, asked))
        else:
            _decision_inputs(found)
            st.form_submit_button("Record decision", type="primary", on_click=_save_decision, args=(record, asked))


def _action_inputs(record: Record, found: Look, asked: Asked) -> None:
    st.text_input("What is to be done", key="agreeing.text", max_chars=500)
    who.choice("agreeing.who", owners=found.owners, partner=record.profile.name)
    st.date_input("Due on", value=None, key="agreeing.on", format="DD/MM/YYYY")
    if asked.id is None:
        _meeting_choice(found)
    st.caption("A reminder is mailed the day before, on the day, and once a week after that until it is done.")


def _meeting_choice(found: Look) -> None:
    names: Mapping[UUID | None, str] = {None: "No meeting"} | {
        row.id: f"{row.title}, {say.day(row.at, zone=found.zone)}" for row in found.book.meetings
    }
    if len(names) > 1:
        st.selectbox("Came out of", list(names), format_func=lambda one: names.get(one, ""), key="agreeing.meeting")


def _decision_inputs(found: Look) -> None:
    st.text_area("What was decided", key="agreeing.text", max_chars=5_000, height=110)
    st.date_input("Decided on", key="agreeing.on", max_value=today(found.zone), format="DD/MM/YYYY")
    _meeting_choice(found)
    standing: Mapping[UUID | None, str] = {None: "None"} | {
        row.id: f"{_short(row.text)} ({say.day(row.decided_on)})" for row in found.book.decisions if not row.overruled
    }
    if len(standing) > 1:
        st.selectbox(
            "Overrules an earlier decision", list(standing), format_func=lambda one: standing.get(one, ""),
            key="agreeing.replaces",
        )  # fmt: skip
    st.caption("A decision cannot be changed or removed later. A new one can overrule it.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _save_action(record: Record, asked: Asked) -> None:
    if st.session_state.get(OPEN) != asked:
        return
    due = _typed("on")
    action = who.action(str(_typed("text")), _typed("who"), due if isinstance(due, date) else None)  # type: ignore[arg-type]
    if asked.id:
        details = {"action": action, "version": asked.version}
        saved = act_once((asked, action), change_action, asked.id, done="Saved", **details)
    else:
        details = {"action": action, "meeting_id": _typed("meeting")}
        saved = act_once((record.id, action), add_action, record.id, done="Action item added", **details)
    if saved:
        _close()


def _save_decision(record: Record, asked: Asked) -> None:
    if st.session_state.get(OPEN) != asked:
        return
    details = {"text": _typed("text"), "decided_on": _typed("on"), "meeting_id": _typed("meeting")}
    details |= {"replaces_id": _typed("replaces")}
    key = (record.id, *details.values())
    if act_once(key, add_decision, record.id, done="Decision recorded", **details):
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
