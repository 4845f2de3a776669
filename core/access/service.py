"""What happens around sessions, apart from opening and ending them."""

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag


@permits(Act.OWN_SESSION)
def report_mismatch(session: Session, *, by: Actor) -> None:
    """Note that a tab opened in one session was taken up with the cookie of another."""
    record(session, Tag.SESSION_MISMATCH, by=by, after={"session": by.session})
