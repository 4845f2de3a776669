"""What the rule of a space was at any time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.tenancy import Keyed


class SpaceRule(Keyed, Base):
    """Who might see a space from a moment on, until the next rule; never changed."""

    __tablename__ = "space_rule"

    space_id: Mapped[UUID] = mapped_column(ForeignKey("document_space.id"))
    partner_visible_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    visible_to_all_partners: Mapped[bool]
    partner_role_visibility: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index(None, "company_id", "space_id", "at"),)
