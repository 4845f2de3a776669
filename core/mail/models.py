"""The outbox: every mail that was ever asked for, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from core.db import Base, choice
from core.mail.messages import Kind
from core.tenancy import Keyed, TenantMixin


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    """A worker holds it."""
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    """The connection was lost while the server took it: it may have arrived, so it is never sent again by itself."""
    FAILED = "failed"
    """Given up after the last try."""
    BOUNCED = "bounced"
    """The server refused it for good."""


class Mail(Keyed, Base):
    """One mail to one person."""

    __tablename__ = "mail"

    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id", ondelete="SET NULL"))
    resend_of: Mapped[UUID | None] = mapped_column(ForeignKey("mail.id"))
    key: Mapped[str] = mapped_column(String(200))
    """What the mail is for; one mail a key in a company."""
    kind: Mapped[Kind] = mapped_column(choice(Kind, checked=False))
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200))
    from_name: Mapped[str] = mapped_column(String(200))
    reply_to: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(400))
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    secrets: Mapped[list[Any]]
    """The links in it that let somebody in."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    thread: Mapped[str] = mapped_column(String(200), default="")
    """The message id that mails of one conversation refer to."""
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    soft_bounces: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=now)
    worker: Mapped[str] = mapped_column(String(80), default="")
    leased_until: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    """When the server began to take this attempt's body; from here on it may arrive."""
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    attachments: Mapped[list["MailAttachment"]] = relationship(lazy="raise", order_by="MailAttachment.position")

    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        Index(None, "state", "next_try_at"),
        Index(None, "company_id", "created_at"),
        Index(None, "company_id", "state", "created_at"),
    )

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"{self.kind.value} to {self.to_address}"


class MailAttachment(TenantMixin, Base):
    """A file that goes with a mail."""

    __tablename__ = "mail_attachment"

    mail_id: Mapped[UUID] = mapped_column(ForeignKey("mail.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class WorkerBeat(Base):
    """When a worker was last alive."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
