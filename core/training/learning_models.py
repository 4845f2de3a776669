"""Attempts at quizzes, certifications, and what the answers tell about the questions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.tenancy import Keyed, TenantMixin

PERCENT = Numeric(6, 3)
_COUNTED = ("module_id", "expires_at", "is_current")
"""What is counted about certifications: indexes that hold all of it are read alone."""
_ONE_LEARNER = "(partner_contact_id IS NULL) <> (employee_id IS NULL)"
_OF_PARTNER = "(partner_contact_id IS NULL) = (partner_id IS NULL)"


def _current(name: str, *columns: str, unique: bool = False) -> Index:
    """An index of the certifications that tell where somebody stands."""
    where = text("is_current = 1"), text("is_current")
    return Index(name, *columns, unique=unique, sqlite_where=where[0], postgresql_where=where[1])


class Attempt(Keyed, Base):
    """One try at a quiz by a contact or an employee. It keeps its own copy of what was asked."""

    __tablename__ = "quiz_attempt"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("training_module.id"))
    quiz_version_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_version.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    partner_contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_contact.id"))
    employee_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    number: Mapped[int]
    """Of this learner at this module, from 1."""
    is_delta: Mapped[bool] = mapped_column(default=False)
    """Whether it asks only what changed since the learner's certification."""
    asked: Mapped[list[Any]]
    """The questions as they were drawn and shuffled, with the right answers: it never leaves the server whole."""
    answers: Mapped[dict[str, Any]]
    """The key of the choice by the key of the question."""
    pass_pct: Mapped[int]
    """The threshold when it began."""
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    score_pct: Mapped[Decimal | None] = mapped_column(PERCENT)
    passed: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint(_ONE_LEARNER, name="one_learner"),
        CheckConstraint(_OF_PARTNER, name="partner_of_contact"),
        CheckConstraint("(finished_at IS NULL) = (passed IS NULL)", name="finished_is_graded"),
        CheckConstraint("(finished_at IS NULL) = (score_pct IS NULL)", name="finished_has_score"),
        CheckConstraint("score_pct IS NULL OR score_pct BETWEEN 0 AND 100", name="score"),
        UniqueConstraint("module_id", "partner_contact_id", "number"),
        UniqueConstraint("module_id", "employee_id", "number"),
        Index(
            "uq_quiz_attempt_open_contact",
            "module_id",
            "partner_contact_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "uq_quiz_attempt_open_employee",
            "module_id",
            "employee_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(None, "company_id", "module_id", "finished_at"),
        Index(None, "company_id", "partner_contact_id"),
        Index(None, "company_id", "employee_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class Certification(Keyed, Base):
    """That somebody passed a module, and until when it counts. An older one of the same learner stays as it was."""

    __tablename__ = "certification"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("training_module.id"))
    quiz_version_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_version.id"))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_attempt.id"), unique=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    partner_contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_contact.id"))
    employee_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """What the public check page is asked for; nobody guesses it."""
    holder: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    """Names as they were when it was given, as the certificate says them."""
    score_pct: Mapped[Decimal] = mapped_column(PERCENT)
    completed_at: Mapped[datetime]
    valid_until: Mapped[date]
    """The last day on which it counts, where the company is."""
    expires_at: Mapped[datetime]
    """The midnight that ends that day."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was revoked."""
    is_current: Mapped[bool] = mapped_column(default=True)
    """Whether it is the one that tells where its holder stands: the newest in this module, and not revoked."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint(_ONE_LEARNER, name="one_owner"),
        CheckConstraint(_OF_PARTNER, name="partner_of_contact"),
        CheckConstraint("expires_at > completed_at", name="lasts"),
        CheckConstraint("revoked_at IS NULL OR NOT is_current", name="revoked_counts_no_more"),
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("company_id", "reference"),
        Index(None, "company_id", "expires_at"),
        Index(None, "company_id", "partner_id", "module_id", "expires_at"),
        _current("uq_certification_current_contact", "module_id", "partner_contact_id", unique=True),
        _current("uq_certification_current_employee", "module_id", "employee_id", unique=True),
        _current("ix_certification_held_contact", "company_id", "partner_contact_id", *_COUNTED),
        _current("ix_certification_held_employee", "company_id", "employee_id", *_COUNTED),
        _current("ix_certification_held_module", "company_id", *_COUNTED),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.reference


class CertificationNotice(TenantMixin, Base):
    """That a holder was told so many days before the end."""

    __tablename__ = "certification_notice"

    certification_id: Mapped[UUID] = mapped_column(ForeignKey("certification.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index(None, "company_id"),)


class ItemTally(TenantMixin, Base):
    """How often a choice was taken in first attempts, and how well those who took it did in the rest of the quiz."""

    __tablename__ = "quiz_item_tally"

    quiz_version_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_version.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    choice: Mapped[str] = mapped_column(String(40), primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
    rest_sum: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=Decimal(0))
    """The sum of their scores in the other questions, each 0 to 1."""
    rest_squares: Mapped[Decimal] = mapped_column(Numeric(18, 6), default=Decimal(0))

    __table_args__ = (Index(None, "company_id", "quiz_version_id"),)
