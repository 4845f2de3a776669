"""One deal with everything that its decision is made from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.actor import Act, permits
from core.clock import now
from core.companies.models import Staff
from core.contacts.models import Contact
from core.deals.listing import DealRow, deal_row
from core.deals.lookalikes import Collision
from core.deals.models import (
    Customer,
    PlanVersion,
    Product,
    Protection,
    Quote,
    QuoteDocument,
    Review,
    Territory,
    Waiting,
)
from core.deals.protection import Barrier, barriers, collisions_of
from core.deals.states import DocumentUse, QuoteStatus, TermsKind, Verdict
from core.errors import NotFound
from core.nda.agreement_queries import Standing, partner_agreement
from core.partners.models import Partner
from core.vault.models import Document, DocumentVersion

LATEST = 5
WON = (QuoteStatus.ACCEPTED, QuoteStatus.INVOICED)
LOST = (QuoteStatus.DECLINED, QuoteStatus.EXPIRED)


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
    """What is known of a partner's deals, the one in hand left out.

    ``win_rate``: what was won, of one, among won and lost; None where there are neither. ``rejected``: by a review.
    ``agreement``: the reseller agreement; None when it was never signed.
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
    agreement: Standing | None


@dataclass(frozen=True)
class Waiter:
    """An intent that waits for the same customer, the longest first."""

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
    """Everything of one deal that a decision is made from.

    ``partner``: None of a deal of the company's own. ``waiting``: who waits for a protection that stands in the way, or
    for this deal's own. ``exclusive_partner``: whose territory it is alone, "" when everybody's. ``plan``: its name and
    version, "" without one.
    """

    row: DealRow
    partner: PartnerRecord | None
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
    need: str
    terms: TermsKind | None
    plan_version_id: UUID | None
    plan: str
    protected_until: datetime | None
    collisions: list[Collision]
    barriers: list[Barrier]
    waiting: list[Waiter]
    reviews: list[ReviewRow]
    documents: list[DealDocument]


@permits(Act.READ_DEALS)
def intent(session: Session, quote_id: UUID) -> Intent:
    """One deal with all that its decision needs; a decided one too.

    Raises:
        NotFound: there is none in this company.
    """
    found = _found(session, quote_id)
    quote, contact, customer, product, territory = (
        found.Quote,
        found.Contact,
        found.Customer,
        found.Product,
        found.Territory,
    )
    collisions = collisions_of(session, quote)
    in_way = barriers(session, quote, found=collisions)
    own: Protection | None = found.Protection
    awaited = [one.protection_id for one in in_way if one.protection_id] + ([own.id] if own else [])
    line = (quote, found.partner_name, contact.name if contact else "", product.name, territory.name)
    return Intent(
        row=deal_row(line),
        partner=_record(session, quote, found.Partner, found.owner_name) if found.Partner else None,
        contact_id=quote.contact_id,
        contact_email=contact.email if contact else "",
        customer_id=customer.id,
        customer_domain=customer.domain,
        customer_registration=customer.registration,
        customer_contact=quote.customer_contact,
        product_id=product.id,
        product_price=product.price,
        product_currency=product.currency,
        territory_id=territory.id,
        exclusive_partner=found.exclusive or "",
        need=quote.need,
        terms=quote.terms,
        plan_version_id=quote.plan_version_id,
        plan=f"{found.PlanVersion.plan}, version {found.PlanVersion.number}" if found.PlanVersion else "",
        protected_until=own.ends_at if own else None,
        collisions=collisions,
        barriers=in_way,
        waiting=_waiting(session, awaited),
        reviews=reviews_of(session, quote_id) if quote.decided_at else [],
        documents=documents_of(session, quote_id),
    )


def _found(session: Session, quote_id: UUID) -> Any:
    """The deal and all that it points to, in one look."""
    exclusive, at = aliased(Partner), now()
    names = (Partner.name.label("partner_name"), Staff.name.label("owner_name"), exclusive.name.label("exclusive"))
    rows: tuple[Any, ...] = (Quote, Partner, Contact, Customer, Product, Territory, PlanVersion, Protection, *names)
    in_force = (Protection.quote_id == Quote.id) & Protection.ended.is_(None) & (Protection.ends_at > at)
    wanted = (
        select(*rows)
        .join(Customer, Customer.id == Quote.customer_id)
        .join(Product, Product.id == Quote.product_id)
        .join(Territory, Territory.id == Quote.territory_id)
        .outerjoin(Partner, Partner.id == Quote.partner_id)
        .outerjoin(Staff, Staff.id == Partner.owner_id)
        .outerjoin(exclusive, exclusive.id == Territory.exclusive_partner_id)
        .outerjoin(Contact, Contact.id == Quote.contact_id)
        .outerjoin(PlanVersion, PlanVersion.id == Quote.plan_version_id)
        .outerjoin(Protection, in_force)
        .where(Quote.id == quote_id)
    )
    found = session.execute(wanted.limit(1)).one_or_none()
    if found is None:
        raise NotFound("This deal was not found. Choose one from the list.")
    return found


def _record(session: Session, quote: Quote, partner: Partner, owner: str | None) -> PartnerRecord:
    """Its latest deals, each row with the counts of them all beside it."""
    others = (Quote.partner_id == partner.id, Quote.id != quote.id)
    ends = {"won": WON, "lost": LOST, "rejected": (QuoteStatus.REJECTED,), "waiting": (QuoteStatus.PENDING,)}
    counts = [func.count().filter(Quote.status.in_(states)).over() for states in ends.values()]
    newest = select(Quote, *counts).where(*others).order_by(Quote.submitted_at.desc()).limit(LATEST)
    rows: list[Any] = list(session.execute(newest))
    won, lost, rejected, waiting = rows[0][1:] if rows else (0, 0, 0, 0)
    return PartnerRecord(
        id=partner.id,
        name=partner.name,
        owner=owner or "",
        default_commission_pct=partner.default_commission_pct,
        reseller_since=partner.reseller_since,
        won=won,
        lost=lost,
        rejected=rejected,
        waiting=waiting,
        win_rate=Decimal(won) / (won + lost) if won + lost else None,
        latest=[
            PastDeal(one.id, one.reference, one.customer_name, one.status, one.amount, one.currency, one.submitted_at)
            for one, *_ in rows
        ],
        agreement=partner_agreement(session, partner.id),
    )


def _waiting(session: Session, protection_ids: list[UUID]) -> list[Waiter]:
    if not protection_ids:
        return []
    queue = (
        select(Waiting, Quote.reference, Partner.name)
        .join(Quote, Quote.id == Waiting.quote_id)
        .join(Partner, Partner.id == Quote.partner_id)
        .where(Waiting.protection_id.in_(protection_ids))
        .where(Quote.status.in_((QuoteStatus.PENDING, QuoteStatus.RETURNED)))
    )
    rows = session.execute(queue.order_by(Waiting.since, Waiting.id).limit(50))
    return [Waiter(waiting.quote_id, reference, partner, waiting.since) for waiting, reference, partner in rows]


def reviews_of(session: Session, quote_id: UUID) -> list[ReviewRow]:
    """The decisions on a deal, the newest first; part of other reads."""
    found = session.scalars(
        select(Review).where(Review.quote_id == quote_id).order_by(Review.at.desc(), Review.id.desc())
    )
    return [ReviewRow(one.verdict, one.at, one.by, one.note, one.override, one.submitted_at) for one in found]


def documents_of(session: Session, quote_id: UUID, *uses: DocumentUse) -> list[DealDocument]:
    """The documents of a deal, of these uses only if any are named; part of other reads."""
    newest = (
        select(func.max(DocumentVersion.number))
        .where(DocumentVersion.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    found = (
        select(Document.id, Document.title, QuoteDocument.use, Document.changed_at, DocumentVersion.size)
        .join(QuoteDocument, QuoteDocument.document_id == Document.id)
        .join(DocumentVersion, (DocumentVersion.document_id == Document.id) & (DocumentVersion.number == newest))
        .where(QuoteDocument.quote_id == quote_id, Document.removed_at.is_(None))
    )
    kept = found.where(QuoteDocument.use.in_(uses)) if uses else found
    return [DealDocument(*row) for row in session.execute(kept.order_by(Document.changed_at, Document.id))]
