"""Entries of a partner's timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, choice
from core.tenancy import Keyed
from core.timeline.kinds import Kind


class TimelineEntry(Keyed, Base):
    """Something that touched a partner."""

    __tablename__ = "timeline_entry"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    at: Mapped[datetime]
    kind: Mapped[Kind] = mapped_column(choice(Kind, checked=False))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_name: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]]
    """What the entry's sentence needs, as texts by name."""

    __table_args__ = (Index(None, "company_id", "partner_id", "at"),)
