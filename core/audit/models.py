"""The audit log and the head of each company's chain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.tenancy import Keyed, TenantMixin


class AuditEntry(Keyed, Base):
    """One act, chained to the one before it. Never changed, never deleted: triggers refuse both."""

    __tablename__ = "audit_log"

    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(String(80))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    subject_name: Mapped[str] = mapped_column(String(300))
    before: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what was."""
    after: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what is."""
    ip: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(400))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("company_id", "seq"),
        Index(None, "company_id", "tag"),
        Index(None, "company_id", "subject_id"),
    )


class AuditHead(TenantMixin, Base):
    """Where a company's chain ends; locked by each act that appends to it."""

    __tablename__ = "audit_head"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
