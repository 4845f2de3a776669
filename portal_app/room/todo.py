"""What is mine to do, what is theirs, and what is done."""

from functools import partial
from uuid import UUID

import streamlit as st

from core import format as say
from core.i18n import t
from core.meetings import actions
from core.meetings.queries import RoomAction
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.room.page import Page
from portal_app.widgets.ledger import Line, ledger

MOST_DONE = 20


def draw(page: Page) -> None:
    """One's own open items first, each with a box to tick."""
    st.header(page.shown("todo"), anchor=False)
    if not page.room.todo:
        st.caption(page.shown("todo.empty"))
    for one in page.room.todo:
        _box(page, one, label=f"{plain_text(one.text)} {_due(page, one)}")
    _draw_done(page)
    theirs = [one for one in page.room.actions if not one.is_ours and one.done_at is None]
    if theirs:
        heading = page.say("todo.theirs", company=page.company)
        st.subheader(plain_text(heading), anchor=False)
        ledger(lines=[_line(page, one) for one in theirs], label=heading, key="room-theirs")


def _due(page: Page, one: RoomAction) -> str:
    """The day in a badge; a word says when it has passed."""
    if one.due_on is None:
        return ""
    day = say.day(one.due_on, language=page.language)
    if one.is_late:
        return f":red-badge[{page.shown('todo.late', day=day)}]"
    return f":gray-badge[{page.shown('todo.due', day=day)}]"


def _draw_done(page: Page) -> None:
    done = [one for one in page.room.actions if one.is_ours and one.done_at][:MOST_DONE]
    if not done:
        return
    with st.expander(page.shown("todo.done", count=len(done)), key="room.done"):
        for one in done:
            day = say.day(one.done_at, zone=page.room.host.time_zone, language=page.language) if one.done_at else ""
            ended = page.shown("todo.done_by", day=day, who=one.done_by)
            _box(page, one, label=f"{plain_text(one.text)} :gray[{ended}]")


def _box(page: Page, one: RoomAction, *, label: str) -> None:
    key = f"room.action.{one.id}.{bool(one.done_at)}"
    st.session_state[key] = one.done_at is not None
    st.checkbox(label, key=key, on_change=_mark, args=(one.id, key, page.language))


def _mark(action_id: UUID, key: str, language: str) -> None:
    done = bool(st.session_state[key])
    words = t("room.todo.marked" if done else "room.todo.reopened", language)
    shell.attempt(partial(actions.mark_own_done, done=done), action_id, done=words)


def _line(page: Page, one: RoomAction) -> Line:
    day = say.day(one.due_on, language=page.language) if one.due_on else ""
    mark = page.say("todo.late" if one.is_late else "todo.due", day=day) if day else ""
    return Line(title=one.text, text=one.owner, mark=mark, tone="attention" if one.is_late else "")
