"""Texts of the agreements, a signing under way, the signed records, and handing over to a colleague."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.nda.instruments import Instrument as Instrument
from core.tenancy import Keyed, TenantMixin


class TextState(StrEnum):
    """Where a version of the text stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """The newest published version is the one that is signed."""


class SigningState(StrEnum):
    """Where a signing under way stands."""

    OPEN = "open"
    SIGNED = "signed"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"


class Form(StrEnum):
    """How an agreement was signed."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


class NdaText(Keyed, Base):
    """One version of the agreement, clause by clause in both languages."""

    __tablename__ = "nda_text"

    instrument: Mapped[Instrument] = mapped_column(choice(Instrument), default=Instrument.NDA)
    number: Mapped[int]
    state: Mapped[TextState] = mapped_column(choice(TextState), default=TextState.DRAFT)
    content: Mapped[dict[str, Any]]
    """See ``core.nda.texts.Agreement``."""
    sha256_en: Mapped[str] = mapped_column(String(64), default="")
    sha256_ar: Mapped[str] = mapped_column(String(64), default="")
    """Of the canonical text, set when it is published."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "instrument", "number"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at"),
        Index(
            "uq_nda_text_draft",
            "company_id",
            "instrument",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class NdaCounter(TenantMixin, Base):
    """The last number a company gave an agreement; raised in the transaction that signs, so there are no gaps."""

    __tablename__ = "nda_counter"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id"), primary_key=True)
    instrument: Mapped[Instrument] = mapped_column(choice(Instrument), primary_key=True, default=Instrument.NDA)
    last: Mapped[int] = mapped_column(default=0)


class NdaHandover(Keyed, Base):
    """A colleague who was asked to sign instead; its id is the ``jti`` of the link."""

    __tablename__ = "nda_handover"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    key_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    title: Mapped[str] = mapped_column(String(200), default="")
    asked_by: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "company_id", "partner_id"),)


class NdaSigning(Keyed, Base):
    """One person's way through the four steps, so that a reload loses nothing and no step is skipped."""

    __tablename__ = "nda_signing"

    instrument: Mapped[Instrument] = mapped_column(choice(Instrument), default=Instrument.NDA)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("access_session.id"))
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("nda_handover.id"))
    state: Mapped[SigningState] = mapped_column(choice(SigningState), default=SigningState.OPEN)
    text_id: Mapped[UUID | None] = mapped_column(ForeignKey("nda_text.id"))
    """The version that is being read."""
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    signature: Mapped[str] = mapped_column(String(200), default="")
    """A draft of the typed signature."""
    begun_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    """When the text was first shown."""
    read_at: Mapped[datetime | None]
    """When its end was reached."""
    clause_ms: Mapped[dict[str, Any]]
    """Visible milliseconds by clause, as far as the server's clock allows."""
    clock_drift_s: Mapped[int | None]
    """The signer's clock against ours (s), where the browser told."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was declined."""
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_nda_signing_open",
            "session_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "company_id", "partner_id"),
    )


class Nda(Keyed, Base):
    """A signed agreement, the NDA or another: see ``instrument``.

    It is never changed but for the marks that it was countersigned, superseded or noted as expired.
    """

    __tablename__ = "nda"

    instrument: Mapped[Instrument] = mapped_column(choice(Instrument), default=Instrument.NDA)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    form: Mapped[Form] = mapped_column(choice(Form))
    text_id: Mapped[UUID | None] = mapped_column(ForeignKey("nda_text.id"))
    """None for a paper NDA on another text."""
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_title: Mapped[str] = mapped_column(String(200), default="")
    signer_email: Mapped[str] = mapped_column(String(254), default="")
    signature: Mapped[str] = mapped_column(String(200), default="")
    signed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
    """See ``core.nda.evidence``."""
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    """Of the signed PDF, or of the scan."""
    certificate_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The certificate that sealed the PDF."""
    recorded_by: Mapped[str] = mapped_column(String(200))
    countersigned_at: Mapped[datetime | None]
    countersigned_by: Mapped[str] = mapped_column(String(200), default="")
    countersigned_title: Mapped[str] = mapped_column(String(200), default="")
    superseded_at: Mapped[datetime | None]
    expiry_noted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "instrument", "number"),
        UniqueConstraint("company_id", "reference"),
        CheckConstraint("expires_at > signed_at", name="lasts"),
        CheckConstraint("form <> 'electronic' OR text_id IS NOT NULL", name="electronic_has_text"),
        Index(
            "uq_nda_current",
            "partner_id",
            "instrument",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "company_id", "expires_at"),
        Index(None, "company_id", "signed_at"),
        Index(None, "company_id", "partner_id", "signed_at"),
    )

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return self.reference
