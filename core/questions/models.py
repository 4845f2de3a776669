"""Questions, what was said in them, answers that are kept ready, and answers that were published."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed, TenantMixin


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    """It waits for an answer."""
    ANSWERED = "answered"
    """The thread stays open for a follow-up."""
    CLOSED = "closed"


class PostKind(StrEnum):
    """Who says it, to whom."""

    ASKED = "asked"
    """By a contact."""
    ANSWER = "answer"
    NOTE = "note"
    """Between colleagues; partners never see it."""


class PartnerQuestion(Keyed, Base):
    """One question of a reseller's contact, as a thread."""

    __tablename__ = "partner_question"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("partner_contact.id"))
    quote_id: Mapped[UUID | None] = mapped_column(ForeignKey("quote.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="en")
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState), default=QuestionState.OPEN)
    asked_at: Mapped[datetime]
    submitted_key: Mapped[str] = mapped_column(String(64))
    """What makes a second press the same question."""
    due_at: Mapped[datetime]
    assigned_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    first_answered_at: Mapped[datetime | None]
    last_said_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    escalated_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    """Everything partners may read in it, as it is searched: see ``core.questions.searching``."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("contact_id", "submitted_key"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        Index(None, "company_id", "state", "due_at"),
        Index(None, "company_id", "partner_id", "last_said_at"),
        Index(None, "company_id", "assigned_to_id", "state"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.reference


class QuestionPost(Keyed, Base):
    """One thing said in a thread; never changed."""

    __tablename__ = "question_post"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("partner_question.id"))
    kind: Mapped[PostKind] = mapped_column(choice(PostKind))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_contact.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    author: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(kind = 'asked') = (contact_id IS NOT NULL)", name="asked_by_contact"),
        Index(None, "company_id", "question_id", "at"),
    )


class QuestionDocument(TenantMixin, Base):
    """A file that came with a post."""

    __tablename__ = "question_document"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("question_post.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True, unique=True)

    __table_args__ = (Index(None, "company_id", "document_id"),)


class CannedAnswer(Keyed, Base):
    """An answer that is kept ready, in both languages."""

    __tablename__ = "canned_answer"

    name: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    body_ar: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __mapper_args__ = {"version_id_col": version}


class FaqEntry(Keyed, Base):
    """An answer for everybody of some roles, which names nobody."""

    __tablename__ = "faq_entry"

    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_question.id"))
    """The thread it was made from; partners never learn it."""
    title: Mapped[str] = mapped_column(String(200))
    title_ar: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    body_ar: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[str] = mapped_column(String(200), default="all")
    """Roles of contacts, comma separated, or ``all``."""
    words: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index(None, "company_id", "published_at"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the record of acts calls it."""
        return self.title
