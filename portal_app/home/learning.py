"""The trainings that whoever looks should take now, each a way to it; nothing where none is due."""

import streamlit as st

from core.actor import Act
from core.training import home_queries
from core.training.home_queries import Due
from core.training.my_modules import Where
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger

MOST = 5
"""Lines at most; the page of trainings has all of them."""
FEW_DAYS = 30


def draw(page: Page) -> None:
    """What does not count first, then what ends first."""
    if not page.may(Act.LEARN):
        return
    if due := shell.read(home_queries.due):
        st.header(page.shown("training"), anchor=False)
        ledger(lines=[_line(page, one) for one in due[:MOST]], label=page.say("training"), key="home-training")
        if len(due) > MOST:
            st.caption(page.shown("training.all", count=len(due)))


def _line(page: Page, one: Due) -> Line:
    mark, tone = _mark(page, one)
    return Line(
        title=page.named(one.name, one.name_ar),
        text=_text(page, one),
        mark=mark,
        tone=tone,
        href=page.address("training", id=one.id),
    )


def _mark(page: Page, one: Due) -> tuple[str, str]:
    if one.where is Where.MISSING:
        return page.say("training.missing"), "attention"
    if one.where is Where.EXPIRED:
        return page.say("training.expired", day=page.day(one.valid_until) if one.valid_until else ""), "stop"
    if one.where is Where.EXPIRING:
        mark = page.say("training.days", count=one.days_left) if one.days_left else page.say("training.today")
        return mark, "attention" if one.days_left < FEW_DAYS else "news"
    return page.say("training.changed"), "news"


def _text(page: Page, one: Due) -> str:
    """What to do about it."""
    if one.is_begun:
        return page.say("training.go_on")
    if one.has_changed:
        return page.say("training.answer")
    return page.say("training.take" if one.where is Where.MISSING else "training.renew")
