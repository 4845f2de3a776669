"""The queue itself: a page of deals on the grid, sorted by the database."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from admin_app.intents import deciding, wording
from admin_app.intents.asked import Asked, turned
from admin_app.widgets.grid import Column, grid
from admin_app.widgets.keys import keys
from core import format as say
from core.deals.queries import DealRow
from core.deals.states import Verdict

KEY, OPENED = "intents.grid", "deal"


def draw(rows: list[DealRow], wanted: Asked, *, opened: str, at: datetime, decides: bool) -> tuple[str, ...]:
    """The grid; answers the ids of the deals that are checked."""
    sort, descending = wanted.order
    return grid(
        columns=columns(rows, at),
        ids=[str(row.id) for row in rows],
        key=KEY,
        opened=opened,
        sorted_by=(sort.value, descending),
        on_open=open_one,
        on_sort=sorting(wanted),
        checks=decides,
        height=640,
    )


def columns(rows: list[DealRow], at: datetime) -> dict[str, Column]:
    """What the grid shows of each deal."""
    return {
        "Deal": Column([row.reference for row in rows], width=88, sort="number"),
        "Customer": Column([row.customer for row in rows], width=150, sort="customer", grows=True),
        "Clock": Column(
            [wording.clock(row, at) for row in rows],
            width=96,
            sort="submitted",
            tones=[wording.tone(row, at) for row in rows],
        ),
        "Amount": Column([say.money(row.amount, row.currency) for row in rows], width=140, sort="amount", at_end=True),
        "Partner": Column([row.partner for row in rows], width=150),
        "Product": Column([row.product for row in rows], width=150),
        "Territory": Column([row.territory for row in rows], width=110),
        "Closes": Column([row.close_on for row in rows], width=112, sort="closing"),
    }


def draw_keys(rows: list[DealRow], *, opened: str, decides: bool) -> None:
    """The letters that go through the queue and, for who decides, ask about the deal that is open."""
    verdicts = {"A": Verdict.APPROVED, "R": Verdict.REJECTED, "T": Verdict.RETURNED} if decides else {}
    ids = [str(row.id) for row in rows]
    keys(
        grid=KEY,
        row=ids.index(opened) if opened in ids else 0,
        buttons={letter.lower(): deciding.button_of(verdict) for letter, verdict in verdicts.items()},
        words=[("JK", "down and up"), *((letter, deciding.VERBS[one].lower()) for letter, one in verdicts.items())],
        key=f"{KEY}.keys",
    )


def open_one(deal_id: str) -> None:
    """Open a deal beside the queue; from a callback."""
    st.query_params[OPENED] = deal_id


def sorting(wanted: Asked) -> Callable[[str], None]:
    """What a pressed heading does."""

    def sort(pressed: str) -> None:
        order = turned(wanted.sort, pressed)
        st.query_params.pop("page", None)
        st.query_params.pop("sort", None)
        if order:
            st.query_params["sort"] = order

    return sort
