"""A partner's deals: what it registered, what became of it, and what is sold."""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.deals import table
from admin_app.deals.asked import Asked
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number
from admin_app.widgets.pager import pager
from admin_app.widgets.plain import plain
from core.actor import Actor
from core.db import Reads
from core.deals import queries
from core.deals.queries import DealsPage
from core.deals.states import QuoteKind
from core.partners.queries import Record

OPEN = "partner.deals.open"


def look(session: Reads, partner_id: UUID, page: int) -> DealsPage:
    """A page of all that the partner registered, the newest first."""
    return queries.deals(session, kind=None, partner_id=partner_id, page=page)


def draw(record: Record, me: Actor) -> None:
    """The deals; one that is pressed opens where it is dealt with."""
    page = number("page")
    found = shell.read(look, record.id, page)
    st.subheader("Deals", anchor=False)
    if not found.rows:
        return empty_state(
            f"{plain(record.profile.name)} has registered no deal yet. Its contacts register them in the portal.",
            icon=":material/handshake:",
        )
    if chosen := st.session_state.pop(OPEN, None):
        _go(found, chosen)
    table.draw(
        found.rows,
        Asked(None, record.id, "", ""),
        key="partner.deals",
        height=480,
        on_open=_open,
        can_sort=False,
        names_partner=False,
    )
    pager(
        page=page,
        pages=-(-found.total // queries.PAGE) + found.is_more,
        size=queries.PAGE,
        total=found.total,
        noun="deals",
        key="partner.deals.page",
        hint="press a row to open it",
        is_more=found.is_more,
    )
    return None


def _open(deal_id: str) -> None:
    st.session_state[OPEN] = deal_id


def _go(found: DealsPage, chosen: str) -> None:
    """To the queue with what is under review, to the list with what is sold."""
    row = next((one.row for one in found.rows if str(one.row.id) == chosen), None)
    if row is None:
        return
    if row.kind is QuoteKind.QUOTE:
        st.switch_page("views/deals.py", query_params={"deal": chosen})
    st.switch_page("views/deal_intents.py", query_params={"deal": chosen, "status": row.status.value})
