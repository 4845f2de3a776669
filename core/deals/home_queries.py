"""What a reseller's person finds first: what waits for them, how the deals stand, what ends soon, what is new.

Each part is cut to the role: who registers deals has something to do, a viewer sees nothing but where deals stand, and
amounts are there only for who may see them on this device.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, ContactRole, actor_of, allowed, permits
from core.clock import now
from core.contacts.money import sees_money
from core.deals.models import Protection, PurchaseOrder, Quote, Sale
from core.deals.rows import shown_to
from core.deals.states import SET_ASIDE, QuoteStatus, SaleStatus

MOST = 50
"""How many tasks, and how many endings, are told at most; the soonest come first."""
NEWEST = 6
SOON = timedelta(days=30)
_ORDER = (
    QuoteStatus.RETURNED,
    QuoteStatus.PENDING,
    QuoteStatus.DRAFT,
    QuoteStatus.SENT,
    QuoteStatus.ACCEPTED,
    QuoteStatus.INVOICED,
    QuoteStatus.EXPIRED,
    QuoteStatus.REJECTED,
    QuoteStatus.DECLINED,
    QuoteStatus.WITHDRAWN,
)
"""As deals pass through them, what ended without a sale last."""


class Task(StrEnum):
    """What a deal waits for its partner to do."""

    EDIT = "edit"
    """It was returned with questions."""
    ORDER = "order"
    """A quote is out; the customer's order is to be uploaded."""


@dataclass(frozen=True)
class Waiting:
    """A deal that waits for its partner. ``note``: what the reviewer asks; ``until``: the quote's last day."""

    id: UUID
    reference: str
    customer: str
    task: Task
    since: datetime
    note: str
    until: date | None


@dataclass(frozen=True)
class Standing:
    """How many deals are of a status, and what they amount to by currency; no amounts for who may not see them."""

    status: QuoteStatus
    count: int
    amounts: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Ending:
    """A deal whose protection ends within thirty days, and when."""

    id: UUID
    reference: str
    customer: str
    at: datetime


@dataclass(frozen=True)
class Change:
    """A deal that changed lately, where it stands since, and from when. ``note`` is empty for a viewer."""

    id: UUID
    reference: str
    customer: str
    status: QuoteStatus
    sale_status: SaleStatus | None
    at: datetime
    note: str


@dataclass(frozen=True)
class HomeFacts:
    """Everything the first page shows about deals; ``standings`` in the order deals pass through them."""

    waiting: list[Waiting]
    standings: list[Standing]
    endings: list[Ending]
    changes: list[Change]


@permits(Act.SEE_DEALS)
def home(session: Session) -> HomeFacts:
    """What the first page tells whoever asks about the deals their role shows."""
    by = actor_of(session)
    standings = _standings(session, by)
    return HomeFacts(
        waiting=_waiting(session, by) if allowed(by, Act.SUBMIT_DEALS) else [],
        standings=standings,
        endings=_endings(session, by) if by.contact_role is not ContactRole.VIEWER else [],
        changes=_changes(session, by) if standings else [],
    )


def _standings(session: Session, by: Actor) -> list[Standing]:
    with_money = sees_money(session)
    summed = select(Quote.status, Quote.currency, func.count(), func.sum(Quote.amount) if with_money else func.count())
    rows = session.execute(summed.where(*shown_to(by)).group_by(Quote.status, Quote.currency).order_by(Quote.currency))
    found: dict[QuoteStatus, list[Any]] = {}
    for status, *figures in rows:
        found.setdefault(status, []).append(figures)
    return [
        Standing(
            status=status,
            count=sum(count for _, count, _ in found[status]),
            amounts=tuple((currency, amount) for currency, _, amount in found[status]) if with_money else (),
        )
        for status in sorted(found, key=_ORDER.index)
    ]


def _waiting(session: Session, by: Actor) -> list[Waiting]:
    """Returned deals before quotes that want an order; of each, what waits longest or ends soonest first."""
    ordered = select(PurchaseOrder.id).where(PurchaseOrder.quote_id == Quote.id, PurchaseOrder.state.not_in(SET_ASIDE))
    returned = Quote.status == QuoteStatus.RETURNED
    quoted = Quote.status.in_((QuoteStatus.SENT, QuoteStatus.ACCEPTED)) & ~ordered.exists()
    rows = session.scalars(
        select(Quote)
        .where(*shown_to(by), returned | quoted)
        .order_by(case((returned, 0), else_=1), Quote.valid_until.nulls_last(), Quote.decided_at, Quote.id)
        .limit(MOST)
    )
    return [_task(row) for row in rows]


def _task(row: Quote) -> Waiting:
    is_returned = row.status is QuoteStatus.RETURNED
    return Waiting(
        id=row.id,
        reference=row.reference,
        customer=row.customer_name,
        task=Task.EDIT if is_returned else Task.ORDER,
        since=(row.decided_at if is_returned else row.sent_at) or row.submitted_at,
        note=row.note if is_returned else "",
        until=None if is_returned else row.valid_until,
    )


def _endings(session: Session, by: Actor) -> list[Ending]:
    at = now()
    rows = session.execute(
        select(Quote.id, Quote.reference, Quote.customer_name, Protection.ends_at)
        .join(Quote, Quote.id == Protection.quote_id)
        .where(*shown_to(by), Protection.ended.is_(None), Protection.ends_at > at, Protection.ends_at <= at + SOON)
        .order_by(Protection.ends_at, Quote.id)
        .limit(MOST)
    )
    return [Ending(*row) for row in rows]


def _changes(session: Session, by: Actor) -> list[Change]:
    at, with_notes = _changed_at(), by.contact_role is not ContactRole.VIEWER
    rows = session.execute(
        select(Quote.id, Quote.reference, Quote.customer_name, Quote.status, Sale.status, at, Quote.note)
        .outerjoin(Sale, Sale.quote_id == Quote.id)
        .where(*shown_to(by))
        .order_by(at.desc(), Quote.id.desc())
        .limit(NEWEST)
    )
    return [Change(*row[:6], note=row[6] if with_notes else "") for row in rows]


def _changed_at() -> ColumnElement[datetime]:
    """When a deal came to stand where it stands; of one that is reviewed (again), when it was submitted."""
    sold = (Sale.cancelled_at, Sale.refunded_at, Sale.paid_at, Sale.invoiced_at)
    newest = func.coalesce(*sold, Quote.answered_at, Quote.sent_at, Quote.decided_at, Quote.submitted_at)
    found: ColumnElement[datetime] = case((Quote.status == QuoteStatus.PENDING, Quote.submitted_at), else_=newest)
    return found
