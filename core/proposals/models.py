"""A partner's proposal and its versions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed


class VersionState(StrEnum):
    """Whether partners can read a version."""

    DRAFT = "draft"
    PUBLISHED = "published"


class ProposalVersion(Keyed, Base):
    """One version of a partner's proposal: the draft being written, or a published one, which never changes."""

    __tablename__ = "proposal_version"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(choice(VersionState))
    content: Mapped[dict[str, Any]]
    """Section → language → heading, body, items; see ``core.proposals.content``."""
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    """Raised by each save; who saves names the one that was read."""

    __table_args__ = (
        UniqueConstraint("partner_id", "number"),
        Index(
            "uq_proposal_version_draft",
            "partner_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
