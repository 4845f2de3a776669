"""Proposal links: issued, signed, read back. A token is a JWT that names a row of ``proposal_link`` by its ``jti``.

Other links that let somebody of a partner in are spelled and verified the same way, each for an audience of its own.

A token is accepted only in the one spelling we would give it ourselves, so no alias of it exists.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import jwt
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access.models import ProposalLink
from core.actor import Actor
from core.clock import now
from core.errors import DomainError
from core.ids import new_id
from core.keys import signing_keys

LIFETIME = timedelta(days=30)
_ISSUER = "partnerdesk"
_AUDIENCE = "partnerdesk:proposal"
_CLAIMS = ["aud", "exp", "iat", "iss", "jti", "sub"]


class Spellable(Protocol):
    """A row that a token stands for."""

    @property
    def id(self) -> UUID:
        """Its key, the token's ``jti``."""
        ...

    @property
    def partner_id(self) -> UUID:
        """Whose people it lets in."""
        ...

    @property
    def key_id(self) -> str:
        """The key that signs it."""
        ...

    @property
    def issued_at(self) -> datetime:
        """From when, in whole seconds."""
        ...

    @property
    def expires_at(self) -> datetime:
        """Until when, in whole seconds."""
        ...


class LinkRefused(DomainError):
    """This link cannot be used."""

    status = 404
    link: ProposalLink | None = None


class LinkAltered(LinkRefused):
    """This link is incomplete or was changed. Copy the whole link from the e-mail."""


class WrongPurpose(LinkRefused):
    """This link is for another page of Partnerdesk. Open it from the e-mail it came in."""


class LinkExpired(LinkRefused):
    """This link expired on {day}. Ask {owner} for a new one."""

    status = 410


class LinkRevoked(LinkRefused):
    """Access was withdrawn on {day}. Contact {owner}."""

    status = 410


class LinkReplaced(LinkRefused):
    """A newer link was sent on {day}. Use the newest e-mail, or ask for a new link."""

    status = 410


def issue(session: Session, partner_id: UUID, *, by: Actor) -> ProposalLink:
    """Make a new link to a partner's proposal and replace the one before it."""
    replace(session, partner_id)
    at = now().replace(microsecond=0)
    link = ProposalLink(
        id=new_id(),
        partner_id=partner_id,
        key_id=next(iter(signing_keys())),
        issued_at=at,
        expires_at=at + LIFETIME,
        issued_by=by.name,
    )
    session.add(link)
    session.flush()
    return link


def replace(session: Session, partner_id: UUID) -> None:
    """Put the link in force, if there is one, out of force."""
    in_force = (ProposalLink.revoked_at.is_(None), ProposalLink.replaced_at.is_(None))
    session.execute(
        update(ProposalLink).where(ProposalLink.partner_id == partner_id, *in_force).values(replaced_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )


def spell(link: Spellable, *, audience: str = _AUDIENCE) -> str:
    """The token of a link: the same text each time.

    Raises:
        LinkExpired: the key that signed it was rotated out, so the link is dead.
    """
    key = signing_keys().get(link.key_id)
    if key is None:
        raise LinkExpired(day="an earlier day", owner="the sender")
    claims = {
        "iss": _ISSUER,
        "aud": audience,
        "sub": link.partner_id.hex,
        "jti": link.id.hex,
        "iat": int(link.issued_at.timestamp()),
        "exp": int(link.expires_at.timestamp()),
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": link.key_id})


def verified_claims(token: str, *, audience: str = _AUDIENCE) -> dict[str, Any]:
    """The claims of a token that we signed, whatever its age.

    Raises:
        LinkAltered: it is not a token of ours in our own spelling.
        WrongPurpose: it is ours, for something else.
    """
    try:
        kid = str(jwt.get_unverified_header(token).get("kid"))
        key = signing_keys()[kid]
        options = {"require": _CLAIMS, "verify_exp": False, "verify_aud": False, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=["HS256"], issuer=_ISSUER, options=options)  # type: ignore[arg-type]
        again = jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise LinkAltered from None
    if claims["aud"] != audience:
        raise WrongPurpose
    if not hmac.compare_digest(again.encode(), token.encode("utf-8", "replace")) or not _sound(claims):
        raise LinkAltered
    return claims


def _sound(claims: dict[str, Any]) -> bool:
    """Whether the claims have the types and the lifetime that we give them."""
    exp, iat = claims["exp"], claims["iat"]
    whole = type(exp) is int and type(iat) is int
    return whole and 0 < exp - iat <= LIFETIME.total_seconds() and set(claims) == set(_CLAIMS)


def read(session: Session, token: str) -> ProposalLink:
    """The link a token stands for, in force or not.

    Raises:
        LinkAltered, WrongPurpose: see ``verified_claims``.
    """
    claims = verified_claims(token)
    link = session.scalars(select(ProposalLink).where(ProposalLink.id == named(claims))).one_or_none()
    if link is None or link.partner_id.hex != claims["sub"] or spell(link) != token:
        raise LinkAltered
    return link


def named(claims: dict[str, Any]) -> UUID:
    """The link that verified claims name."""
    try:
        return UUID(claims["jti"])
    except ValueError:
        raise LinkAltered from None


def is_in_force(link: ProposalLink, at: datetime) -> bool:
    """Whether a link opens the proposal at this instant."""
    return link.revoked_at is None and link.replaced_at is None and at < link.expires_at
