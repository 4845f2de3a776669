"""A deal that is sold, opened from the list: its quote, purchase orders, invoice and papers, and the next steps."""

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.intents import panel as intents
from admin_app.partner.once import act_once
from admin_app.selling import lines, orders_panel, steps
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import today
from core.companies import queries as companies
from core.deals import queries, sale_queries, selling
from core.deals.lines import Line, net
from core.deals.sale_queries import Sheet
from core.deals.states import QuoteStatus, SaleStatus
from core.i18n import t

SELLING, DEAL = "Quote and invoice", "The deal and its review"
VALID_DAYS = 30
_REWRITABLE = (QuoteStatus.SENT, QuoteStatus.EXPIRED)
_TONES = {
    QuoteStatus.ACCEPTED: "green", QuoteStatus.INVOICED: "green", QuoteStatus.DECLINED: "red",
    QuoteStatus.EXPIRED: "orange",
}  # fmt: skip


def draw(quote_id: UUID) -> None:
    """What it is, and what there is to do. An intent has nothing to sell: its review is shown."""
    zone = shell.read(companies.company).time_zone
    sheet = shell.read(sale_queries.sheet, quote_id)
    if sheet is None:
        return intents.draw(shell.read(queries.intent, quote_id), me=shell.actor(), zone=zone)
    _head(sheet)
    part = st.segmented_control(
        "Part",
        [SELLING, DEAL],
        default=SELLING,
        key=f"selling.{quote_id}.part",
        label_visibility="collapsed",
        required=True,
    )
    if part == DEAL:
        return intents.draw(shell.read(queries.intent, quote_id), me=shell.actor(), zone=zone)
    _selling(sheet, shell.actor(), zone)
    return None


def _head(sheet: Sheet) -> None:
    status = f":{_TONES.get(sheet.status, 'blue')}-badge[{t(f'deal.status.{sheet.status}')}]"
    st.subheader(f"{sheet.number}  {plain(sheet.customer)}", anchor=False)
    facts = [f"Deal {sheet.reference}", f"through {plain(sheet.partner)}" if sheet.partner else "sold by ourselves"]
    facts.append(f"registered over {say.money(sheet.amount, sheet.currency)}")
    facts.append(f"expected {say.day(sheet.close_on, year=True)}")
    st.markdown(f"{status} :gray[{' · '.join(facts)}]")


def _selling(sheet: Sheet, me: Actor, zone: str) -> None:
    sells = allowed(me, Act.SELL)
    _invoice(sheet, zone)
    if sells:
        steps.draw(sheet, zone=zone)
    st.markdown("#### Quote")
    if sells and _is_open(sheet):
        _editor(sheet, zone)
    else:
        _shown(sheet, sells=sells)
    if sheet.orders:
        st.markdown("#### Purchase orders")
        for row in sheet.orders:
            with st.container(border=True):
                orders_panel.draw(row, sells=sells)
    _papers(sheet)


def _is_open(sheet: Sheet) -> bool:
    rewritten = bool(st.session_state.get(lines.key_of(sheet, "rewrite")))
    return sheet.status is QuoteStatus.DRAFT or (sheet.status in _REWRITABLE and rewritten)


def _invoice(sheet: Sheet, zone: str) -> None:
    """The invoice in one line, and what became of it."""
    sale = sheet.sale
    if sale is None:
        return
    facts = [f"**{sale.invoice_number}** over **{say.money(sale.amount, sale.currency)}**"]
    facts.append(f"issued {say.day(sale.invoiced_at, zone=zone, year=True)}")
    if sale.status is SaleStatus.INVOICED:
        facts.append(f"due {say.day(sale.due_on, year=True)}")
    if sale.paid_at:
        facts.append(f"paid {say.day(sale.paid_at, zone=zone, year=True)}")
    if sale.status in (SaleStatus.REFUNDED, SaleStatus.CANCELLED):
        facts.append(f"{t(f'sale.status.{sale.status}').lower()}: {plain(sale.reason)}")
    tone = (
        "error" if sale.status is SaleStatus.CANCELLED else "info" if sale.status is SaleStatus.INVOICED else "success"
    )
    getattr(st, tone)(" · ".join(facts), icon=":material/receipt_long:")


def _editor(sheet: Sheet, zone: str) -> None:
    if sheet.status is not QuoteStatus.DRAFT:
        st.info("Saving takes the quote back: it is a draft again until it is sent anew.", icon=":material/undo:")
    lines.draw(sheet)
    until, conditions = lines.key_of(sheet, "until"), lines.key_of(sheet, "conditions")
    st.session_state.setdefault(until, _valid_until(sheet, zone))
    st.session_state.setdefault(conditions, sheet.conditions)
    left, right = st.columns([1, 3])
    left.date_input("Valid until", key=until, format="DD/MM/YYYY", value=None)
    right.text_area("Conditions", key=conditions, height=80, max_chars=4_000, placeholder="Payment within 30 days")
    kind: Literal["primary", "secondary"] = "secondary" if steps.can_be_sent(sheet, zone) else "primary"
    key = f"selling.{sheet.id}.save"
    st.button("Save quote", key=key, type=kind, icon=":material/save:", on_click=_save, args=(sheet,))


def _valid_until(sheet: Sheet, zone: str) -> date:
    """What was chosen; the usual days from today where nothing was, or where it has passed."""
    now_there = today(zone)
    chosen = sheet.valid_until
    return chosen if chosen and chosen >= now_there else now_there + timedelta(days=VALID_DAYS)


def _save(sheet: Sheet) -> None:
    typed = lines.typed(sheet)
    details = {
        "lines": typed,
        "valid_until": st.session_state.get(lines.key_of(sheet, "until")),
        "conditions": st.session_state.get(lines.key_of(sheet, "conditions")) or "",
    }
    key = ("quote", sheet.id, sheet.version, str(details))
    act_once(key, selling.save_lines, sheet.id, version=sheet.version, done="The quote is saved", **details)


def _shown(sheet: Sheet, *, sells: bool) -> None:
    """The quote as it stands, to read."""
    if not sheet.lines:
        st.caption("No lines were written yet.")
        return
    st.table(_table(sheet))
    until = f"Valid until {say.day(sheet.valid_until, year=True)}" if sheet.valid_until else "No validity set"
    st.caption(f"{until}. {plain(sheet.conditions)}")
    if sells and sheet.status in _REWRITABLE:
        key = lines.key_of(sheet, "rewrite")
        st.button("Change the quote", key=f"{key}.do", icon=":material/edit:", on_click=_rewrite, args=(key,))


def _rewrite(key: str) -> None:
    st.session_state[key] = True


def _table(sheet: Sheet) -> dict[str, list[str]]:
    """The lines, column by column, and what they come to under them; short enough for a narrow screen."""
    prices = [say.money(line.unit_price, sheet.currency) for line in sheet.lines]
    return {
        "What is sold": [*(plain(line.text) for line in sheet.lines), "**Total**"],
        "At": [
            *(f"{line.quantity.normalize():,f} × {price}" for line, price in zip(sheet.lines, prices, strict=True)),
            "",
        ],
        "Less": [*map(_less, sheet.lines), ""],
        "Amount": [
            *(say.money(net(line, sheet.currency), sheet.currency) for line in sheet.lines),
            f"**{say.money(sheet.totals.total, sheet.currency)}**",
        ],
    }


def _less(line: Line) -> str:
    return f"{line.discount_pct.normalize():f}%" if line.discount_pct else "–"


def _papers(sheet: Sheet) -> None:
    if not sheet.papers:
        return
    st.markdown("#### Documents")
    st.dataframe(
        {
            "Document": [one.title for one in sheet.papers],
            "What": [t(f"document.use.{one.use}") for one in sheet.papers],
            "Version": [one.number for one in sheet.papers],
            "Size": [say.size(one.size) for one in sheet.papers],
            "Added": [f"{say.instant(one.added_at)}, {one.added_by}" for one in sheet.papers],
            "File": [one.address for one in sheet.papers],
        },
        column_config={"File": st.column_config.LinkColumn(display_text="Download", width="small")},
        hide_index=True,
        height="content",
        alt="Documents of this deal, newest first",
    )
