"""Deals: what is sold, and in which state?"""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.deals import table
from admin_app.deals.asked import SORTS, STATUSES, Asked, asked
from admin_app.intents import kept_views
from admin_app.intents.asked import uuid_of
from admin_app.selling import orders_queue, panel
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.db import Reads
from core.deals import queries, reseller_queries
from core.deals.queries import DealsPage
from core.i18n import t

PAGE = "deals"


@dataclass(frozen=True)
class Found:
    """What the list shows, in one look."""

    me: Actor
    page: DealsPage
    partners: dict[UUID, str]


def look(session: Reads, wanted: Asked, page: int) -> Found:
    """A page of the deals."""
    found = queries.deals(session, **wanted.filters, page=page)
    return Found(actor_of(session), found, reseller_queries.reseller_names(session))


def clear() -> None:
    """Show all of them again."""
    st.query_params.clear()


def close() -> None:
    """Close the deal that is open; from a callback."""
    st.query_params.pop(table.PARAM, None)


def draw_filters(found: Found, wanted: Asked) -> None:
    """State, partner, text and order in one row; views kept, and the list as a file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "State",
            ["", *(one.value for one in STATUSES)],
            format_func=lambda one: t(f"deal.status.{one}") if one else "All",
            width=135,
            **tied("status", key="deals.status", value=wanted.status.value if wanted.status else "", closes="deal"),
        )
        names = {"": "All partners"} | {str(one): name for one, name in found.partners.items()}
        partner = str(wanted.partner_id or "")
        names.setdefault(partner, "Another partner")
        st.selectbox(
            "Partner",
            list(names),
            format_func=names.__getitem__,
            width=160,
            **tied("partner", key="deals.partner", value=partner, closes="deal"),
        )
        st.text_input(
            "Find",
            placeholder="Customer, Q-00017",
            width=160,
            **tied("text", key="deals.text", value=wanted.text, closes="deal"),
        )
        st.selectbox(
            "Sort",
            list(SORTS),
            format_func=SORTS.__getitem__,
            width=150,
            **tied("sort", key="deals.sort", value=wanted.sort, closes="deal"),
        )
        kept_views.draw(PAGE, wanted.params)
        if allowed(found.me, Act.EXPORT) and found.page.rows:
            for kind in ("csv", "xlsx"):
                address = f"/export/deals?{urlencode(wanted.params | {'format': kind})}"
                st.link_button(kind.upper(), address, icon=":material/download:", help="What is filtered; recorded")


def draw_list(found: Found, wanted: Asked, page: int, opened: str) -> None:
    """The grid and its pager; shorter while a deal is open under it."""
    table.draw(found.page.rows, wanted, key="deals.grid", opened=opened, height=310 if opened else 640)
    pager(
        page=page,
        pages=-(-found.page.total // queries.PAGE) + found.page.is_more,
        size=queries.PAGE,
        total=found.page.total,
        noun="deals",
        key="deals.page",
        hint="press a row to open it",
        is_more=found.page.is_more,
    )


wanted, page = asked(st.query_params), number("page")
opened = uuid_of(st.query_params.get(table.PARAM, ""))
found = shell.read(look, wanted, page)
many = "more than " * found.page.is_more + say.number(found.page.total)
heading("Deals", facts=f"{many} approved by a review and sold since" if found.page.rows else "Nothing to show here yet")
if not opened:
    orders_queue.draw()
if found.page.rows or wanted.is_narrowed:
    draw_filters(found, wanted)
if found.page.rows:
    draw_list(found, wanted, page, str(opened or ""))
elif wanted.is_narrowed or page > 1:
    empty_state("No deal is like this.", action="Show all deals", on_click=clear, icon=":material/filter_alt_off:")
else:
    empty_state(
        "Nothing is sold yet. A deal comes here when its review approved it.",
        icon=":material/handshake:",
        action="Look at the deals in review",
        page="views/deal_intents.py",
    )
if opened:
    with st.container(border=True):
        st.button("Close", key="deals.close", type="tertiary", icon=":material/close:", on_click=close)
        panel.draw(opened)
