"""A partner, and each hop it made through the pipeline."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.partners.pipeline import HoldReason, Status
from core.tenancy import Keyed


class TaxForm(StrEnum):
    """Which United States tax form is on file."""

    NONE = "none"
    REQUESTED = "requested"
    W9 = "w9"
    W8 = "w8"


class Partner(Keyed, Base):
    """An organisation the company works with, or wants to."""

    __tablename__ = "partner"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    territory: Mapped[str] = mapped_column(String(120), default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_title: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    next_action: Mapped[str] = mapped_column(String(200), default="")
    next_action_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.DRAFT)
    hold_reason: Mapped[HoldReason | None] = mapped_column(choice(HoldReason))
    stage_left: Mapped[Status | None] = mapped_column(choice(Status, name="stage_left"))
    """The stage it stood in when it was put on hold."""
    status_entered_at: Mapped[datetime]
    mou_signed_at: Mapped[date | None]
    activated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    nda_expires_at: Mapped[datetime | None]
    """Until when the partner's NDA is valid; None: none was signed."""
    reseller_since: Mapped[datetime | None]
    """From when its people may use the portal; None: it is no reseller."""
    default_commission_pct: Mapped[Decimal] = mapped_column(Numeric(6, 3), default=Decimal(0), server_default="0")
    registration: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Its number in the commercial register."""
    tax_form: Mapped[TaxForm] = mapped_column(choice(TaxForm), default=TaxForm.NONE, server_default="none")
    legacy_code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("(status = 'on_hold') = (hold_reason IS NOT NULL)", name="hold_has_reason"),
        CheckConstraint("(status = 'on_hold') = (stage_left IS NOT NULL)", name="hold_has_stage"),
        CheckConstraint("default_commission_pct BETWEEN 0 AND 100", name="commission"),
        Index(None, "company_id", "status"),
    )


class Hop(Keyed, Base):
    """One move of a partner from a stage to another."""

    __tablename__ = "partner_hop"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    at: Mapped[datetime]
    start: Mapped[Status | None] = mapped_column(choice(Status, name="start"))
    to: Mapped[Status] = mapped_column(choice(Status, name="to"))
    seconds_in_stage: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index(None, "company_id", "partner_id", "at"), Index(None, "company_id", "to", "at"))
