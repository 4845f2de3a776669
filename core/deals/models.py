"""What is sold by whom to whom: products, territories, customers, intents that become quotes, and their invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.deals.states import (
    DocumentUse,
    ExtensionState,
    OrderState,
    ProtectionEnd,
    QuoteKind,
    QuoteStatus,
    SaleStatus,
    TermsKind,
    Verdict,
)
from core.tenancy import Keyed, TenantMixin

PERCENT = Numeric(6, 3)


class Counter(TenantMixin, Base):
    """The last number a company gave in a series; raised in the transaction that uses it, so there are no gaps."""

    __tablename__ = "counter"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Product(Keyed, Base):
    """Something resellers sell; its price stands on the price list."""

    __tablename__ = "product"

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200), default="")
    price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    unit: Mapped[str] = mapped_column(String(60), default="")
    """What one of it is: "user a month"."""
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("length(currency) = 3", name="currency"),
    )
    __mapper_args__ = {"version_id_col": version}


class Territory(Keyed, Base):
    """A place resellers sell in; it may be one partner's alone."""

    __tablename__ = "territory"

    name: Mapped[str] = mapped_column(String(120))
    name_ar: Mapped[str] = mapped_column(String(120), default="")
    exclusive_partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __mapper_args__ = {"version_id_col": version}


class Customer(Keyed, Base):
    """An organisation that is sold to, as it is recognised again: by its name's key, its domain, its registration."""

    __tablename__ = "customer"

    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    """See ``core.deals.names.key``."""
    domain: Mapped[str] = mapped_column(String(253), default="")
    registration: Mapped[str] = mapped_column(String(40), default="")
    added_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "company_id", "key"),
        Index(None, "company_id", "domain"),
        Index(None, "company_id", "registration"),
    )


class PlanVersion(Keyed, Base):
    """One version of a commission plan: its brackets, and from when it counts. Never changed."""

    __tablename__ = "commission_plan_version"

    plan: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    starts_on: Mapped[date]
    is_marginal: Mapped[bool] = mapped_column(default=True)
    """Each bracket's rate counts for its part of the amount; else the reached one for all of it."""
    brackets: Mapped[list[Any]]
    """``[{"above": "0", "pct": "10"}, …]``, amounts in the company's currency."""
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("company_id", "plan", "number"),)

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return f"{self.plan}, version {self.number}"


class Quote(Keyed, Base):
    """A deal: registered by a partner as an intent, and sellable only after a review made it a quote."""

    __tablename__ = "quote"

    kind: Mapped[QuoteKind] = mapped_column(choice(QuoteKind))
    status: Mapped[QuoteStatus] = mapped_column(choice(QuoteStatus))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    """``DI-0042`` of an intent and for good; ``quote_reference`` is what the customer reads."""
    quote_reference: Mapped[str | None] = mapped_column(String(20))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    """None: sold by the company itself."""
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_contact.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territory.id"))
    customer_name: Mapped[str] = mapped_column(String(200))
    """As it was typed."""
    customer_contact: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    close_on: Mapped[date]
    need: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime]
    """When it was submitted last; the review's clock runs from here."""
    submitted_key: Mapped[str] = mapped_column(String(64))
    """Of what was submitted, so that the same is not taken twice."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What the reviewer said last; the partner reads it."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    escalated_at: Mapped[datetime | None]
    terms: Mapped[TermsKind | None] = mapped_column(choice(TermsKind))
    commission_pct: Mapped[Decimal | None] = mapped_column(PERCENT)
    plan_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("commission_plan_version.id"))
    conditions: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When the customer's answer was noted."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("company_id", "quote_reference"),
        CheckConstraint(
            "(kind = 'partner_intent') = (status IN ('pending', 'returned', 'rejected', 'withdrawn'))",
            name="status_of_kind",
        ),
        CheckConstraint("kind = 'quote' OR partner_id IS NOT NULL", name="intent_has_partner"),
        CheckConstraint("kind = 'partner_intent' OR quote_reference IS NOT NULL", name="quote_has_reference"),
        CheckConstraint("kind = 'partner_intent' OR partner_id IS NULL OR terms IS NOT NULL", name="quote_has_terms"),
        CheckConstraint("terms IS NULL OR (terms = 'flat') = (commission_pct IS NOT NULL)", name="flat_has_rate"),
        CheckConstraint("terms IS NULL OR (terms = 'plan') = (plan_version_id IS NOT NULL)", name="plan_has_version"),
        CheckConstraint("commission_pct IS NULL OR commission_pct BETWEEN 0 AND 100", name="commission"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("length(currency) = 3", name="currency"),
        Index(None, "company_id", "status", "submitted_at"),
        Index(None, "company_id", "status", "amount"),
        Index(None, "company_id", "status", "customer_name"),
        Index(None, "company_id", "status", "close_on"),
        Index(None, "company_id", "status", "number"),
        Index(None, "company_id", "kind", "submitted_at"),
        Index(None, "company_id", "partner_id", "submitted_at"),
        Index(None, "company_id", "customer_id"),
        Index(
            "uq_quote_submitted",
            "partner_id",
            "submitted_key",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.reference


class DealDraft(Keyed, Base):
    """What a contact typed into the form for a new deal and did not submit yet."""

    __tablename__ = "deal_draft"

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("partner_contact.id"), unique=True)
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]

    __table_args__ = (Index(None, "company_id"),)


class SavedView(Keyed, Base):
    """Filters of a page that a member of staff gave a name; ``query`` is what the page's address carries."""

    __tablename__ = "saved_view"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))

    __table_args__ = (UniqueConstraint("staff_id", "page", "name"), Index(None, "company_id"))


def _seconds_waited(context: DefaultExecutionContext) -> int:
    said = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return int((said["at"] - said["submitted_at"]).total_seconds())


class Review(Keyed, Base):
    """One decision on an intent. Never changed."""

    __tablename__ = "deal_review"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    override: Mapped[str] = mapped_column(Text, default="")
    """Why it was approved although the customer is protected for another partner."""
    submitted_at: Mapped[datetime]
    """When what was decided on had been submitted."""
    waited_s: Mapped[int] = mapped_column(default=_seconds_waited)
    """How long it waited for this decision."""

    __table_args__ = (
        Index(None, "company_id", "quote_id", "at"),
        Index(None, "company_id", "at"),
        Index(
            "uq_deal_review_approved",
            "quote_id",
            unique=True,
            sqlite_where=text("verdict = 'approved'"),
            postgresql_where=text("verdict = 'approved'"),
        ),
    )


class Protection(Keyed, Base):
    """A customer, product and territory that are one partner's for some time. The database refuses an overlap."""

    __tablename__ = "protection"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    territory_id: Mapped[UUID] = mapped_column(ForeignKey("territory.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The first instant at which it does not protect any more."""
    ended: Mapped[ProtectionEnd | None] = mapped_column(choice(ProtectionEnd))
    told_days: Mapped[int | None]
    """How many days before the end the last notice was sent."""

    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="lasts"),
        Index(None, "company_id", "customer_id", "product_id", "territory_id", "ends_at"),
        Index(None, "company_id", "partner_id", "ends_at"),
        Index(None, "company_id", "ends_at"),
    )


class Extension(Keyed, Base):
    """A partner's wish to be protected longer, with what speaks for it."""

    __tablename__ = "protection_extension"

    protection_id: Mapped[UUID] = mapped_column(ForeignKey("protection.id"))
    days: Mapped[int]
    evidence: Mapped[str] = mapped_column(Text)
    state: Mapped[ExtensionState] = mapped_column(choice(ExtensionState))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 365", name="days"),
        Index(
            "uq_protection_extension_open",
            "protection_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        Index(None, "company_id", "state"),
    )


class Waiting(Keyed, Base):
    """An intent that waits until a customer's protection ends."""

    __tablename__ = "protection_waiting"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id"), unique=True)
    protection_id: Mapped[UUID] = mapped_column(ForeignKey("protection.id"))
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When its partner was told that its turn came."""

    __table_args__ = (Index(None, "company_id", "protection_id", "since"),)


class PreCheck(Keyed, Base):
    """A question whether a customer is free, and what was answered."""

    __tablename__ = "pre_check"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("partner_contact.id"))
    asked: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "company_id", "partner_id", "at"),)


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
