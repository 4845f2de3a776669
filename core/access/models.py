"""Sessions, the links and mailed codes that open them, counted attempts. Of every secret only its SHA-256 is kept."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.access.kinds import SessionKind
from core.db import Base, choice
from core.ids import new_id
from core.tenancy import Keyed


class AccessSession(Keyed, Base):
    """A person let in: a member of staff in the admin app, or somebody of a partner in the portal."""

    __tablename__ = "access_session"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal_link.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_contact.id"))
    viewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """The member of staff who looks as the contact."""
    measured: Mapped[bool] = mapped_column(default=False)
    """Whether a reader chose to have the reading measured."""
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    opened_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """The end at most, however much it is used."""
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) <> (partner_id IS NULL)", name="one_owner"),
        Index(None, "company_id", "staff_id"),
        Index(None, "company_id", "partner_id"),
        CheckConstraint("(kind = 'contact') = (contact_id IS NOT NULL)", name="contact"),
        CheckConstraint("viewer_id IS NULL OR contact_id IS NOT NULL", name="viewer"),
        Index(None, "link_id"),
        Index(None, "company_id", "contact_id"),
    )


class SignInLink(Keyed, Base):
    """A mailed link that lets one member of staff in, once."""

    __tablename__ = "sign_in_link"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ProposalLink(Keyed, Base):
    """A link to a partner's proposal that was issued; its id is the ``jti`` of the token."""

    __tablename__ = "proposal_link"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    key_id: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("expires_at > issued_at", name="lasts"),
        Index(None, "company_id", "partner_id"),
        Index(
            "uq_proposal_link_live",
            "partner_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND replaced_at IS NULL"),
        ),
    )


class Attempt(Base):
    """One counted attempt; the key is hashed, so addresses are not kept."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]
    until: Mapped[datetime]

    __table_args__ = (Index(None, "key_hash", "at"), Index(None, "until"))


class CodePurpose(StrEnum):
    """What a mailed code proves the mailbox for."""

    SIGN = "sign"
    DEVICE = "device"
    """A device that was not seen before wants to fetch documents."""


class MailedCode(Keyed, Base):
    """A short code mailed to an address, to be typed back within minutes."""

    __tablename__ = "mailed_code"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("access_session.id"))
    purpose: Mapped[CodePurpose] = mapped_column(choice(CodePurpose))
    address: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    """Wrong tries so far; after five the code is dead."""
    verified_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When the act it was asked for was done with it."""

    __table_args__ = (Index(None, "company_id", "session_id", "purpose", "sent_at"),)


class TrustedDevice(Keyed, Base):
    """A browser on which somebody proved the mailbox of a partner's contact."""

    __tablename__ = "trusted_device"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    device_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str] = mapped_column(String(254))
    trusted_at: Mapped[datetime]
    until: Mapped[datetime]

    __table_args__ = (UniqueConstraint("partner_id", "device_hash"), Index(None, "company_id", "partner_id"))


class RoomLink(Keyed, Base):
    """The link to a partner's room: the same text each time until its epoch is raised."""

    __tablename__ = "room_link"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), unique=True)
    key_id: Mapped[str] = mapped_column(String(40))
    epoch: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[str] = mapped_column(String(254), default="")

    __table_args__ = (CheckConstraint("epoch >= 1", name="epoch"), Index(None, "company_id"))
