"""The documents of a deal: its quote, its invoice, what was attached; each opens by a plain address, on record."""

import streamlit as st

from core import format as say
from core.deals.own_queries import MyDeal
from core.deals.queries import DealDocument
from core.deals.quote_queries import MyLine, MyQuote
from core.deals.states import DocumentUse
from portal_app.deals import files, standing
from portal_app.deals.page import Page
from portal_app.widgets.facts import facts
from portal_app.widgets.ledger import Line, ledger


def draw_quote(page: Page, deal: MyDeal, offered: MyQuote | None) -> None:
    """What the customer was offered, once it was sent; line by line where amounts are shown."""
    if deal.sent_at is None:
        return
    st.header(page.shown("quote"), anchor=False)
    file = _newest(deal, DocumentUse.QUOTE)
    line = Line(
        title=page.say("quote.reference", reference=deal.row.quote_reference),
        text=page.say("quote.until", day=page.day(deal.valid_until)) if deal.valid_until else "",
        note=deal.conditions,
        link=page.say("quote.pdf") if file else "",
        link_href=_address(file) if file else "",
    )
    ledger(lines=[line], label=page.say("quote"), key="deal-quote")
    if offered:
        lines = [_offered(page, one, offered.currency) for one in offered.lines]
        ledger(lines=lines, label=page.say("quote.lines"), key="deal-lines")
        facts(facts=_totals(page, offered), label=page.word("paper.total"), key="deal-totals")


def _offered(page: Page, one: MyLine, currency: str) -> Line:
    count, price = say.number(one.quantity, language=page.language), page.money(one.unit_price, currency)
    off = say.rate(one.discount_pct, language=page.language) if one.discount_pct else ""
    return Line(
        title=one.text,
        text=page.joined(f"{count} × {price}", page.say("quote.off", percent=off) if off else ""),
        aside=page.money(one.total, currency),
    )


def _totals(page: Page, offered: MyQuote) -> list[tuple[str, str]]:
    """What the lines come to; before its discount too, where there is one."""
    found, named = offered.totals, [("total", offered.totals.total)]
    if found.discount:
        named = [("gross", found.gross), ("all_discounts", found.discount), *named]
    return [(page.word(f"paper.{name}"), page.money(amount, offered.currency)) for name, amount in named]


def draw_invoice(page: Page, deal: MyDeal) -> None:
    """The invoice and where it stands."""
    sale = deal.sale
    if sale is None:
        return
    st.header(page.shown("invoice"), anchor=False)
    mark, tone = standing.mark(page, deal.row)
    file = _newest(deal, DocumentUse.INVOICE)
    dates = page.say("invoice.paid", day=page.day(sale.paid_at)) if sale.paid_at else ""
    line = Line(
        title=sale.invoice_number,
        text=page.joined(
            page.money(sale.amount, sale.currency), page.say("invoice.due", day=page.day(sale.due_on)), dates
        ),
        mark=mark,
        tone=tone,
        href=_address(file) if file else "",
    )
    ledger(lines=[line], label=page.say("invoice"), key="deal-invoice")


def draw_documents(page: Page, deal: MyDeal) -> None:
    """Everything filed with the deal that this role may open, and a way to add to it."""
    if not deal.documents and not page.writes:
        return
    st.header(page.shown("documents"), anchor=False)
    if deal.documents:
        lines = [_line(page, one) for one in deal.documents]
        ledger(lines=lines, label=page.say("documents"), key="deal-documents")
    else:
        st.caption(page.shown("documents.empty"))
    files.draw(page, deal)


def _line(page: Page, one: DealDocument) -> Line:
    kind = page.say(f"document.{one.use}")
    return Line(
        title=one.title, text=page.joined(kind, say.size(one.size), page.day(one.uploaded_at)), href=_address(one)
    )


def _newest(deal: MyDeal, use: DocumentUse) -> DealDocument | None:
    found = [one for one in deal.documents if one.use is use]
    return max(found, key=lambda one: one.uploaded_at, default=None)


def _address(one: DealDocument) -> str:
    return f"/documents/{one.id}"
