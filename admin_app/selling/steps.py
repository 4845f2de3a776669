"""What can be done with a quote and its invoice as they stand; each asks once more and says what will happen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.clock import today
from core.deals import selling
from core.deals.sale_queries import Sheet
from core.deals.states import UNSETTLED, QuoteStatus, SaleStatus

NET_DAYS = 30


def draw(sheet: Sheet, *, zone: str) -> None:
    """The next steps, side by side."""
    with st.container(horizontal=True):
        if can_be_sent(sheet, zone):
            _send(sheet)
        if sheet.status is QuoteStatus.SENT:
            _answer(sheet, accepted=True)
        if sheet.status is QuoteStatus.ACCEPTED:
            _invoice(sheet, zone)
        if sheet.status in (QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.ACCEPTED):
            _answer(sheet, accepted=False)
        if sheet.sale and sheet.sale.status is SaleStatus.INVOICED:
            _pay(sheet, zone)
            _undo(sheet, "Cancel invoice…", "Cancel the invoice", selling.cancel, _CANCELLED)
        if sheet.sale and sheet.sale.status is SaleStatus.PAID:
            _undo(sheet, "Refund…", "Note the refund", selling.refund, _REFUNDED)


_CANCELLED = (
    "It keeps its number and is void; the deal cannot be invoiced again. The partner is told, with your reason."
)
_REFUNDED = "What was paid counts as paid back. The partner is told, with your reason."


def can_be_sent(sheet: Sheet, zone: str) -> bool:
    """Whether the kept quote says everything that a partner has to read. Otherwise it is saved first."""
    counts = sheet.valid_until is not None and sheet.valid_until >= today(zone)
    return sheet.status is QuoteStatus.DRAFT and bool(sheet.lines and sheet.partner) and counts


def _send(sheet: Sheet) -> None:
    with st.popover("Send quote…", key=_key(sheet, "send"), icon=":material/send:", type="primary"):
        total = say.money(sheet.totals.total, sheet.currency)
        st.markdown(
            f"**{sheet.number}** over **{total}** is filed as a PDF and mailed to {plain(sheet.partner)}'s people. "
            "The customer's name, prices and conditions stand on it; the commission does not."
        )
        _button(sheet, "Send it", "send", selling.send, sheet.id, done=f"{sheet.number} is sent")


def _answer(sheet: Sheet, *, accepted: bool) -> None:
    label, icon = ("Accepted…", ":material/thumb_up:") if accepted else ("Lost…", ":material/thumb_down:")
    with st.popover(label, key=_key(sheet, label), icon=icon, type="primary" if accepted else "secondary"):
        then = "It can be invoiced then." if accepted else "The deal is closed and its protection ends, for good."
        st.markdown(f"{plain(sheet.customer)} {'accepted' if accepted else 'declined'}. {then}")
        key = f"selling.{sheet.id}.note.{accepted}"
        st.text_area("Note", key=key, height=80, max_chars=2_000)
        name = "Note the acceptance" if accepted else "Close the deal as lost"
        done = "Accepted" if accepted else "Closed as lost"
        _button(
            sheet, name, f"answer.{accepted}", selling.answer, sheet.id, done=done, accepted=accepted, note=_Input(key)
        )


def _invoice(sheet: Sheet, zone: str) -> None:
    waits = next((order.number for order in sheet.orders if order.state in UNSETTLED), "")
    why = f"Settle purchase order {plain(waits)} first: it is not what was agreed." if waits else None
    icon, ask = ":material/receipt_long:", _key(sheet, "invoice")
    with st.popover("Invoice…", key=ask, icon=icon, type="primary", disabled=bool(waits), help=why):
        total = say.money(sheet.totals.total, sheet.currency)
        st.markdown(
            f"The invoice over **{total}** takes the next number, is filed as a PDF and mailed to the partner. "
            "It cannot be changed afterwards, only cancelled. The protection ends: the deal is won."
        )
        key = f"selling.{sheet.id}.due"
        st.session_state.setdefault(key, today(zone) + timedelta(days=NET_DAYS))
        st.date_input("Payment due", key=key, format="DD/MM/YYYY", required=True)
        _button(
            sheet,
            "Issue the invoice",
            "invoice",
            selling.invoice,
            sheet.id,
            done="The invoice is issued",
            due_on=_Input(key),
        )


def _pay(sheet: Sheet, zone: str) -> None:
    if sheet.sale is None:
        return
    with st.popover("Paid…", key=_key(sheet, "paid"), icon=":material/payments:", type="primary"):
        key = f"selling.{sheet.id}.paid"
        st.session_state.setdefault(key, today(zone))
        st.date_input("Paid on", key=key, format="DD/MM/YYYY", required=True)
        st.markdown(f"{say.money(sheet.sale.amount, sheet.currency)} was paid in full. The partner is told.")
        _button(sheet, "Note the payment", "pay", selling.pay, sheet.sale.id, done="Paid", at=_Input(key))


def _undo(sheet: Sheet, label: str, name: str, operation: Callable[..., Any], then: str) -> None:
    if sheet.sale is None:
        return
    with st.popover(label, key=_key(sheet, label), icon=":material/undo:"):
        st.markdown(f"**{sheet.sale.invoice_number}**: {then}")
        key = f"selling.{sheet.id}.{operation.__name__}.reason"
        st.text_area("Reason", key=key, height=80, max_chars=2_000)
        _button(sheet, name, operation.__name__, operation, sheet.sale.id, done="Done", reason=_Input(key))


def _key(sheet: Sheet, name: str) -> str:
    """A question's key: without one, the next step's question would stand open where this one was answered."""
    return f"selling.{sheet.id}.{sheet.version}.{name}.ask"


class _Input(str):
    """The key of an input whose value is taken when the button is pressed."""

    __slots__ = ()


def _button(
    sheet: Sheet, label: str, name: str, operation: Callable[..., Any], *subject: Any, done: str, **details: Any
) -> None:
    st.button(
        label, key=f"selling.{sheet.id}.{name}.do", type="primary", on_click=_do,
        args=((sheet.id, sheet.version, name), operation, subject, done, details),
    )  # fmt: skip


def _do(
    key: object, operation: Callable[..., Any], subject: tuple[Any, ...], done: str, details: dict[str, Any]
) -> None:
    told = {
        name: st.session_state.get(value, "") if isinstance(value, _Input) else value for name, value in details.items()
    }
    act_once(key, operation, *subject, done=done, **told)
