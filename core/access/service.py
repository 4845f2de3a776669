"""What happens around sessions, apart from opening and ending them."""

from sqlalchemy.orm import Session

from core.access import sessions
from core.actor import Act, Actor, ActorKind, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.errors import NotAllowed
from core.tenancy import enter


@permits(Act.OWN_SESSION)
def leave(session: Session, secret: str, *, by: Actor) -> None:
    """End the session of a cookie: its person leaves. A cookie that lets nobody in changes nothing."""
    row = sessions.close(session, secret)
    if row is not None:
        by = enter(session, row.company_id)
        record(session, Tag.SIGN_OUT, by=by, after={"kind": row.kind, "session": row.id})


@permits(Act.OWN_SESSION)
def report_mismatch(session: Session, *, by: Actor) -> None:
    """Note that a tab opened in one session was taken up with the cookie of another."""
    record(session, Tag.SESSION_MISMATCH, by=by, after={"session": by.session})


@permits(Act.OWN_SESSION)
def end_other_sessions(session: Session, *, by: Actor) -> int:
    """End every session of one's own but the one this is done in. Returns how many there were.

    Raises:
        NotAllowed: somebody of a partner asks, whose sessions are nobody's in particular.
    """
    if by.id is None:
        raise NotAllowed
    if by.kind is ActorKind.CONTACT:
        ended = sessions.revoke(session, contact_id=by.id, but=by.session)
    else:
        ended = sessions.revoke(session, staff_id=by.id, but=by.session)
    record(session, Tag.SESSION_REVOKE, by=by, after={"own": True, "sessions_ended": ended})
    return ended
