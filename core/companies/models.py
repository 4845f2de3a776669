"""The company (the tenant) and its staff."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.actor import Role
from core.db import Base, choice
from core.tenancy import Keyed, Tenant


class Company(Tenant, Base):
    """A company that runs a partner programme."""

    __tablename__ = "company"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200), default="")
    base_currency: Mapped[str] = mapped_column(String(3), default="OMR")
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Muscat")
    languages: Mapped[str] = mapped_column(String(20), default="en,ar")
    colour: Mapped[str] = mapped_column(String(7), default="#0F5C63")
    booking_url: Mapped[str] = mapped_column(String(500), default="")
    module_partner_portal_enabled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("length(base_currency) = 3", name="currency"),)
    __mapper_args__ = {"version_id_col": version}


class Staff(Keyed, Base):
    """An employee who may sign in to the admin app."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(choice(Role))
    language: Mapped[str] = mapped_column(String(2), default="en")
    added_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("email"), Index(None, "company_id"))
