"""The inbox: what waits, with its filters, on the left; the question that is open on the right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.intents.asked import uuid_of
from admin_app.questions import panel, wording
from admin_app.questions.asked import MINE, SHOWN, Asked
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.grid import Column, grid
from admin_app.widgets.pager import pager
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.db import Reads
from core.deals import reseller_queries
from core.questions import queries
from core.questions.queries import NOBODY, Canned, InboxPage, QuestionRow, Thread
from core.questions.rows import QuestionNotFound

PARAM, KEY = "question", "questions.grid"


@dataclass(frozen=True)
class Found:
    """Everything the inbox shows, in one look."""

    me: Actor
    page: InboxPage
    partners: Mapping[UUID, str]
    people: Mapping[UUID, str]
    canned: list[Canned]
    opened: Thread | None
    is_lost: bool


def look(session: Reads, wanted: Asked, page: int, chosen: str) -> Found:
    """A page of the inbox, and the question that the address names; without one, the first of the page."""
    me = actor_of(session)
    found = queries.inbox(session, **wanted.filters(me.id), page=page)
    question_id = uuid_of(chosen) or (found.rows[0].id if found.rows else None)
    opened = _find(session, question_id) if question_id else None
    canned = queries.canned_answers(session) if opened and allowed(me, Act.ANSWER_QUESTIONS) else []
    names, people = reseller_queries.reseller_names(session), queries.answerers(session)
    return Found(me, found, names, people, canned, opened, bool(chosen) and opened is None)


def _find(session: Reads, question_id: UUID) -> Thread | None:
    try:
        return queries.question(session, question_id)
    except QuestionNotFound:
        return None


def draw(found: Found, wanted: Asked) -> None:
    """The filters, the list with its pager, and the thread."""
    page = number("page")
    is_new = not found.page.counts and not wanted.is_narrowed
    if not is_new:
        _filters(found, wanted)
    if found.is_lost:
        st.toast("That question was not found. Choose one from the list.", icon=":material/search_off:")
    if found.page.rows or found.opened:
        _list_and_thread(found, page)
    elif wanted.is_narrowed or page > 1:
        empty_state(
            "No question is like this.", action="Show all that wait", on_click=_clear, icon=":material/filter_alt_off:"
        )
    elif is_new:
        empty_state(
            "Nobody has asked yet. Principals and technical contacts ask in the portal; their questions come here.",
            icon=":material/forum:", action="Look at the resellers", page="views/resellers.py",
        )  # fmt: skip
    else:
        empty_state(_nothing(wanted), icon=":material/task_alt:")


def _nothing(wanted: Asked) -> str:
    return {"": "Nothing waits for an answer.", "late": "Nothing is past its time."}.get(
        wanted.shown, "No question stands here."
    )  # fmt: skip


def _filters(found: Found, wanted: Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "State", list(SHOWN), format_func=SHOWN.__getitem__, width=140,
            **tied("state", key="questions.state", value=wanted.shown, closes=PARAM),
        )  # fmt: skip
        people = {"": "Everybody", MINE: "Mine", NOBODY: "Nobody's"}
        people |= {str(one): name for one, name in found.people.items() if one != found.me.id}
        people.setdefault(wanted.whose, "A former colleague")
        st.selectbox(
            "Assigned to", list(people), format_func=people.__getitem__, width=170,
            **tied("whose", key="questions.whose", value=wanted.whose, closes=PARAM),
        )  # fmt: skip
        names = {"": "All partners"} | {str(one): name for one, name in found.partners.items()}
        partner = str(wanted.partner_id or "")
        names.setdefault(partner, "Another partner")
        st.selectbox(
            "Partner", list(names), format_func=names.__getitem__, width=170,
            **tied("partner", key="questions.partner", value=partner, closes=PARAM),
        )  # fmt: skip
        st.text_input(
            "Find", placeholder="Words, QS-0042", width=180,
            **tied("text", key="questions.text", value=wanted.text, closes=PARAM),
        )  # fmt: skip


def _list_and_thread(found: Found, page: int) -> None:
    left, right = st.columns([6, 5], gap="small")
    rows = found.page.rows
    with left:
        if rows:
            grid(
                columns=_columns(rows, now()), ids=[str(row.id) for row in rows], key=KEY,
                opened=str(found.opened.row.id) if found.opened else "", on_open=_open, checks=False, height=640,
            )  # fmt: skip
        else:
            st.caption("No question is like this; the one that was asked for is open beside.")
        pager(
            page=page, pages=-(-found.page.total // queries.PAGE), size=queries.PAGE, total=found.page.total,
            noun="questions", key="questions.page", hint="press a row to open it",
        )  # fmt: skip
    if found.opened:
        with right:
            panel.draw(found.opened, me=found.me, people=found.people, canned=found.canned, zone=shell.here().zone)


def _columns(rows: list[QuestionRow], at: datetime) -> dict[str, Column]:
    return {
        "Ref": Column([row.reference for row in rows], width=78),
        "Question": Column([row.subject for row in rows], width=160, grows=True),
        "Clock": Column(
            [wording.clock(row, at) for row in rows], width=80, tones=[wording.tone(row, at) for row in rows]
        ),
        "Partner": Column([row.partner for row in rows], width=100),
        "Assigned to": Column([row.assigned_to or "Nobody" for row in rows], width=100),
    }


def _open(question_id: str) -> None:
    st.query_params[PARAM] = question_id


def _clear() -> None:
    for name in ("whose", "partner", "text", "page", "state", PARAM):
        st.query_params.pop(name, None)
