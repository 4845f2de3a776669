"""Meetings, action items on both sides, decisions, and what a booking service reported."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed


class MeetingState(StrEnum):
    """Where a meeting stands; one in the past that was not cancelled was held."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """Whose an action item is."""

    OURS = "ours"
    PARTNER = "partner"


class Meeting(Keyed, Base):
    """A meeting with a partner."""

    __tablename__ = "meeting"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    title: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(500), default="")
    """An address or a web address."""
    agenda: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    attendees: Mapped[list[Any]]
    """``{"name", "email"}`` of whoever the agenda is mailed to."""
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState), default=MeetingState.SCHEDULED)
    booking_uid: Mapped[str | None] = mapped_column(String(200))
    """The booking service's own name for it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with each change that calendars must take over."""
    organiser_name: Mapped[str] = mapped_column(String(200))
    organiser_email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        UniqueConstraint("company_id", "booking_uid"),
        Index(None, "company_id", "partner_id", "at"),
        Index(None, "company_id", "at"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return self.title


class ActionItem(Keyed, Base):
    """Something one side is to do."""

    __tablename__ = "action_item"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    side: Mapped[Side] = mapped_column(choice(Side))
    text: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """The colleague who does it; None on the partner's side."""
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("side = 'ours' OR owner_id IS NULL", name="partners_have_no_owner"),
        Index(None, "company_id", "partner_id", "created_at"),
        Index(None, "company_id", "due_on"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return self.text


class Decision(Keyed, Base):
    """Something both sides agreed; it is never changed, the database refuses it too."""

    __tablename__ = "decision"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    text: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    """The earlier decision that this one overrules."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("replaces_id"), Index(None, "company_id", "partner_id", "decided_on"))

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return self.text


class BookingReport(Keyed, Base):
    """One message of the booking service that was taken in; the same one again changes nothing."""

    __tablename__ = "booking_report"

    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the message."""
    booking_uid: Mapped[str] = mapped_column(String(200))
    trigger: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("company_id", "digest"), Index(None, "company_id", "received_at"))
