"""Who may see a document, and open it. Pure."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from core.partners.pipeline import Status


class State(StrEnum):
    """What a document is to its partner's people."""

    OPEN = "open"
    GATED = "gated"
    """It opens once the NDA is signed."""
    EXPIRED = "expired"


def is_open(requires_nda: bool, *, status: Status, nda_expires_at: datetime | None, at: datetime) -> bool:
    """Whether the gate before a document is up: an active partner needs no NDA, any other one a valid one."""
    if not requires_nda or status is Status.ACTIVE:
        return True
    return nda_expires_at is not None and at < nda_expires_at


def has_expired(expires_on: date | None, *, today: date) -> bool:
    """Whether the last day of a document has passed. ``today``: where the company is."""
    return expires_on is not None and today > expires_on


def state_of(
    *,
    requires_nda: bool,
    expires_on: date | None,
    status: Status,
    nda_expires_at: datetime | None,
    at: datetime,
    today: date,
) -> State:
    """What a document is to its partner's people. Expired is said first: no signature brings it back."""
    if has_expired(expires_on, today=today):
        return State.EXPIRED
    up = is_open(requires_nda, status=status, nda_expires_at=nda_expires_at, at=at)
    return State.OPEN if up else State.GATED


def is_theirs(partner: UUID, *, visible_to: UUID | None, removed: bool) -> bool:
    """Whether a document concerns a partner at all; to everybody else it does not exist."""
    return visible_to == partner and not removed
