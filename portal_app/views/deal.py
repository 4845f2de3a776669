"""Where does this deal stand, what did the reviewer say, and what is mine to do?"""

from uuid import UUID

import streamlit as st

from core.actor import Act
from core.db import Reads
from core.deals import order_queries, own_queries, protection_queries, quote_queries
from core.deals.order_queries import MyOrder
from core.deals.own_queries import MyDeal
from core.deals.protection_queries import MyProtection
from core.deals.quote_queries import MyQuote
from portal_app import shell
from portal_app.deals import editing, ordering, papers, protecting, stages, summary, withdrawing
from portal_app.deals.page import Page
from portal_app.deals.style import quiet
from portal_app.widgets.steps import steps


def asked() -> UUID | None:
    """The deal the address names."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


def look(session: Reads, quote_id: UUID) -> tuple[MyDeal, MyProtection | None, MyQuote | None, list[MyOrder]]:
    """A deal, its protection while that is in force; what was offered and ordered, where amounts are shown."""
    found = own_queries.my_deal(session, quote_id)
    protected = next(iter(protection_queries.my_protections(session, quote_id=quote_id)), None)
    if found.row.amount is None or found.sent_at is None:
        return found, protected, None, []
    offered, ordered = quote_queries.my_quote(session, quote_id), order_queries.my_orders(session, quote_id)
    return found, protected, offered, ordered


reader = shell.actor()
page = Page("deal", shell.language_chosen(reader.language), reader)
quiet()
deal_id = asked()
if deal_id is None:
    st.info(page.shown("none"), icon=":material/search_off:")
    st.link_button(page.say("back"), page.address("deals"), icon=":material/list:")
    st.stop()
deal, protection, offered, ordered = shell.read(look, deal_id)
row = deal.row
edits = deal.may_edit and row.amount is not None
"""Whoever may not see the amount on this device yet is asked on top to confirm it."""

with st.container(key="deal"):
    st.link_button(page.say("back"), page.address("deals"), type="tertiary")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.plain(row.customer), anchor=False, width="content")
        if deal.may_withdraw:
            st.button(page.say("withdraw"), on_click=withdrawing.begin, icon=":material/undo:")
    st.caption(page.plain(page.joined(row.reference, row.quote_reference or "", row.product, row.territory)))
    steps(steps=stages.way(page, deal), label=page.say("step"), key="deal-steps")
    summary.draw_standing(page, deal, is_ordered=bool(ordered))
    if edits:
        editing.draw(page, deal)
    summary.draw_next(page, deal)
    if protection:
        protecting.draw(page, protection)
        protecting.ask(page, protection)
    papers.draw_quote(page, deal, offered)
    ordering.draw(page, deal, ordered)
    papers.draw_invoice(page, deal)
    if not edits:
        summary.draw_facts(page, deal)
    papers.draw_documents(page, deal)
    summary.draw_history(page, deal)
    if page.may(Act.ASK) and reader.viewer is None:
        ask = page.address("new_question", deal=row.id)
        st.link_button(page.say("ask"), ask, icon=":material/forum:", type="tertiary")
    withdrawing.ask(page, deal)
