"""Deal intents: which deals wait for a decision, and is it safe to approve them?"""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.intents import bulk, deciding, kept_views, panel, queue
from admin_app.intents.asked import SORTS, Asked, asked, uuid_of
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.db import Reads
from core.deals import queries, reseller_queries
from core.deals.listing import INTENTS
from core.deals.queries import DealRow, Intent, QueuePage
from core.deals.states import QuoteStatus
from core.errors import NotFound
from core.i18n import t

PAGE = "deal_intents"


@dataclass(frozen=True)
class Found:
    """The queue, in one look."""

    me: Actor
    page: QueuePage
    partners: dict[UUID, str]


def look(session: Reads, wanted: Asked, page: int) -> Found:
    """A page of the queue."""
    found = queries.review_queue(session, **wanted.filters, page=page)
    return Found(actor_of(session), found, reseller_queries.reseller_names(session))


def find(session: Reads, deal_id: UUID) -> Intent | None:
    """A deal of this company."""
    try:
        return queries.intent(session, deal_id)
    except NotFound:
        return None


def clear() -> None:
    """Leave no deal out but by its status."""
    for name in ("text", "partner", "page", "deal"):
        st.query_params.pop(name, None)


def draw_filters(found: Found, wanted: Asked) -> None:
    """Status, partner, text and order in one row; views kept, and the queue as a file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Status",
            ["" if one is QuoteStatus.PENDING else one.value for one in INTENTS],
            format_func=lambda one: t(f"deal.status.{one or 'pending'}"),
            width=125,
            **tied("status", key="intents.status", value=wanted.params.get("status", ""), closes="deal"),
        )
        names = {"": "All partners"} | {str(one): name for one, name in found.partners.items()}
        partner = str(wanted.partner_id or "")
        names.setdefault(partner, "Another partner")
        st.selectbox(
            "Partner",
            list(names),
            format_func=names.__getitem__,
            width=160,
            **tied("partner", key="intents.partner", value=partner, closes="deal"),
        )
        st.text_input(
            "Find",
            placeholder="Customer, DI-0042",
            width=165,
            **tied("text", key="intents.text", value=wanted.text, closes="deal"),
        )
        st.selectbox(
            "Sort",
            list(SORTS),
            format_func=SORTS.__getitem__,
            width=150,
            **tied("sort", key="intents.sort", value=wanted.sort, closes="deal"),
        )
        kept_views.draw(PAGE, wanted.params)
        if allowed(found.me, Act.EXPORT) and found.page.rows:
            for kind in ("csv", "xlsx"):
                address = f"/export/deal_intents?{urlencode(wanted.params | {'format': kind})}"
                st.link_button(kind.upper(), address, icon=":material/download:", help="What is filtered; recorded")


def draw_queue(found: Found, wanted: Asked, page: int, *, opened: str) -> None:
    """The grid and its pager. ``opened``: the id of the deal that is shown beside it."""
    rows = found.page.rows
    decides = wanted.status is QuoteStatus.PENDING and allowed(found.me, Act.DECIDE_DEALS)
    st.session_state[deciding.AFTER] = following(rows, opened)
    above = st.container()
    checked = queue.draw(rows, wanted, opened=opened, at=now(), decides=decides)
    if checked and decides:
        with above:
            bulk.draw(checked, key=queue.KEY)
    pager(
        page=page,
        pages=-(-found.page.total // queries.PAGE) + found.page.is_more,
        size=queries.PAGE,
        total=found.page.total,
        noun="deals",
        key="intents.page",
        hint="press a row to open it",
        is_more=found.page.is_more,
    )
    queue.draw_keys(rows, opened=opened, decides=decides)


def following(rows: list[DealRow], opened: str) -> str:
    """The deal after the open one, or before it when it is the last; empty when it is alone."""
    ids = [str(row.id) for row in rows]
    if opened not in ids:
        return ""
    place = ids.index(opened)
    return next(iter(ids[place + 1 : place + 2] or ids[max(0, place - 1) : place]), "")


wanted, page, chosen = asked(st.query_params), number("page"), st.query_params.get("deal", "")
found = shell.read(look, wanted, page)
late = sum(row.due_at < now() for row in found.page.rows if row.status is QuoteStatus.PENDING)
many = "more than " * found.page.is_more + say.number(found.page.total)
facts = f"{many} {t(f'deal.status.{wanted.status}').lower()}"
heading("Deal intents", facts=f"{facts}, {late} of this page past 48 h" if late else facts)
if found.page.rows or wanted.is_narrowed or wanted.status is not QuoteStatus.PENDING:
    draw_filters(found, wanted)
opened_id = uuid_of(chosen) or (found.page.rows[0].id if found.page.rows else None)
if found.page.rows:
    left, right = st.columns([6, 5], gap="small")
    with left:
        draw_queue(found, wanted, page, opened=str(opened_id))
elif wanted.is_narrowed or page > 1:
    empty_state("No deal is like this.", action="Show all of them", on_click=clear, icon=":material/filter_alt_off:")
else:
    empty_state(
        "Nothing waits for a decision. A reseller's people register deals in the portal; they come here."
        if wanted.status is QuoteStatus.PENDING
        else "No deal stands here.",
        icon=":material/task_alt:",
        action="Look at the resellers",
        page="views/resellers.py",
    )
# The evidence is looked for among all that is open: the queue stands before it does.
opened = shell.read(find, opened_id) if opened_id else None
if chosen and opened is None:
    st.toast("That deal was not found. Choose one from the queue.", icon=":material/search_off:")
if opened:
    if found.page.rows:
        with right:
            panel.draw(opened, me=found.me, zone=shell.here().zone)
    deciding.ask_when_open(opened)
bulk.ask_when_open(key=queue.KEY)
