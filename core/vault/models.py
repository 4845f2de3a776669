"""Spaces, documents and their versions; who fetched what, and who looked last when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed, TenantMixin


class SpaceKind(StrEnum):
    """What a space is for."""

    VAULT = "vault"
    """One partner's documents in the pipeline."""
    LIBRARY = "library"
    """Documents for resellers."""
    DEALS = "deals"
    """What came with one partner's deals: attachments, orders, quotes and invoices."""
    QUESTIONS = "questions"
    """What came with one partner's questions."""


class Origin(StrEnum):
    """How a document came to be."""

    UPLOAD = "upload"
    SIGNED_NDA = "signed_nda"
    PAPER_NDA = "paper_nda"
    SIGNED_AGREEMENT = "signed_agreement"
    """The reseller agreement; it stands beside what came with the partner's deals."""


class DocumentSpace(Keyed, Base):
    """A place for documents and the rule of who sees them."""

    __tablename__ = "document_space"

    kind: Mapped[SpaceKind] = mapped_column(choice(SpaceKind))
    name: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200), default="")
    partner_visible_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    visible_to_all_partners: Mapped[bool] = mapped_column(default=False)
    partner_role_visibility: Mapped[str] = mapped_column(String(200), default="all")
    """Roles of contacts, comma separated, or ``all``."""
    holds_prices: Mapped[bool] = mapped_column(default=False)
    """Whether its documents tell prices, so that only roles that see money may be chosen."""
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("partner_visible_to_id IS NULL OR NOT visible_to_all_partners", name="one_audience"),
        CheckConstraint("kind = 'library' OR partner_visible_to_id IS NOT NULL", name="vault_has_partner"),
        Index(
            "uq_document_space_deals",
            "partner_visible_to_id",
            unique=True,
            sqlite_where=text("kind = 'deals'"),
            postgresql_where=text("kind = 'deals'"),
        ),
        Index(
            "uq_document_space_vault",
            "partner_visible_to_id",
            unique=True,
            sqlite_where=text("kind = 'vault'"),
            postgresql_where=text("kind = 'vault'"),
        ),
        Index(
            "uq_document_space_questions",
            "partner_visible_to_id",
            unique=True,
            sqlite_where=text("kind = 'questions'"),
            postgresql_where=text("kind = 'questions'"),
        ),
        Index(None, "company_id", "kind"),
    )
    __mapper_args__ = {"version_id_col": version}


class Document(Keyed, Base):
    """A document; its bytes are its versions'."""

    __tablename__ = "document"

    space_id: Mapped[UUID] = mapped_column(ForeignKey("document_space.id"))
    title: Mapped[str] = mapped_column(String(200))
    title_ar: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    requires_nda: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[Origin] = mapped_column(choice(Origin), default=Origin.UPLOAD)
    expires_on: Mapped[date | None]
    """The last day on which partners may fetch it."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When its newest version came."""
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index(None, "company_id", "space_id", "changed_at"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.title


class DocumentVersion(Keyed, Base):
    """The bytes of a document at one time, stored under their SHA-256."""

    __tablename__ = "document_version"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(200))
    """Made safe; Arabic is kept."""
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size > 0", name="size"),
        Index(None, "company_id", "document_id"),
        Index(None, "sha256"),
    )


class DocumentFetch(Keyed, Base):
    """One download, kept before its first byte left."""

    __tablename__ = "document_fetch"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    """The partner whose person fetched it; None for staff."""
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_name: Mapped[str] = mapped_column(String(200))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("access_session.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    ip: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (
        Index(None, "company_id", "document_id", "at"),
        Index(None, "company_id", "partner_id", "at"),
    )


class SpaceLook(TenantMixin, Base):
    """When somebody looked at a space last, so that what came since can be marked."""

    __tablename__ = "space_look"

    space_id: Mapped[UUID] = mapped_column(ForeignKey("document_space.id"), primary_key=True)
    looker: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Whose look it was: ``device:<hash>`` of a partner's browser, ``staff:<id>``, ``contact:<id>``."""
    at: Mapped[datetime]
    before: Mapped[datetime | None]
    """The look before this one, which what is new is measured from."""
