"""Comparing purchase orders with what is agreed now; each is part of another act."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.deals.lines import totals
from core.deals.models import PurchaseOrder, Quote
from core.deals.order_match import Difference, Ordered, differences, state_of
from core.deals.sale_rows import kept_lines
from core.deals.states import COUNTS, SET_ASIDE, UNSETTLED, OrderState
from core.errors import Conflict


class OrderUnsettled(Conflict):
    """Purchase order {number} is not what was agreed. Accept or refuse it first."""


def compared(session: Session, quote: Quote, order: PurchaseOrder, agreed: Decimal) -> list[Difference]:
    """Compare an order with a deal, and put what differs and how it stands into its row. ``agreed``: the total."""
    others = (PurchaseOrder.number_key == order.number_key, PurchaseOrder.state.not_in(SET_ASIDE))
    elsewhere = session.execute(
        select(PurchaseOrder.partner_id).where(*others, PurchaseOrder.quote_id != quote.id).distinct()
    ).scalars()
    partners = set(elsewhere)
    found = differences(
        Ordered(order.customer_name, order.amount, order.currency),
        Ordered(quote.customer_name, agreed, quote.currency),
        number=order.number,
        number_is_used=bool(partners),
    )
    order.differences = [one.stored() for one in found]
    order.state = state_of(found, collides=bool(partners - {quote.partner_id}))
    return found


def agreed_total(session: Session, quote: Quote) -> Decimal:
    """What a deal comes to: its lines, or what was registered where it has none."""
    lines = kept_lines(session, quote)
    return totals(lines, quote.currency).total if lines else quote.amount


def compare_again(session: Session, quote: Quote, agreed: Decimal) -> None:
    """Compare the orders nobody decided about with a quote that was changed."""
    open_ones = (PurchaseOrder.quote_id == quote.id, PurchaseOrder.state.in_({*UNSETTLED, OrderState.MATCHED}))
    for order in session.scalars(select(PurchaseOrder).where(*open_ones)):
        compared(session, quote, order, agreed)
    session.flush()


def order_to_invoice(session: Session, quote: Quote) -> PurchaseOrder | None:
    """The newest order that counts; None where the customer sent none.

    Raises:
        OrderUnsettled: one differs, and nobody settled that yet.
    """
    theirs = select(PurchaseOrder).where(PurchaseOrder.quote_id == quote.id).order_by(PurchaseOrder.uploaded_at.desc())
    orders = session.scalars(theirs).all()
    if (waiting := next((order for order in orders if order.state in UNSETTLED), None)) is not None:
        raise OrderUnsettled(number=waiting.number)
    return next((order for order in orders if order.state in COUNTS), None)
