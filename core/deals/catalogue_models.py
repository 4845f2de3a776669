"""What is sold, where, to whom, and how partners are paid for it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
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
    unit_ar: Mapped[str] = mapped_column(String(60), default="")
    certificate_module_id: Mapped[UUID | None] = mapped_column(ForeignKey("training_module.id"))
    """The module somebody at the reseller must be certified in before its deals are registered."""
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
