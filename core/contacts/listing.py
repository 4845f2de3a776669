"""Contacts as lists show them: who they are, whether they have come in, when they were seen last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.access.queries import OpenSession
from core.access.sessions import IDLE
from core.clock import now
from core.contacts.models import Contact, ContactLink, LinkUse
from core.contacts.people import ContactRow, ContactState


def rows(session: Session, *which: ColumnElement[bool]) -> list[ContactRow]:
    """The contacts of some conditions, enabled ones first, by name; in one statement."""
    found = session.execute(
        select(Contact, _last_used(), _open_sessions(), _invite_until())
        .where(*which)
        .order_by(Contact.disabled_at.is_not(None), Contact.name, Contact.id)
    )
    return [_row(contact, *figures) for contact, *figures in found]


def _row(contact: Contact, last_used: Any, open_sessions: int, invite_until: Any) -> ContactRow:
    same = ("id", "name", "email", "title", "role", "language", "added_at", "added_by", "entered_at", "disabled_at")
    return ContactRow(
        **{name: getattr(contact, name) for name in (*same, "version")},
        state=_state(contact, invite_until),
        last_used_at=last_used,
        open_sessions=open_sessions,
        invite_until=invite_until,
    )


def _state(contact: Contact, invite_until: datetime | None) -> ContactState:
    if contact.disabled_at is not None:
        return ContactState.DISABLED
    if contact.entered_at is not None:
        return ContactState.ACTIVE
    is_open = invite_until is not None and invite_until > now()
    return ContactState.INVITED if is_open else ContactState.INVITE_EXPIRED


_MINE = (AccessSession.contact_id == Contact.id, AccessSession.viewer_id.is_(None))


def _last_used() -> Any:
    return select(func.max(AccessSession.last_used_at)).where(*_MINE).correlate(Contact).scalar_subquery()


def _open_sessions() -> Any:
    at = now()
    in_force = (
        AccessSession.revoked_at.is_(None),
        AccessSession.expires_at > at,
        AccessSession.last_used_at > at - IDLE,
    )
    return select(func.count(AccessSession.id)).where(*_MINE, *in_force).correlate(Contact).scalar_subquery()


def _invite_until() -> Any:
    invites = (ContactLink.contact_id == Contact.id, ContactLink.use == LinkUse.INVITE)
    unused = (ContactLink.used_at.is_(None), ContactLink.replaced_at.is_(None))
    newest = select(func.max(ContactLink.expires_at)).where(*invites, *unused)
    return newest.correlate(Contact).scalar_subquery()


def open_sessions(found: Sequence[AccessSession], *, here: UUID | None) -> list[OpenSession]:
    """Sessions as lists show them. ``here``: the one that is asked in."""
    return [
        OpenSession(row.id, row.opened_at, row.last_used_at, row.ip, row.user_agent, row.id == here) for row in found
    ]
