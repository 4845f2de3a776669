"""What is sold by whom to whom: products, territories, customers, intents that become quotes, and their invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.deals.catalogue_models import PERCENT as PERCENT
from core.deals.catalogue_models import Counter as Counter
from core.deals.catalogue_models import Customer as Customer
from core.deals.catalogue_models import PlanVersion as PlanVersion
from core.deals.catalogue_models import Product as Product
from core.deals.catalogue_models import Territory as Territory
from core.deals.protection_models import Extension as Extension
from core.deals.protection_models import PreCheck as PreCheck
from core.deals.protection_models import Protection as Protection
from core.deals.protection_models import Waiting as Waiting
from core.deals.sale_models import PurchaseOrder as PurchaseOrder
from core.deals.sale_models import QuoteDocument as QuoteDocument
from core.deals.sale_models import QuoteLine as QuoteLine
from core.deals.sale_models import Sale as Sale
from core.deals.states import (
    QuoteKind,
    QuoteStatus,
    TermsKind,
    Verdict,
)
from core.tenancy import Keyed


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
        Index(None, "company_id", "status", "amount", "id"),
        Index(None, "company_id", "status", "customer_name", "id"),
        Index(None, "company_id", "status", "close_on", "id"),
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
