"""Trusted devices: browsers on which somebody proved the mailbox of a partner's contact, for ninety days."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession, TrustedDevice
from core.actor import Actor
from core.clock import now
from core.errors import DomainError
from core.ids import new_id
from core.rows import upsert
from core.settings import settings


class DeviceUnknown(DomainError):
    """Confirm this device first: open the room and enter the code that we mail to you."""

    status = 403


TRUSTED_FOR = timedelta(days=90)


def device_of(session: Session, by: Actor) -> bytes | None:
    """The browser an actor's session was opened in, as it is known; None when it keeps no cookie for that."""
    opened = session.get(AccessSession, by.session) if by.session else None
    return opened.device_hash if opened else None


def trust(session: Session, partner_id: UUID, device_hash: bytes, *, address: str) -> None:
    """Trust a browser from now on; ``address`` is the mailbox that was proved in it."""
    at = now()
    row = {"id": new_id(), "partner_id": partner_id, "device_hash": device_hash, "address": address}
    row |= {"trusted_at": at, "until": at + TRUSTED_FOR}
    key, change = ("partner_id", "device_hash"), ("address", "trusted_at", "until")
    upsert(session, TrustedDevice, [row], key=key, change=change)


def needs_code(session: Session, *, by: Actor) -> bool:
    """Whether a partner's person must prove the mailbox on this device before documents open."""
    if not settings().code_on_new_device or by.partner is None:
        return False
    mine = (TrustedDevice.partner_id == by.partner, TrustedDevice.device_hash == AccessSession.device_hash)
    known = select(AccessSession, TrustedDevice.id).outerjoin(TrustedDevice, and_(*mine, TrustedDevice.until > now()))
    found = session.execute(known.where(AccessSession.id == by.session)).one_or_none()
    return found is None or found.id is None


def require_trust(session: Session, *, by: Actor) -> None:
    """Let a partner's person go on only on a device that needs no code.

    Raises:
        DeviceUnknown: the mailbox was not proved on it yet.
    """
    if needs_code(session, by=by):
        raise DeviceUnknown


def forget(session: Session, partner_id: UUID) -> int:
    """Trust no browser of a partner any more. Returns how many were trusted."""
    done = session.execute(delete(TrustedDevice).where(TrustedDevice.partner_id == partner_id))
    return int(done.rowcount)  # type: ignore[attr-defined]
