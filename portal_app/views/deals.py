"""How are my deals, and which of them waits for me?"""

from math import ceil

import streamlit as st

from core.actor import ContactRole
from core.deals import own_queries
from core.deals.own_queries import PAGE, MyDealRow
from core.deals.states import QuoteStatus
from portal_app import shell
from portal_app.deals import standing
from portal_app.deals.page import Page
from portal_app.deals.style import quiet
from portal_app.widgets.ledger import Line, ledger

SHOW, AT = "deals.status", "deals.page"


def wanted() -> QuoteStatus | None:
    """The status the address asks for."""
    named = st.query_params.get("status", "")
    return QuoteStatus(named) if named in set(QuoteStatus) else None


def choose() -> None:
    """Show another status, and say so in the address."""
    st.session_state.pop(AT, None)
    if chosen := st.session_state.get(SHOW):
        st.query_params["status"] = chosen
    else:
        st.query_params.pop("status", None)


def show_all() -> None:
    """Show every status again."""
    st.session_state.pop(AT, None)
    st.session_state[SHOW] = None
    st.query_params.pop("status", None)


def facts(counts: dict[QuoteStatus, int]) -> str:
    """One line: how many there are, and which wait for whom."""
    parts = [page.say("facts", count=sum(counts.values()))]
    if review := counts.get(QuoteStatus.PENDING, 0):
        parts.append(page.say("facts.review", count=review))
    if returned := counts.get(QuoteStatus.RETURNED, 0):
        parts.append(page.say("facts.returned", count=returned))
    return page.joined(*parts)


def line(row: MyDealRow) -> Line:
    """A deal: its customer leads to its page."""
    word, tone = standing.mark(page, row)
    contact = "" if row.is_own or not row.contact else page.say("by", name=row.contact)
    return Line(
        title=row.customer,
        lead=row.reference,
        text=page.joined(row.product, page.money(row.amount, row.currency), contact),
        aside=standing.clock(page, row),
        mark=word,
        tone=tone,
        href=page.address("deal", id=row.id),
    )


reader = shell.actor()
page = Page("deals", shell.language_chosen(reader.language), reader)
status = wanted()
found = shell.read(own_queries.my_deals, status=status, page=int(st.session_state.get(AT, 1)))
register = page.address("new_deal")
quiet()

with st.container(key="deals"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        is_mine = reader.contact_role is ContactRole.SALESPERSON
        st.title(page.shown("title.mine" if is_mine else "title.ours"), anchor=False, width="content")
        if page.writes and found.counts:
            st.link_button(page.say("register"), register, type="primary", icon=":material/add:")
    if not found.counts:
        with st.container(border=True, key="deals-empty"):
            st.markdown(page.shown("empty" if page.writes else "empty.read"))
            if page.writes:
                st.link_button(page.say("empty.first"), register, type="primary", icon=":material/add:")
        st.stop()
    st.caption(facts(found.counts))
    if len(found.counts) > 1 or status:
        st.session_state.setdefault(SHOW, status)
        st.pills(
            page.say("filter"),
            [one for one in QuoteStatus if one in found.counts or one is status],
            format_func=lambda one: f"{page.word(f'deal.status.{one}')} {found.counts.get(one, 0)}",
            key=SHOW,
            on_change=choose,
            label_visibility="collapsed",
        )
    if found.rows:
        ledger(lines=[line(row) for row in found.rows], label=page.say("title.ours"), key="deals-list")
    else:
        st.caption(page.shown("empty.filter"))
        st.button(page.say("all"), on_click=show_all)
    if found.total > PAGE:
        st.pagination(ceil(found.total / PAGE), key=AT)
