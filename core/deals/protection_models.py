"""Who is protected where, until when, who waits, and who asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.deals.states import (
    ExtensionState,
    ProtectionEnd,
)
from core.tenancy import Keyed


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
