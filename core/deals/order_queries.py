"""Reading purchase orders: those of a deal, those that wait to be settled, and a partner's own."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from core.actor import Act, actor_of, permits
from core.contacts.money import sees_money
from core.deals.models import PurchaseOrder, Quote
from core.deals.order_match import What, read_differences
from core.deals.rows import shown_to
from core.deals.states import SET_ASIDE, UNSETTLED, OrderState
from core.partners.models import Partner

PAGE = 25


@dataclass(frozen=True)
class Shown:
    """One thing that differs, as people read it."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class OtherOrder:
    """An order of the same number that another deal has."""

    partner: str
    customer: str
    reference: str
    uploaded_at: datetime


@dataclass(frozen=True)
class OrderRow:
    """A purchase order as the team sees it. ``others``: orders of the same number elsewhere."""

    id: UUID
    quote_id: UUID
    reference: str
    quote_reference: str
    partner: str
    customer: str
    """As the deal has it."""
    document_id: UUID
    number: str
    customer_name: str
    """As the order has it."""
    amount: Decimal
    currency: str
    state: OrderState
    differences: tuple[Shown, ...]
    uploaded_at: datetime
    uploaded_by: str
    settled_at: datetime | None
    settled_by: str
    settled_note: str
    replaced_by: str
    """The number of the order uploaded instead."""
    others: tuple[OtherOrder, ...] = ()


@dataclass(frozen=True)
class MyOrder:
    """A purchase order as its partner sees it; that another partner has the same number is not told.

    ``is_waiting``: it is being checked. ``replaced_by``: the number of the order uploaded instead.
    """

    id: UUID
    document_id: UUID
    number: str
    state: OrderState
    is_waiting: bool
    differences: tuple[Shown, ...]
    amount: Decimal
    currency: str
    uploaded_at: datetime
    uploaded_by: str
    note: str
    replaced_by: str


@permits(Act.READ_DEALS)
def orders(session: Session, quote_id: UUID) -> list[OrderRow]:
    """The purchase orders of a deal, newest first."""
    found = _rows().where(PurchaseOrder.quote_id == quote_id).order_by(PurchaseOrder.uploaded_at.desc())
    return _with_others(session, [_row(*row) for row in session.execute(found)])


@permits(Act.READ_DEALS)
def waiting_orders(session: Session, *, page: int = 1, size: int = PAGE) -> tuple[list[OrderRow], int]:
    """One page of the orders that wait to be settled, the oldest first, and how many there are in all."""
    found = _rows().where(PurchaseOrder.state.in_(UNSETTLED)).order_by(PurchaseOrder.uploaded_at, PurchaseOrder.id)
    total = session.scalar(
        select(func.count()).select_from(PurchaseOrder).where(PurchaseOrder.state.in_(UNSETTLED))
    )  # fmt: skip
    rows = session.execute(found.limit(size).offset((page - 1) * size))
    return _with_others(session, [_row(*row) for row in rows]), total or 0


@permits(Act.SEE_DEALS)
def my_orders(session: Session, quote_id: UUID) -> list[MyOrder]:
    """The purchase orders of one of the actor's deals, newest first; none for who may not see amounts now."""
    by = actor_of(session)
    if not sees_money(session):
        return []
    found = select(PurchaseOrder, Quote.currency).join(Quote, Quote.id == PurchaseOrder.quote_id)
    mine = found.where(PurchaseOrder.quote_id == quote_id, *shown_to(by)).order_by(PurchaseOrder.uploaded_at.desc())
    return [_mine(order, currency, by.language) for order, currency in session.execute(mine)]


def _rows() -> Select[PurchaseOrder, Quote, str]:
    return (
        select(PurchaseOrder, Quote, Partner.name)
        .join(Quote, Quote.id == PurchaseOrder.quote_id)
        .join(Partner, Partner.id == PurchaseOrder.partner_id)
    )


def _row(order: PurchaseOrder, quote: Quote, partner: str) -> OrderRow:
    return OrderRow(
        id=order.id,
        quote_id=quote.id,
        reference=quote.reference,
        quote_reference=quote.quote_reference or "",
        partner=partner,
        customer=quote.customer_name,
        document_id=order.document_id,
        number=order.number,
        customer_name=order.customer_name,
        amount=order.amount,
        currency=order.currency,
        state=order.state,
        differences=_shown(order, quote.currency, "en"),
        uploaded_at=order.uploaded_at,
        uploaded_by=order.uploaded_by,
        settled_at=order.settled_at,
        settled_by=order.settled_by,
        settled_note=order.settled_note,
        replaced_by=order.replaced_by,
    )


def _shown(order: PurchaseOrder, currency: str, language: str, *, but: What | None = None) -> tuple[Shown, ...]:
    found = [one for one in read_differences(order.differences) if one.what is not but]
    return tuple(Shown(*one.shown(currency, order.currency, language)) for one in found)


def _mine(order: PurchaseOrder, currency: str, language: str) -> MyOrder:
    collision = What.NUMBER if order.state is OrderState.COLLIDES else None
    return MyOrder(
        id=order.id,
        document_id=order.document_id,
        number=order.number,
        state=order.state,
        is_waiting=order.state in UNSETTLED,
        differences=_shown(order, currency, language, but=collision),
        amount=order.amount,
        currency=order.currency,
        uploaded_at=order.uploaded_at,
        uploaded_by=order.uploaded_by,
        note=order.settled_note,
        replaced_by=order.replaced_by,
    )


def _with_others(session: Session, rows: list[OrderRow]) -> list[OrderRow]:
    """The rows with orders of the same number of other deals; one statement for all."""
    other, mine = aliased(PurchaseOrder), aliased(PurchaseOrder)
    same = (other.number_key == mine.number_key, other.quote_id != mine.quote_id, other.state.not_in(SET_ASIDE))
    asked = [row.id for row in rows if row.state is OrderState.COLLIDES or row.differences]
    if not asked:
        return rows
    found = session.execute(
        select(mine.id, Partner.name, Quote.customer_name, Quote.reference, other.uploaded_at)
        .join(other, and_(*same))
        .join(Quote, Quote.id == other.quote_id)
        .join(Partner, Partner.id == other.partner_id)
        .where(mine.id.in_(asked))
        .order_by(other.uploaded_at)
    ).all()
    by_order: dict[UUID, list[OtherOrder]] = {}
    for order_id, partner, customer, reference, at in found:
        by_order.setdefault(order_id, []).append(OtherOrder(partner, customer, reference, at))
    return [replace(row, others=tuple(by_order.get(row.id, ()))) for row in rows]
