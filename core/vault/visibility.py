"""Who may see a document, and open it. Pure."""

from datetime import date, datetime
from enum import StrEnum

from core.partners.gate import nda_is_settled
from core.partners.pipeline import Status
from core.vault.models import Origin


class State(StrEnum):
    """What a document is to its partner's people."""

    OPEN = "open"
    GATED = "gated"
    """It opens once the NDA is signed."""
    EXPIRED = "expired"


def is_open(requires_nda: bool, *, status: Status, nda_expires_at: datetime | None, at: datetime) -> bool:
    """Whether the gate before a document is up."""
    return not requires_nda or nda_is_settled(status, nda_expires_at, at)


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


def may_fetch_version(origin: Origin, number: int, *, newest: int) -> bool:
    """Whether partners may fetch this version: what was replaced is gone for them, a signed NDA is not."""
    return number == newest or origin is not Origin.UPLOAD
