"""What waits for whoever looks, and what ends soon."""

from collections.abc import Sequence

import streamlit as st

from core import format as say
from core.clock import now, today
from core.deals.home_queries import MOST, Ending, Task, Waiting
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger

FEW_DAYS = 7


def draw_waiting(page: Page, waiting: Sequence[Waiting], *, zone: str) -> None:
    """The deals that want something done, the most urgent first."""
    st.header(page.shown("waiting"), anchor=False)
    if not waiting:
        st.caption(page.shown("waiting.none"))
        return
    ledger(lines=[_task(page, one, zone) for one in waiting], label=page.say("waiting"), key="home-waiting")
    if len(waiting) == MOST:
        st.caption(page.shown("waiting.all", count=MOST))


def _task(page: Page, one: Waiting, zone: str) -> Line:
    mark, tone = page.say("since", day=say.day(one.since, zone=zone, language=page.language)), "attention"
    if one.until is not None:
        is_past = one.until < today(zone)
        mark = page.say("until.past" if is_past else "until", day=say.day(one.until, language=page.language))
        tone = "stop" if is_past else "news"
    elif one.task is Task.ORDER:
        tone = "news"
    return Line(
        title=one.customer,
        lead=one.reference,
        text=page.say(f"task.{one.task}"),
        note=one.note,
        mark=mark,
        tone=tone,
        href=page.address("deal", id=one.id),
    )


def draw_endings(page: Page, endings: Sequence[Ending], *, zone: str) -> None:
    """The protections that end within thirty days, the soonest first."""
    st.header(page.shown("endings"), anchor=False)
    if not endings:
        st.caption(page.shown("endings.none"))
        return
    ledger(lines=[_ending(page, one, zone) for one in endings], label=page.say("endings"), key="home-endings")


def _ending(page: Page, one: Ending, zone: str) -> Line:
    days = (one.at - now()).days
    return Line(
        title=one.customer,
        lead=one.reference,
        text=page.say("ending", day=say.day(one.at, zone=zone, language=page.language, year=True)),
        mark=page.say("ending.days", count=days) if days else page.say("ending.today"),
        tone="attention" if days < FEW_DAYS else "",
        href=page.address("deal", id=one.id),
    )
