"""The people of a reseller who may use the portal, the links that let them in, and what they were when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.actor import ContactRole
from core.db import Base, choice
from core.tenancy import Keyed


class Contact(Keyed, Base):
    """One person of a reseller. An address stands for one person in a company."""

    __tablename__ = "partner_contact"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    title: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[ContactRole] = mapped_column(choice(ContactRole))
    language: Mapped[str] = mapped_column(String(2), default="en")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime | None]
    """When they came in first."""
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("company_id", "email"), Index(None, "company_id", "partner_id"))
    __mapper_args__ = {"version_id_col": version}


class LinkUse(StrEnum):
    """What a contact's link is for."""

    INVITE = "invite"
    SIGN_IN = "sign_in"
    VIEW = "view"
    """A member of staff looks at the portal as this contact sees it."""


class ContactLink(Keyed, Base):
    """A link that lets one contact in, once, by a press. Only the SHA-256 of its secret is kept."""

    __tablename__ = "contact_link"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("partner_contact.id"))
    use: Mapped[LinkUse] = mapped_column(choice(LinkUse))
    viewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(use = 'view') = (viewer_id IS NOT NULL)", name="view_has_viewer"),
        CheckConstraint("expires_at > issued_at", name="lasts"),
        Index(None, "company_id", "contact_id", "issued_at"),
    )


class ContactStanding(Keyed, Base):
    """What a contact was from a moment on, until the next standing; never changed. ``role`` None: not let in."""

    __tablename__ = "contact_standing"

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("partner_contact.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    role: Mapped[ContactRole | None] = mapped_column(choice(ContactRole))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "company_id", "contact_id", "at"), Index(None, "company_id", "partner_id", "at"))
