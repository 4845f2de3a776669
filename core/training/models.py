"""Modules of training, the versions of their quizzes, and the pictures in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed
from core.training import learning_models as learning_models


class ModuleKind(StrEnum):
    """Whom a module teaches."""

    SALES = "sales"
    TECHNICAL = "technical"
    BOTH = "both"


class QuizState(StrEnum):
    """Where a version of a quiz stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """The newest published version is the one that is taken."""


class TrainingModule(Keyed, Base):
    """What is learned, who must know it, and what it takes to pass."""

    __tablename__ = "training_module"

    name: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[ModuleKind] = mapped_column(choice(ModuleKind))
    required_roles: Mapped[str] = mapped_column(String(200), default="")
    """Roles of contacts that must hold it, comma separated; ``employee`` for the company's own staff."""
    content: Mapped[str] = mapped_column(Text, default="")
    """What is read before the quiz: Markdown without HTML."""
    content_ar: Mapped[str] = mapped_column(Text, default="")
    pass_pct: Mapped[int] = mapped_column(default=80)
    valid_for_days: Mapped[int] = mapped_column(default=365)
    draw: Mapped[int | None]
    """How many questions of the bank an attempt draws; None: all of them."""
    shuffles: Mapped[bool] = mapped_column(default=True)
    cool_down_minutes: Mapped[int] = mapped_column(default=0)
    """How long after a fail the next attempt waits."""
    attempts_per_day: Mapped[int | None]
    published_at: Mapped[datetime | None]
    """When it was first offered to learners."""
    withdrawn_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        CheckConstraint("pass_pct BETWEEN 1 AND 100", name="pass_pct"),
        CheckConstraint("valid_for_days BETWEEN 1 AND 3650", name="valid_for_days"),
        CheckConstraint("draw IS NULL OR draw BETWEEN 1 AND 500", name="draw"),
        CheckConstraint("cool_down_minutes BETWEEN 0 AND 43200", name="cool_down"),
        CheckConstraint("attempts_per_day IS NULL OR attempts_per_day BETWEEN 1 AND 100", name="attempts_per_day"),
    )
    __mapper_args__ = {"version_id_col": version}


class QuizVersion(Keyed, Base):
    """One version of a module's questions; a published one is never changed."""

    __tablename__ = "quiz_version"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("training_module.id"))
    number: Mapped[int]
    state: Mapped[QuizState] = mapped_column(choice(QuizState), default=QuizState.DRAFT)
    questions: Mapped[list[Any]]
    """See ``core.training.quiz.Question``."""
    asks_holders: Mapped[bool] = mapped_column(default=False)
    """Whether who is certified answers what changed in this version."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("module_id", "number"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at"),
        Index(
            "uq_quiz_version_draft",
            "module_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(None, "company_id", "module_id"),
    )
    __mapper_args__ = {"version_id_col": version}


class QuizImage(Keyed, Base):
    """A picture that questions of a module show."""

    __tablename__ = "quiz_image"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("training_module.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("module_id", "sha256"), Index(None, "company_id"))
