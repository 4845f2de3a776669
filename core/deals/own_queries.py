"""Reading deals as a reseller's people do: those their role shows them, with money where it has money."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.deals.queries import DealDocument, Sort
from core.deals.states import QuoteStatus, SaleStatus, TermsKind, Verdict

PAGE = 25


@dataclass(frozen=True)
class MyDealRow:
    """One deal of a reseller's list. ``amount`` is None for a role without money, ``note`` "" for a viewer.

    ``due_at``: when a waiting intent should be decided.
    """

    id: UUID
    reference: str
    quote_reference: str | None
    status: QuoteStatus
    customer: str
    product: str
    territory: str
    contact: str
    is_own: bool
    amount: Decimal | None
    currency: str
    close_on: date
    submitted_at: datetime
    due_at: datetime
    decided_at: datetime | None
    note: str
    sale_status: SaleStatus | None


@dataclass(frozen=True)
class MyDeals:
    """A page of deals, how many there are in all, and how many of each status."""

    rows: list[MyDealRow]
    total: int
    counts: dict[QuoteStatus, int]


@dataclass(frozen=True)
class MyReview:
    """A decision as the partner reads it: nobody's name, and no word about other partners."""

    verdict: Verdict
    at: datetime
    note: str


@dataclass(frozen=True)
class MySale:
    """The invoice. ``amount`` is None for a role without money."""

    id: UUID
    invoice_number: str
    status: SaleStatus
    amount: Decimal | None
    currency: str
    invoiced_at: datetime
    due_on: date
    paid_at: datetime | None


@dataclass(frozen=True)
class MyDeal:
    """One deal as its partner sees it; what the role may not see is empty.

    ``may_edit``: a returned intent may be changed and sent again; ``may_upload``: a purchase order may be uploaded.
    ``terms``, ``commission_pct``, ``plan``: how the partner is paid, for roles with money.
    """

    row: MyDealRow
    customer_domain: str
    customer_registration: str
    customer_contact: str
    product_id: UUID
    territory_id: UUID
    need: str
    terms: TermsKind | None
    commission_pct: Decimal | None
    plan: str
    conditions: str
    valid_until: date | None
    sent_at: datetime | None
    answered_at: datetime | None
    protected_until: datetime | None
    waits_since: datetime | None
    """Since when it waits for another's protection to end, without saying whose."""
    reviews: list[MyReview]
    documents: list[DealDocument]
    sale: MySale | None
    may_edit: bool
    may_withdraw: bool
    may_upload: bool
    version: int


@dataclass(frozen=True)
class MyDraft:
    """What the actor typed and did not submit yet."""

    content: dict[str, Any]
    saved_at: datetime


@permits(Act.SEE_DEALS)
def my_deals(
    session: Session,
    *,
    status: QuoteStatus | None = None,
    text: str = "",
    sort: Sort = Sort.SUBMITTED,
    descending: bool = True,
    page: int = 1,
    size: int = PAGE,
) -> MyDeals:
    """A page of the deals the actor's role shows.

    Raises:
        NotAllowed: sorting by amounts, for a role without money.
    """
    raise NotImplementedError


@permits(Act.SEE_DEALS)
def my_deal(session: Session, quote_id: UUID) -> MyDeal:
    """One deal.

    Raises:
        NotFound: there is none, or the role does not show it.
    """
    raise NotImplementedError


@permits(Act.SUBMIT_DEALS)
def my_draft(session: Session) -> MyDraft | None:
    """What the actor typed into the form for a new deal and did not submit yet."""
    raise NotImplementedError
