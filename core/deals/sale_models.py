"""A quote's lines and documents, customers' orders, and invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.deals.catalogue_models import PERCENT
from core.deals.states import (
    DocumentUse,
    OrderState,
    SaleStatus,
)
from core.tenancy import Keyed, TenantMixin


class QuoteLine(Keyed, Base):
    """One line of a quote."""

    __tablename__ = "quote_line"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"))
    position: Mapped[int]
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    text: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal]
    discount_pct: Mapped[Decimal] = mapped_column(PERCENT, default=Decimal(0))

    __table_args__ = (
        UniqueConstraint("quote_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("discount_pct BETWEEN 0 AND 100", name="discount"),
        Index(None, "company_id"),
    )


class QuoteDocument(TenantMixin, Base):
    """A document of a deal: an attachment, a purchase order, a quote's or an invoice's PDF."""

    __tablename__ = "quote_document"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True, unique=True)
    use: Mapped[DocumentUse] = mapped_column(choice(DocumentUse))

    __table_args__ = (Index(None, "company_id", "document_id"),)


class PurchaseOrder(Keyed, Base):
    """A customer's order as a partner uploaded it, and how it matches the quote."""

    __tablename__ = "purchase_order"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    number: Mapped[str] = mapped_column(String(60))
    number_key: Mapped[str] = mapped_column(String(60))
    """The number without what people spell differently."""
    customer_name: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[OrderState] = mapped_column(choice(OrderState))
    differences: Mapped[list[Any]]
    """What differs: ``[{"what", "expected", "found"}]``."""
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(200))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    settled_note: Mapped[str] = mapped_column(Text, default="")
    replaced_by: Mapped[str] = mapped_column(String(60), default="")
    """The number of the order that its partner uploaded instead."""

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "company_id", "number_key"),
        Index(None, "company_id", "state", "uploaded_at"),
        Index(None, "company_id", "quote_id"),
    )


class Sale(Keyed, Base):
    """An invoiced quote."""

    __tablename__ = "sale"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"), unique=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    partner_commission_rate: Mapped[Decimal | None] = mapped_column(PERCENT)
    """In percent; None where the plan decides."""
    number: Mapped[int]
    invoice_number: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[SaleStatus] = mapped_column(choice(SaleStatus))
    po_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    invoiced_at: Mapped[datetime]
    due_on: Mapped[date]
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refunded or cancelled."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("company_id", "invoice_number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(status IN ('paid', 'refunded')) = (paid_at IS NOT NULL)", name="paid_at"),
        CheckConstraint("(status = 'refunded') = (refunded_at IS NOT NULL)", name="refunded_at"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at"),
        Index(None, "company_id", "status", "invoiced_at"),
        Index(None, "company_id", "partner_id", "invoiced_at"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.invoice_number
