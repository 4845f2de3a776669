"""Reading one approved deal as who sells it does: its lines, what they come to, its papers and its invoice."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.deals.lines import Line, Totals, totals
from core.deals.models import Product, Quote, QuoteDocument, Sale
from core.deals.order_queries import OrderRow, orders
from core.deals.rows import get_deal
from core.deals.sale_rows import kept_lines
from core.deals.states import DocumentUse, QuoteKind, QuoteStatus, SaleStatus
from core.partners.models import Partner
from core.vault.models import Document, DocumentVersion


@dataclass(frozen=True)
class PaperRow:
    """One version of a document of the deal; ``address`` fetches it."""

    document_id: UUID
    title: str
    use: DocumentUse
    number: int
    file_name: str
    size: int
    added_at: datetime
    added_by: str

    @property
    def address(self) -> str:
        """Where both apps hand it over."""
        return f"/documents/{self.document_id}?version={self.number}"


@dataclass(frozen=True)
class SaleRow:
    """The invoice of the deal."""

    id: UUID
    invoice_number: str
    amount: Decimal
    currency: str
    status: SaleStatus
    invoiced_at: datetime
    due_on: date
    paid_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Offer:
    """A product that a line may name."""

    id: UUID
    name: str
    price: Decimal
    currency: str


@dataclass(frozen=True)
class Sheet:
    """Everything selling needs. ``amount``: what was registered; ``partner``: "" where the company sells itself."""

    id: UUID
    reference: str
    number: str
    status: QuoteStatus
    partner: str
    customer: str
    product_id: UUID
    amount: Decimal
    currency: str
    close_on: date
    lines: tuple[Line, ...]
    totals: Totals
    valid_until: date | None
    conditions: str
    sent_at: datetime | None
    answered_at: datetime | None
    version: int
    sale: SaleRow | None
    papers: tuple[PaperRow, ...]
    orders: tuple[OrderRow, ...]
    offers: tuple[Offer, ...]


@permits(Act.READ_DEALS)
def sheet(session: Session, quote_id: UUID) -> Sheet | None:
    """An approved deal; None while it is an intent.

    Raises:
        NotFound: there is none in this company.
    """
    quote = get_deal(session, quote_id)
    if quote.kind is not QuoteKind.QUOTE:
        return None
    lines = kept_lines(session, quote)
    return Sheet(
        id=quote.id,
        reference=quote.reference,
        number=quote.quote_reference or quote.reference,
        status=quote.status,
        partner=session.get_one(Partner, quote.partner_id).name if quote.partner_id else "",
        customer=quote.customer_name,
        product_id=quote.product_id,
        amount=quote.amount,
        currency=quote.currency,
        close_on=quote.close_on,
        lines=tuple(lines),
        totals=totals(lines, quote.currency),
        valid_until=quote.valid_until,
        conditions=quote.conditions,
        sent_at=quote.sent_at,
        answered_at=quote.answered_at,
        version=quote.version,
        sale=_sale(session, quote),
        papers=tuple(_papers(session, quote)),
        orders=tuple(orders(session, quote.id)),
        offers=tuple(_offers(session, quote)),
    )


def _sale(session: Session, quote: Quote) -> SaleRow | None:
    found = session.scalars(select(Sale).where(Sale.quote_id == quote.id)).one_or_none()
    if found is None:
        return None
    return SaleRow(
        found.id, found.invoice_number, found.amount, found.currency, found.status, found.invoiced_at, found.due_on,
        found.paid_at, found.reason,
    )  # fmt: skip


def _papers(session: Session, quote: Quote) -> list[PaperRow]:
    """Every version of every document, newest first."""
    here = and_(Document.id == QuoteDocument.document_id, Document.removed_at.is_(None))
    found = (
        select(Document.title, QuoteDocument.use, DocumentVersion)
        .join(Document, here)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(QuoteDocument.quote_id == quote.id)
        .order_by(DocumentVersion.added_at.desc(), DocumentVersion.id.desc())
    )
    return [
        PaperRow(one.document_id, title, use, one.number, one.file_name, one.size, one.added_at, one.added_by)
        for title, use, one in session.execute(found)
    ]


def _offers(session: Session, quote: Quote) -> list[Offer]:
    """The catalogue, with what the deal was registered for."""
    offered = (Product.withdrawn_at.is_(None)) | (Product.id == quote.product_id)
    rows = session.scalars(select(Product).where(offered).order_by(Product.name, Product.id))
    return [Offer(row.id, row.name, row.price, row.currency) for row in rows]
