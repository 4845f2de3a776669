"""Trusted devices: browsers on which somebody proved a mailbox, for ninety days.

In a room it is the mailbox of the partner's contact, and the proof counts for everybody of the partner in that browser.
A contact of a reseller proves its own, which counts for nobody else: the browser goes by another name for each of them.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession, TrustedDevice
from core.actor import Actor, ActorKind
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


def known_as(device_hash: bytes, contact_id: UUID) -> bytes:
    """What a browser is called among a partner's trusted ones once this contact proved its own mailbox in it."""
    return hashlib.sha256(device_hash + contact_id.bytes).digest()


def trust(session: Session, partner_id: UUID, device_hash: bytes, *, address: str) -> None:
    """Trust a browser from now on; ``address`` is the mailbox that was proved in it."""
    at = now()
    row = {"id": new_id(), "partner_id": partner_id, "device_hash": device_hash, "address": address}
    row |= {"trusted_at": at, "until": at + TRUSTED_FOR}
    key, change = ("partner_id", "device_hash"), ("address", "trusted_at", "until")
    upsert(session, TrustedDevice, [row], key=key, change=change)


def asks(by: Actor) -> bool:
    """Whether somebody is asked for a code on a device that is not known."""
    return settings().code_on_new_device and by.partner is not None and by.viewer is None


def needs_code(session: Session, *, by: Actor) -> bool:
    """Whether a partner's person must prove the mailbox on this device before documents, and a contact's amounts, open.

    Staff who look as a contact have no mailbox there to prove, and may see it all where they come from.
    """
    if not asks(by):
        return False
    if by.kind is ActorKind.CONTACT:
        return not _knows_contact(session, by)
    mine = (TrustedDevice.partner_id == by.partner, TrustedDevice.device_hash == AccessSession.device_hash)
    known = select(AccessSession, TrustedDevice.id).outerjoin(TrustedDevice, and_(*mine, TrustedDevice.until > now()))
    found = session.execute(known.where(AccessSession.id == by.session)).one_or_none()
    return found is None or found.id is None


def _knows_contact(session: Session, by: Actor) -> bool:
    """Whether this very contact proved its mailbox in the browser of its session."""
    known = select(AccessSession.device_hash, TrustedDevice.device_hash).join(TrustedDevice, trusted_beside())
    return is_known(session.execute(known.where(AccessSession.id == by.session)), by)


def trusted_beside() -> ColumnElement[bool]:
    """Which browsers its partner trusts now, beside a session."""
    return and_(TrustedDevice.partner_id == AccessSession.partner_id, TrustedDevice.until > now())


def is_known(found: Iterable[tuple[bytes | None, bytes | None]], by: Actor) -> bool:
    """Whether one of the browsers, that of the session beside one its partner trusts, is trusted for this contact."""
    return by.id is not None and any(device and known_as(device, by.id) == trusted for device, trusted in found)


def require_trust(session: Session, *, by: Actor) -> None:
    """Let a partner's person go on only on a device that needs no code.

    Raises:
        DeviceUnknown: the mailbox was not proved on it yet.
    """
    if needs_code(session, by=by):
        raise DeviceUnknown


def forget(session: Session, partner_id: UUID, *, address: str | None = None) -> int:
    """Trust no browser of a partner any more, or none that proved this mailbox. Returns how many were trusted."""
    which = [TrustedDevice.partner_id == partner_id]
    if address is not None:
        which.append(TrustedDevice.address == address)
    done = session.execute(delete(TrustedDevice).where(*which))
    return int(done.rowcount)  # type: ignore[attr-defined]
