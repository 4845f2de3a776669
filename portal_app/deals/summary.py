"""What a deal is about, as far as the role of whoever looks goes, and what was decided on it."""

import streamlit as st

from core.clock import now
from core.deals.own_queries import MyDeal
from core.deals.states import QuoteStatus, TermsKind, Verdict
from core.format import rate
from portal_app.deals import standing
from portal_app.deals.page import Page
from portal_app.widgets.facts import facts
from portal_app.widgets.ledger import Line, ledger

VERDICT_TONES = {Verdict.APPROVED: "good", Verdict.REJECTED: "stop", Verdict.RETURNED: "attention"}
LOOKS = {
    QuoteStatus.RETURNED: (st.warning, "edit_note"),
    QuoteStatus.REJECTED: (st.error, "block"),
    QuoteStatus.WITHDRAWN: (st.info, "undo"),
    QuoteStatus.DRAFT: (st.success, "verified"),
    QuoteStatus.SENT: (st.success, "description"),
    QuoteStatus.ACCEPTED: (st.success, "handshake"),
    QuoteStatus.DECLINED: (st.info, "flag"),
    QuoteStatus.EXPIRED: (st.warning, "event_busy"),
    QuoteStatus.INVOICED: (st.success, "receipt_long"),
}


def draw_standing(page: Page, deal: MyDeal, *, is_ordered: bool) -> None:
    """One sentence: where it stands and what comes next; then the reviewer's own words."""
    row = deal.row
    if row.status is QuoteStatus.PENDING:
        st.info(standing.promise(page, row), icon=":material/schedule:")
    else:
        drawn, icon = LOOKS[row.status]
        day = page.day(row.decided_at) if row.decided_at else ""
        told = page.shown(_sentence(page, deal, is_ordered), target=standing.target(row), day=day)
        drawn(told, icon=f":material/{icon}:")
    if deal.waits_since:
        st.warning(page.shown("waits", day=page.day(deal.waits_since)), icon=":material/hourglass_top:")
    if row.note:
        facts(facts=[(page.say("note"), row.note)], label=page.say("note"), key="deal-note")


def _sentence(page: Page, deal: MyDeal, is_ordered: bool) -> str:
    """The key of the sentence for where a deal stands, for those who work on it and for those who only read."""
    status = deal.row.status
    if status is QuoteStatus.DRAFT:
        return "approved"
    if status is QuoteStatus.RETURNED:
        return "returned" if deal.may_edit else "returned.read"
    if status is QuoteStatus.SENT and (is_ordered or not page.writes):
        return "ordered" if is_ordered else "sent.read"
    return status.value


def draw_next(page: Page, deal: MyDeal) -> None:
    """What happens after a deal was sent for review, until the first answer."""
    is_first = deal.row.status is QuoteStatus.PENDING and not deal.reviews
    if not is_first or not page.writes or now() >= deal.row.due_at:
        return
    st.header(page.shown("next"), anchor=False)
    target = standing.target(deal.row)
    told = [page.shown(f"next.{key}", target=target) for key in ("review", "return", "approve")]
    st.markdown("\n".join(f"1. {one}" for one in told))


def draw_facts(page: Page, deal: MyDeal) -> None:
    """What was registered; what the role may not see is left out."""
    row = deal.row
    st.header(page.shown("facts"), anchor=False)
    named = {
        "customer": row.customer,
        "domain": deal.customer_domain,
        "registration": deal.customer_registration,
        "contact": deal.customer_contact,
        "product": row.product,
        "territory": row.territory,
        "amount": page.money(row.amount, row.currency),
        "close": page.day(row.close_on),
        "commission": _commission(page, deal),
        "by": row.contact,
        "need": deal.need,
    }
    pairs = [(page.say(f"fact.{name}"), value) for name, value in named.items()]
    facts(facts=pairs, label=page.say("facts"), key="deal-facts")


def _commission(page: Page, deal: MyDeal) -> str:
    if deal.terms is TermsKind.FLAT and deal.commission_pct is not None:
        return rate(deal.commission_pct, language=page.language)
    return page.say("fact.plan", plan=deal.plan) if deal.plan else ""


def draw_history(page: Page, deal: MyDeal) -> None:
    """Every decision so far, where there was more than the one that is told above."""
    if len(deal.reviews) < 2:
        return
    st.header(page.shown("history"), anchor=False)
    lines = [
        Line(
            title=page.say(f"verdict.{one.verdict}"),
            lead=page.day(one.at),
            note=one.note,
            mark="",
            tone=VERDICT_TONES[one.verdict],
        )
        for one in deal.reviews
    ]
    ledger(lines=lines, label=page.say("history"), key="deal-history")
