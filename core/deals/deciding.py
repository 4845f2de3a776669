"""What reviewers do with an intent. Whoever comes first decides; everybody else reads who did."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.deals.models import Quote
from core.deals.terms import Terms


@permits(Act.DECIDE_DEALS)
def approve(
    session: Session,
    quote_id: UUID,
    *,
    terms: Terms,
    note: str = "",
    override: str = "",
    protect_days: int = 90,
    version: int,
    by: Actor,
) -> Quote:
    """Make an intent a quote, lock its terms in and protect the customer. ``override``: why, against a protection."""
    raise NotImplementedError


@permits(Act.DECIDE_DEALS)
def reject(session: Session, quote_id: UUID, *, note: str, version: int, by: Actor) -> Quote:
    """Say no, and why; the partner reads it."""
    raise NotImplementedError


@permits(Act.DECIDE_DEALS)
def return_(session: Session, quote_id: UUID, *, note: str, version: int, by: Actor) -> Quote:
    """Ask the partner for more before deciding."""
    raise NotImplementedError
