"""Reading deals as a reseller's people do: those their role shows them, with money where it has money."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, ContactRole, actor_of, allowed, permits
from core.clock import now
from core.contacts.models import Contact
from core.contacts.money import sees_money
from core.deals.dossier import DealDocument, documents_of, reviews_of
from core.deals.listing import COLUMNS, MOST_ROWS, Sort
from core.deals.models import Customer, DealDraft, PlanVersion, Product, Protection, Quote, Sale, Territory, Waiting
from core.deals.rows import get_own_deal, shown_to
from core.deals.states import (
    REVIEW_WITHIN,
    DocumentUse,
    QuoteKind,
    QuoteStatus,
    SaleStatus,
    TermsKind,
    Verdict,
)
from core.deals.terms import DRAFT_AMOUNT
from core.errors import NotAllowed

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
    """What the actor typed and did not submit yet; without its amount where amounts are not shown."""

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
    """A page of the deals the actor's role shows. ``text``: part of the customer's name, or a reference.

    Raises:
        NotAllowed: sorting by amounts, for a role without money.
    """
    by, money = actor_of(session), sees_money(session)
    if sort is Sort.AMOUNT and not money:
        raise NotAllowed
    shown = [*shown_to(by), *([_meant(text.strip())] if text.strip() else [])]
    counted = session.execute(select(Quote.status, func.count()).where(*shown).group_by(Quote.status))
    counts: dict[QuoteStatus, int] = {row[0]: row[1] for row in counted}
    wanted = [*shown, Quote.status == status] if status else shown
    order = [COLUMNS[sort], Quote.id]
    order_by = [column.desc() for column in order] if descending else order
    size = max(1, min(size, MOST_ROWS))
    found = _lines().where(*wanted).order_by(*order_by).limit(size).offset((max(1, page) - 1) * size)
    rows = [_row(line, by, money=money) for line in session.execute(found)]
    return MyDeals(rows, counts.get(status, 0) if status else sum(counts.values()), counts)


@permits(Act.SEE_DEALS)
def my_deal(session: Session, quote_id: UUID) -> MyDeal:
    """One deal.

    Raises:
        NotFound: there is none, or the role does not show it.
    """
    by, money = actor_of(session), sees_money(session)
    quote = get_own_deal(session, quote_id, by=by)
    line = session.execute(_lines().where(Quote.id == quote_id)).one()
    customer, plan = session.get_one(Customer, quote.customer_id), _plan_of(session, quote)
    is_viewer, may_sell = by.contact_role is ContactRole.VIEWER, allowed(by, Act.SUBMIT_DEALS)
    return MyDeal(
        row=_row(line, by, money=money),
        customer_domain="" if is_viewer else customer.domain,
        customer_registration="" if is_viewer else customer.registration,
        customer_contact="" if is_viewer else quote.customer_contact,
        product_id=quote.product_id,
        territory_id=quote.territory_id,
        need="" if is_viewer else quote.need,
        terms=quote.terms if money else None,
        commission_pct=quote.commission_pct if money else None,
        plan=f"{plan.plan} {plan.number}" if plan and money else "",
        conditions=quote.conditions if money else "",
        valid_until=quote.valid_until,
        sent_at=quote.sent_at,
        answered_at=quote.answered_at,
        protected_until=_protected_until(session, quote),
        waits_since=_waits_since(session, quote),
        reviews=[] if is_viewer else [MyReview(one.verdict, one.at, one.note) for one in reviews_of(session, quote_id)],
        documents=[] if is_viewer else _documents(session, quote_id, money=money),
        sale=_sale(line.Sale, money=money) if line.Sale else None,
        may_edit=may_sell and quote.status is QuoteStatus.RETURNED,
        may_withdraw=may_sell and quote.status in (QuoteStatus.PENDING, QuoteStatus.RETURNED),
        may_upload=may_sell and quote.kind is QuoteKind.QUOTE and quote.status in _ORDERED_IN,
        version=quote.version,
    )


@permits(Act.SUBMIT_DEALS)
def my_draft(session: Session) -> MyDraft | None:
    """What the actor typed into the form for a new deal and did not submit yet."""
    found = session.scalars(select(DealDraft).where(DealDraft.contact_id == actor_of(session).id)).one_or_none()
    if found is None:
        return None
    hidden = () if sees_money(session) else (DRAFT_AMOUNT,)
    return MyDraft({name: text for name, text in found.content.items() if name not in hidden}, found.saved_at)


_ORDERED_IN = (QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.ACCEPTED)


def _lines() -> Any:
    """Deals with the names of what they point to, and the invoice."""
    names: tuple[Any, ...] = (Product, Territory, Contact.name.label("contact"), Sale)
    return (
        select(Quote, *names)
        .join(Product, Product.id == Quote.product_id)
        .join(Territory, Territory.id == Quote.territory_id)
        .outerjoin(Contact, Contact.id == Quote.contact_id)
        .outerjoin(Sale, Sale.quote_id == Quote.id)
    )


def _meant(text: str) -> ColumnElement[bool]:
    named = Quote.customer_name.icontains(text, autoescape=True)
    return or_(named, Quote.reference == text.upper()[:20], Quote.quote_reference == text.upper()[:20])


def _row(line: Row[Any], by: Actor, *, money: bool) -> MyDealRow:
    quote: Quote = line.Quote
    return MyDealRow(
        id=quote.id,
        reference=quote.reference,
        quote_reference=quote.quote_reference,
        status=quote.status,
        customer=quote.customer_name,
        product=_named(line.Product, by),
        territory=_named(line.Territory, by),
        contact=line.contact or "",
        is_own=quote.contact_id == by.id,
        amount=quote.amount if money else None,
        currency=quote.currency if money else "",
        close_on=quote.close_on,
        submitted_at=quote.submitted_at,
        due_at=quote.submitted_at + REVIEW_WITHIN,
        decided_at=quote.decided_at,
        note="" if by.contact_role is ContactRole.VIEWER else quote.note,
        sale_status=line.Sale.status if line.Sale else None,
    )


def _named(row: Product | Territory, by: Actor) -> str:
    return row.name_ar if by.language == "ar" and row.name_ar else row.name


def _plan_of(session: Session, quote: Quote) -> PlanVersion | None:
    return session.get(PlanVersion, quote.plan_version_id) if quote.plan_version_id else None


def _protected_until(session: Session, quote: Quote) -> datetime | None:
    in_force = (Protection.quote_id == quote.id, Protection.ended.is_(None), Protection.ends_at > now())
    return session.scalar(select(Protection.ends_at).where(*in_force).limit(1))


def _waits_since(session: Session, quote: Quote) -> datetime | None:
    if quote.status not in (QuoteStatus.PENDING, QuoteStatus.RETURNED):
        return None
    return session.scalar(select(Waiting.since).where(Waiting.quote_id == quote.id))


def _documents(session: Session, quote_id: UUID, *, money: bool) -> list[DealDocument]:
    """Orders, quotes and invoices have amounts in them."""
    return documents_of(session, quote_id, *(() if money else (DocumentUse.ATTACHMENT,)))


def _sale(sale: Sale, *, money: bool) -> MySale:
    return MySale(
        id=sale.id,
        invoice_number=sale.invoice_number,
        status=sale.status,
        amount=sale.amount if money else None,
        currency=sale.currency if money else "",
        invoiced_at=sale.invoiced_at,
        due_on=sale.due_on,
        paid_at=sale.paid_at,
    )
