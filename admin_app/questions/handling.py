"""What is done with a question besides answering: whose it is, by when, closing, reopening, publishing."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.questions import publishing
from admin_app.widgets.plain import plain
from core.actor import Actor
from core.questions import service
from core.questions.models import QuestionState
from core.questions.queries import Thread

_NOBODY = ""


def draw(found: Thread, *, me: Actor, people: Mapping[UUID, str], zone: str) -> None:
    """One row of what can be done."""
    row = found.row
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _assign(found, me=me, people=people)
        if row.state is QuestionState.OPEN:
            with st.popover("Due", icon=":material/schedule:"):
                _due(found, zone=zone)
        if row.state is QuestionState.CLOSED:
            st.button("Reopen", icon=":material/lock_open:", on_click=_reopen, args=(found,))
        else:
            tip = "Nothing can be added after that" + ("; the partner is mailed" * (row.state is QuestionState.OPEN))
            st.button("Close", icon=":material/lock:", on_click=_close, args=(found,), help=tip)
        if row.state is not QuestionState.OPEN:
            st.button("Publish…", icon=":material/campaign:", on_click=publishing.begin, args=(found,))


def _assign(found: Thread, *, me: Actor, people: Mapping[UUID, str]) -> None:
    now_with = str(found.row.assigned_to_id or _NOBODY)
    names = {_NOBODY: "Nobody"} | {str(one): f"{name} (you)" if one == me.id else name for one, name in people.items()}
    names.setdefault(now_with, found.row.assigned_to)
    key = f"questions.assign.{found.row.id}"
    st.session_state[key] = now_with
    st.selectbox(
        "Assigned to", list(names), format_func=names.__getitem__, key=key, width=150,
        on_change=partial(_give, found, key, names),
    )  # fmt: skip


def _give(found: Thread, key: str, names: Mapping[str, str]) -> None:
    chosen = st.session_state[key]
    done = f"{found.row.reference}: {plain(names[chosen])}" if chosen else f"{found.row.reference}: nobody's now"
    to = UUID(chosen) if chosen else None
    shell.act(service.assign, found.row.id, staff_id=to, instead_of=found.row.assigned_to_id, done=done)


def _due(found: Thread, *, zone: str) -> None:
    local = found.row.due_at.astimezone(ZoneInfo(zone))
    day_key, time_key = f"questions.due_day.{found.row.id}", f"questions.due_time.{found.row.id}"
    st.session_state.setdefault(day_key, local.date())
    st.session_state.setdefault(time_key, local.time().replace(second=0, microsecond=0))
    st.date_input("Answer by", key=day_key, format="DD/MM/YYYY")
    st.time_input("At", key=time_key)
    st.button("Change", key="questions.set_due", on_click=_set_due, args=(found, day_key, time_key, zone))


def _set_due(found: Thread, day_key: str, time_key: str, zone: str) -> None:
    day, at = st.session_state.get(day_key), st.session_state.get(time_key)
    if isinstance(day, date) and isinstance(at, time):
        due_at = datetime.combine(day, at, ZoneInfo(zone))
        if shell.act(service.set_due, found.row.id, due_at=due_at, done=f"{found.row.reference}: due time changed"):
            st.session_state.pop(day_key, None)
            st.session_state.pop(time_key, None)


def _close(found: Thread) -> None:
    done = f"{found.row.reference} is closed"
    act_once(("close", found.row.id, found.version), service.close, found.row.id, version=found.version, done=done)


def _reopen(found: Thread) -> None:
    done = f"{found.row.reference} is open again"
    act_once(("reopen", found.row.id, found.version), service.reopen, found.row.id, version=found.version, done=done)
