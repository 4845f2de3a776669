"""What a reseller's people do with an intent: write it, submit it, answer questions, withdraw it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.deals.models import Quote
from core.deals.terms import NewDeal


@permits(Act.SUBMIT_DEALS)
def save_draft(session: Session, *, content: Mapping[str, str], by: Actor) -> None:
    """Keep what a contact typed so far; an empty ``content`` forgets it. One draft a contact."""
    raise NotImplementedError


@permits(Act.SUBMIT_DEALS)
def submit(session: Session, *, deal: NewDeal, by: Actor) -> Quote:
    """Register a deal; it waits for a review. The contact's draft is gone with it."""
    raise NotImplementedError


@permits(Act.SUBMIT_DEALS)
def resubmit(session: Session, quote_id: UUID, *, deal: NewDeal, version: int, by: Actor) -> Quote:
    """Send a returned intent again, as it was changed; the review's clock starts anew."""
    raise NotImplementedError


@permits(Act.SUBMIT_DEALS)
def withdraw(session: Session, quote_id: UUID, *, by: Actor) -> Quote:
    """Take an intent back that was not decided yet."""
    raise NotImplementedError
