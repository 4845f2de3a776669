"""A contact as lists show it, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.actor import ContactRole


class ContactState(StrEnum):
    """How far a contact has come."""

    INVITED = "invited"
    INVITE_EXPIRED = "invite_expired"
    """Never came in, and the invite opens nothing any more."""
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True)
class ContactRow:
    """A contact in a list. ``invite_until``: of the newest invite; ``open_sessions``: in force now."""

    id: UUID
    name: str
    email: str
    title: str
    role: ContactRole
    language: str
    state: ContactState
    added_at: datetime
    added_by: str
    entered_at: datetime | None
    last_used_at: datetime | None
    disabled_at: datetime | None
    invite_until: datetime | None
    open_sessions: int
    version: int
