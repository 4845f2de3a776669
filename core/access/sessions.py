"""Sessions: opened, found again by the cookie's secret, listed, ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed, new_secret
from core.actor import Actor
from core.clock import now
from core.failpoints import reach

IDLE = timedelta(days=30)
LONGEST = timedelta(days=90)
TOUCH_AFTER = timedelta(minutes=5)
"""How stale ``last_used_at`` may get before a use is written down."""


@dataclass(frozen=True)
class Live:
    """A session in force."""

    id: UUID
    company_id: UUID
    kind: SessionKind
    staff_id: UUID | None
    partner_id: UUID | None
    link_id: UUID | None
    measured: bool
    opened_at: datetime
    last_used_at: datetime


def open_session(
    session: Session,
    *,
    kind: SessionKind,
    staff_id: UUID | None = None,
    partner_id: UUID | None = None,
    link_id: UUID | None = None,
    contact_id: UUID | None = None,
    viewer_id: UUID | None = None,
    measured: bool = False,
    device: str = "",
    lasts: timedelta = LONGEST,
    by: Actor,
) -> str:
    """Let a person in. Returns the secret for the cookie; only its hash is kept. ``viewer_id``: see ``Actor``."""
    secret, at = new_secret(), now()
    row = AccessSession(secret_hash=hashed(secret), kind=kind, staff_id=staff_id, partner_id=partner_id)
    row.link_id, row.measured = link_id, measured
    row.contact_id, row.viewer_id = contact_id, viewer_id
    row.device_hash = hashed(device) if device else None
    row.opened_at, row.last_used_at, row.expires_at = at, at, at + lasts
    row.ip, row.user_agent = by.ip or "", (by.user_agent or "")[:400]
    session.add(row)
    session.flush()
    reach("session:open")
    return secret


def find_live(session: Session, secret: str, *, kinds: Collection[SessionKind]) -> Live | None:
    """The session a cookie's secret stands for, if it is in force."""
    row = session.scalars(select(AccessSession).where(AccessSession.secret_hash == hashed(secret))).one_or_none()
    if row is None or row.kind not in kinds or not in_force(row, now()):
        return None
    return Live(
        id=row.id,
        company_id=row.company_id,
        kind=row.kind,
        staff_id=row.staff_id,
        partner_id=row.partner_id,
        link_id=row.link_id,
        measured=row.measured,
        opened_at=row.opened_at,
        last_used_at=row.last_used_at,
    )


def in_force(row: AccessSession, at: datetime) -> bool:
    """Neither revoked nor unused for 30 days nor older than 90."""
    return row.revoked_at is None and at < row.expires_at and at - row.last_used_at < IDLE


def needs_touch(live: Live) -> bool:
    """Whether this use should be written down."""
    return now() - live.last_used_at > TOUCH_AFTER


def touch(session: Session, session_id: UUID) -> None:
    """Write down that a session was used."""
    session.execute(update(AccessSession).where(AccessSession.id == session_id).values(last_used_at=now()))


def close(session: Session, secret: str) -> AccessSession | None:
    """End the session of a cookie; None when it let nobody in any more."""
    row = session.scalars(select(AccessSession).where(AccessSession.secret_hash == hashed(secret))).one_or_none()
    if row is None or row.revoked_at is not None:
        return None
    row.revoked_at = now()
    return row


def revoke(
    session: Session,
    *,
    staff_id: UUID | None = None,
    partner_id: UUID | None = None,
    contact_id: UUID | None = None,
    kind: SessionKind | None = None,
    but: UUID | None = None,
) -> int:
    """End every session, ``but`` one, of a member of staff, a contact or a partner's people, or those of one ``kind``.

    Returns how many ended.
    """
    asked = {"staff_id": staff_id, "partner_id": partner_id, "contact_id": contact_id}
    whose = [getattr(AccessSession, name) == owner for name, owner in asked.items() if owner is not None]
    if len(whose) != 1:
        raise ValueError("whose sessions?")
    if kind is not None:
        whose.append(AccessSession.kind == kind)
    if but is not None:
        whose.append(AccessSession.id != but)
    return _end(session, *whose)


def revoke_readers(session: Session, partner_id: UUID) -> int:
    """End the sessions that a proposal's link or code opened, also those that became the room's by signing."""
    by_proposal = (AccessSession.kind == SessionKind.READER) | AccessSession.link_id.is_not(None)
    return _end(session, AccessSession.partner_id == partner_id, by_proposal)


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    ended = update(AccessSession).where(*which, AccessSession.revoked_at.is_(None)).values(revoked_at=now())
    return int(session.execute(ended).rowcount)  # type: ignore[attr-defined]


def of_staff(session: Session, staff_id: UUID) -> Sequence[AccessSession]:
    """The sessions in force of a member of staff, newest first."""
    return _in_force(session, AccessSession.staff_id == staff_id)


def of_contact(session: Session, contact_id: UUID) -> Sequence[AccessSession]:
    """The sessions in force of a contact, newest first; not those of staff who look as the contact."""
    return _in_force(session, AccessSession.contact_id == contact_id, AccessSession.viewer_id.is_(None))


def in_room(session: Session, partner_id: UUID) -> Sequence[AccessSession]:
    """The sessions in force that let a partner's people into its room, newest first."""
    return _in_force(session, AccessSession.partner_id == partner_id, AccessSession.kind == SessionKind.ROOM)


def _in_force(session: Session, *whose: ColumnElement[bool]) -> Sequence[AccessSession]:
    still = (AccessSession.revoked_at.is_(None), AccessSession.expires_at > now())
    rows = session.scalars(select(AccessSession).where(*whose, *still).order_by(AccessSession.opened_at.desc())).all()
    return [row for row in rows if in_force(row, now())]
