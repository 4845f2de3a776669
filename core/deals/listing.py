"""Lists of deals for the team: the review queue and every deal, filtered, sorted and paged by the database.

A page of a hundred thousand costs what one of a thousand costs: the rows of a page are found by an index in the order
they are shown, and counted no further than ``COUNTED``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.actor import Act, permits
from core.contacts.models import Contact
from core.deals.models import Customer, Product, Quote, Sale, Territory
from core.deals.numbering import Series, reference
from core.deals.states import REVIEW_WITHIN, QuoteKind, QuoteStatus, SaleStatus
from core.partners.models import Partner

PAGE = 50
"""Rows of a page."""
MOST_ROWS = 200
"""Rows of a page at most."""
COUNTED = 1_000
"""How far rows are counted."""
FEW = 500
"""How many customers a text may mean before deals are searched instead."""
INTENTS = (QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN)
_REFERENCE = re.compile(r"(DI|Q|)[\s-]*0*(\d{1,9})", re.IGNORECASE)
_WHOLE_REFERENCE = re.compile(r"(DI|Q)-\d{4,9}", re.IGNORECASE)
"""As references are written; a customer may be called "Q8"."""


class Sort(StrEnum):
    """What a list of deals may be sorted by."""

    SUBMITTED = "submitted"
    AMOUNT = "amount"
    CUSTOMER = "customer"
    CLOSING = "closing"
    NUMBER = "number"


COLUMNS: dict[Sort, InstrumentedAttribute[Any]] = {
    Sort.SUBMITTED: Quote.submitted_at,
    Sort.AMOUNT: Quote.amount,
    Sort.CUSTOMER: Quote.customer_name,
    Sort.CLOSING: Quote.close_on,
    Sort.NUMBER: Quote.number,
}


@dataclass(frozen=True)
class DealRow:
    """One deal of a list. ``due_at``: when an intent should be decided."""

    id: UUID
    reference: str
    quote_reference: str | None
    kind: QuoteKind
    status: QuoteStatus
    partner_id: UUID | None
    partner: str
    contact: str
    customer: str
    product: str
    territory: str
    amount: Decimal
    currency: str
    close_on: date
    submitted_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    note: str
    commission_pct: Decimal | None
    version: int


@dataclass(frozen=True)
class QueuePage:
    """A page of deals. ``total``: how many there are in all, counted up to ``COUNTED``; ``is_more``: beyond that."""

    rows: list[DealRow]
    total: int
    is_more: bool


@dataclass(frozen=True)
class SoldDeal:
    """A deal of the admin's list, with its invoice once there is one."""

    row: DealRow
    invoice_number: str
    sale_id: UUID | None
    sale_status: SaleStatus | None
    due_on: date | None


@dataclass(frozen=True)
class DealsPage:
    """A page of deals of every kind; see ``QueuePage``."""

    rows: list[SoldDeal]
    total: int
    is_more: bool


@dataclass(frozen=True)
class Chosen:
    """What a decision on several intents would decide. ``sums``: by currency; ``gone``: how many wait no more."""

    rows: list[DealRow]
    sums: dict[str, Decimal]
    partners: list[str]
    gone: int


@permits(Act.READ_DEALS)
def review_queue(
    session: Session,
    *,
    status: QuoteStatus = QuoteStatus.PENDING,
    text: str = "",
    partner_id: UUID | None = None,
    sort: Sort = Sort.SUBMITTED,
    descending: bool = False,
    page: int = 1,
    size: int = PAGE,
) -> QueuePage:
    """A page of the intents of one status. ``text``: part of a customer's or partner's name, or a reference."""
    wanted = [Quote.status == status, *_narrowed(session, text, partner_id)]
    rows, total, is_more = _page(session, _lines(), wanted, sort, descending=descending, page=page, size=size)
    return QueuePage([deal_row(row) for row in rows], total, is_more)


@permits(Act.READ_DEALS)
def deals(
    session: Session,
    *,
    kind: QuoteKind | None = QuoteKind.QUOTE,
    status: QuoteStatus | None = None,
    text: str = "",
    partner_id: UUID | None = None,
    sort: Sort = Sort.SUBMITTED,
    descending: bool = True,
    page: int = 1,
    size: int = PAGE,
) -> DealsPage:
    """A page of deals, the newest first: quotes, or with ``kind`` None intents too."""
    wanted = [Quote.kind == kind] if kind else []
    wanted += [Quote.status == status] if status else []
    wanted += _narrowed(session, text, partner_id)
    lines = _lines().add_columns(Sale.id, Sale.invoice_number, Sale.status, Sale.due_on)
    lines = lines.outerjoin(Sale, Sale.quote_id == Quote.id)
    rows, total, is_more = _page(session, lines, wanted, sort, descending=descending, page=page, size=size)
    return DealsPage([_sold(row) for row in rows], total, is_more)


@permits(Act.READ_DEALS)
def chosen(session: Session, quote_ids: list[UUID]) -> Chosen:
    """The intents among these that still wait, to be looked at before they are decided together."""
    rows = [deal_row(row) for row in _in_order(session, _lines(), quote_ids[:MOST_ROWS])]
    waiting = [row for row in rows if row.status is QuoteStatus.PENDING]
    sums: dict[str, Decimal] = {}
    for row in waiting:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    return Chosen(waiting, sums, sorted({row.partner for row in waiting}), len(quote_ids) - len(waiting))


def deal_row(row: Sequence[Any]) -> DealRow:
    """A line of ``_lines`` as a page shows it."""
    quote, partner, contact, product, territory = row[:5]
    same = {name: getattr(quote, name) for name in _SAME}
    return DealRow(
        **same,
        partner=partner or "",
        contact=contact or "",
        customer=quote.customer_name,
        product=product,
        territory=territory,
        due_at=quote.submitted_at + REVIEW_WITHIN,
    )


def _sold(row: Sequence[Any]) -> SoldDeal:
    sale_id, invoice_number, status, due_on = row[5:9]
    return SoldDeal(deal_row(row), invoice_number or "", sale_id, status, due_on)


_SAME = (
    "id", "reference", "quote_reference", "kind", "status", "partner_id", "amount", "currency", "close_on",
    "submitted_at", "escalated_at", "decided_at", "decided_by", "note", "commission_pct", "version",
)  # fmt: skip


def _lines() -> Select[Any]:
    """Deals with the names of what they point to."""
    names: tuple[Any, ...] = (Partner.name, Contact.name, Product.name, Territory.name)
    return (
        select(Quote, *names)
        .outerjoin(Product, Product.id == Quote.product_id)
        .outerjoin(Territory, Territory.id == Quote.territory_id)
        .outerjoin(Partner, Partner.id == Quote.partner_id)
        .outerjoin(Contact, Contact.id == Quote.contact_id)
    )


def _page(
    session: Session,
    lines: Select[Any],
    wanted: list[ColumnElement[bool]],
    sort: Sort,
    *,
    descending: bool,
    page: int,
    size: int,
) -> tuple[list[Row[Any]], int, bool]:
    """The deals a page shows, in its order; how many there are, up to ``COUNTED``, and whether there are more."""
    size = max(1, min(size, MOST_ROWS))
    order = [COLUMNS[sort], Quote.id]
    order_by = [column.desc() for column in order] if descending else order
    counted = select(func.count()).select_from(select(Quote.id).where(*wanted).limit(COUNTED + 1).subquery())
    found = lines.add_columns(counted.scalar_subquery()).where(*wanted).order_by(*order_by)
    rows = session.execute(found.limit(size).offset((max(1, page) - 1) * size)).all()
    count = rows[0][-1] if rows else session.scalar(counted) or 0
    return list(rows), min(count, COUNTED), count > COUNTED


def _in_order(session: Session, lines: Select[Any], ids: list[UUID]) -> list[Row[Any]]:
    if not ids:
        return []
    found = {row[0].id: row for row in session.execute(lines.where(Quote.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def _narrowed(session: Session, text: str, partner_id: UUID | None) -> list[ColumnElement[bool]]:
    narrowed = [Quote.partner_id == partner_id] if partner_id else []
    return [*narrowed, _meaning(session, text.strip())] if text.strip() else narrowed


def _meaning(session: Session, text: str) -> ColumnElement[bool]:
    """Which deals a typed text means: one by its whole reference, or by a number, or part of a name."""
    if _WHOLE_REFERENCE.fullmatch(text):
        return or_(*_referred_to(text))
    partner = select(Partner.id).where(
        or_(Partner.name.icontains(text, autoescape=True), Partner.name_ar.contains(text, autoescape=True))
    )
    either: list[ColumnElement[bool]] = [Quote.partner_id.in_(partner), _customers(session, text)]
    return or_(*either, *_referred_to(text))


def _referred_to(text: str) -> list[ColumnElement[bool]]:
    """The intent and the quote whose number this may be."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return []
    series, number = found[1].upper(), int(found[2])
    intent = [Quote.number == number] if series != "Q" else []
    return [*intent, Quote.quote_reference == reference(Series.QUOTE, number)] if series != "DI" else [*intent]


def _customers(session: Session, text: str) -> ColumnElement[bool]:
    """Deals of customers with this in their name: by the customers, where they are few."""
    named = select(Customer.id).where(Customer.name.icontains(text, autoescape=True)).limit(FEW + 1)
    found = session.scalars(named).all()
    return Quote.customer_id.in_(found) if len(found) <= FEW else Quote.customer_name.icontains(text, autoescape=True)
