"""Reading deals as the team does: the review queue, one intent with what its decision needs, and every deal."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.deals.lookalikes import Collision
from core.deals.protection import Barrier
from core.deals.states import DocumentUse, QuoteKind, QuoteStatus, SaleStatus, TermsKind, Verdict

PAGE = 50
"""Rows of a page."""


class Sort(StrEnum):
    """What a list of deals may be sorted by."""

    SUBMITTED = "submitted"
    AMOUNT = "amount"
    CUSTOMER = "customer"
    CLOSING = "closing"
    NUMBER = "number"


@dataclass(frozen=True)
class DealRow:
    """One deal of a list. ``due_at``: when an intent should be decided; ``override``: it was approved against one."""

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
    """A page of deals. ``total``: how many there are in all, or the bound up to which they are counted.

    ``is_more``: there are more than ``total``.
    """

    rows: list[DealRow]
    total: int
    is_more: bool


@dataclass(frozen=True)
class PastDeal:
    """A deal that a partner brought before."""

    id: UUID
    reference: str
    customer: str
    status: QuoteStatus
    amount: Decimal
    currency: str
    submitted_at: datetime


@dataclass(frozen=True)
class PartnerRecord:
    """What is known of a partner's deals so far, the one in hand left out.

    ``win_rate``: won among won and lost, None where there are neither. ``rejected``: by a review.
    """

    id: UUID
    name: str
    owner: str
    default_commission_pct: Decimal
    reseller_since: datetime | None
    won: int
    lost: int
    rejected: int
    waiting: int
    win_rate: Decimal | None
    latest: list[PastDeal]


@dataclass(frozen=True)
class Waiter:
    """An intent that waits for the same customer."""

    quote_id: UUID
    reference: str
    partner: str
    since: datetime


@dataclass(frozen=True)
class ReviewRow:
    """One decision."""

    verdict: Verdict
    at: datetime
    by: str
    note: str
    override: str
    submitted_at: datetime


@dataclass(frozen=True)
class DealDocument:
    """A document of a deal. ``id`` is the document's."""

    id: UUID
    title: str
    use: DocumentUse
    uploaded_at: datetime
    size: int


@dataclass(frozen=True)
class Intent:
    """Everything of one deal that a decision is made from."""

    row: DealRow
    partner: PartnerRecord
    contact_id: UUID | None
    contact_email: str
    customer_id: UUID
    customer_domain: str
    customer_registration: str
    customer_contact: str
    product_id: UUID
    product_price: Decimal
    product_currency: str
    territory_id: UUID
    exclusive_partner: str
    """Whose territory it is alone; "" when everybody's."""
    need: str
    terms: TermsKind | None
    plan_version_id: UUID | None
    plan: str
    """"Growth, version 2"; "" without a plan."""
    protected_until: datetime | None
    collisions: list[Collision]
    barriers: list[Barrier]
    waiting: list[Waiter]
    reviews: list[ReviewRow]
    documents: list[DealDocument]


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
    """A page of deals of every kind."""

    rows: list[SoldDeal]
    total: int
    is_more: bool


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
    raise NotImplementedError


@permits(Act.READ_DEALS)
def intent(session: Session, quote_id: UUID) -> Intent:
    """One deal with all that its decision needs; a decided one too.

    Raises:
        NotFound: there is none in this company.
    """
    raise NotImplementedError


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
    """A page of deals, the newest first: quotes, or with ``kind`` None and a ``partner_id`` all of a partner's."""
    raise NotImplementedError
