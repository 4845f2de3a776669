"""Links to a partner's room: the same text each time, until the link's epoch is raised.

A token is ``key id . partner . epoch . seal``; the seal is an HMAC-SHA256 over all of these and what the link is for.
A token is accepted only in the one spelling we would give it ourselves, so no alias of it exists.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import tokens
from core.access.models import RoomLink
from core.access.tokens import LinkAltered, LinkExpired, WrongPurpose
from core.clock import now
from core.ids import new_id
from core.keys import signing_keys

_PURPOSE = "partnerdesk:room"
_SHAPE = re.compile(r"([\w.-]{1,40})\.([0-9a-f]{32})\.([1-9][0-9]{0,8})\.([\w-]{43})", re.ASCII)


class LinkForProposal(WrongPurpose):
    """This link is for the proposal. Open it from the e-mail it came in."""


class LinkForRoom(WrongPurpose):
    """This link is for the partner portal. Open it from the e-mail it came in."""


@dataclass(frozen=True)
class Claims:
    """What a token that we sealed says."""

    key_id: str
    partner_id: UUID
    epoch: int


def issue(session: Session, partner_id: UUID) -> RoomLink:
    """The partner's link: the one there is, or a new one. A link whose key was retired is sealed with the newest."""
    link = find(session, partner_id)
    if link is None:
        link = RoomLink(id=new_id(), partner_id=partner_id, key_id=_newest_key(), epoch=1, issued_at=now())
        session.add(link)
        session.flush()
    elif link.key_id not in signing_keys():
        link.key_id = _newest_key()
    return link


def rotate(link: RoomLink) -> None:
    """Raise the epoch: the text before stops working, another one works from now on."""
    link.key_id, link.epoch, link.rotated_at = _newest_key(), link.epoch + 1, now()


def find(session: Session, partner_id: UUID) -> RoomLink | None:
    """The partner's link, if one was ever issued."""
    return session.scalars(select(RoomLink).where(RoomLink.partner_id == partner_id)).one_or_none()


def spell(link: RoomLink) -> str:
    """The token of a link: the same text each time.

    Raises:
        LinkExpired: the key that sealed it was retired, so the link is dead until it is sent again.
    """
    if link.key_id not in signing_keys():
        raise LinkExpired(day="an earlier day", owner="the sender")
    return _spelled(Claims(link.key_id, link.partner_id, link.epoch))


def verified(token: str) -> Claims:
    """What a token says that we sealed, replaced or not.

    Raises:
        LinkAltered: it is not a token of ours in our own spelling.
        LinkForProposal, WrongPurpose: it is ours, for something else.
    """
    shape = _SHAPE.fullmatch(token)
    if shape is None or shape[1] not in signing_keys():
        raise _why_not(token)
    claims = Claims(shape[1], UUID(shape[2]), int(shape[3]))
    if not hmac.compare_digest(_spelled(claims), token):
        raise LinkAltered
    return claims


def is_for_room(token: str) -> bool:
    """Whether a token was ever a link of ours to a room."""
    try:
        verified(token)
    except tokens.LinkRefused:
        return False
    return True


def read(session: Session, token: str) -> RoomLink:
    """The link a token was made for, whether it is still in force or not.

    Raises:
        LinkAltered, WrongPurpose: see ``verified``.
    """
    link = find(session, verified(token).partner_id)
    if link is None:
        raise LinkAltered
    return link


def is_in_force(link: RoomLink, token: str) -> bool:
    """Whether a token still opens the room."""
    claims = verified(token)
    return (claims.key_id, claims.partner_id, claims.epoch) == (link.key_id, link.partner_id, link.epoch)


def _why_not(token: str) -> LinkAltered | LinkForProposal:
    """Why a text that does not look like a room's link is none; other links of ours have their own refusal."""
    try:
        tokens.verified_claims(token)
    except LinkAltered as refusal:
        return refusal
    return LinkForProposal()


def _spelled(claims: Claims) -> str:
    said = f"{claims.key_id}.{claims.partner_id.hex}.{claims.epoch}"
    seal = hmac.digest(signing_keys()[claims.key_id], f"{_PURPOSE}\0{said}".encode(), hashlib.sha256)
    return f"{said}.{urlsafe_b64encode(seal).decode().rstrip('=')}"


def _newest_key() -> str:
    return next(iter(signing_keys()))
