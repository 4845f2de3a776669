"""Who may see a document, and open it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from core.actor import CONTACT_GRANTS, Act, ContactRole
from core.partners.gate import nda_is_settled
from core.partners.pipeline import Status
from core.vault.models import Origin


class State(StrEnum):
    """What a document is to its partner's people."""

    OPEN = "open"
    GATED = "gated"
    """It opens once the NDA is signed."""
    EXPIRED = "expired"


def is_open(requires_nda: bool, *, status: Status, nda_expires_at: datetime | None, at: datetime) -> bool:
    """Whether the gate before a document is up."""
    return not requires_nda or nda_is_settled(status, nda_expires_at, at)


def has_expired(expires_on: date | None, *, today: date) -> bool:
    """Whether the last day of a document has passed. ``today``: where the company is."""
    return expires_on is not None and today > expires_on


def state_of(
    *,
    requires_nda: bool,
    expires_on: date | None,
    status: Status,
    nda_expires_at: datetime | None,
    at: datetime,
    today: date,
) -> State:
    """What a document is to its partner's people. Expired is said first: no signature brings it back."""
    if has_expired(expires_on, today=today):
        return State.EXPIRED
    up = is_open(requires_nda, status=status, nda_expires_at=nda_expires_at, at=at)
    return State.OPEN if up else State.GATED


def may_fetch_version(origin: Origin, number: int, *, newest: int) -> bool:
    """Whether partners may fetch this version: what was replaced is gone for them, a signed NDA is not."""
    return number == newest or origin is not Origin.UPLOAD


EVERY_ROLE = "all"
"""How a space says that no role is left out."""
READERS = tuple(role for role in ContactRole if Act.USE_LIBRARY in CONTACT_GRANTS[role])
"""The roles that the library is for at all."""
PRICE_READERS = tuple(role for role in READERS if Act.SEE_MONEY in CONTACT_GRANTS[role])
"""Those of them that see prices."""


class Reach(StrEnum):
    """Whether a space reaches somebody, and why not."""

    SEES = "sees"
    NOT_LET_IN = "not_let_in"
    """They may not come in to the portal."""
    NO_AUDIENCE = "no_audience"
    """The space is nobody's: it was withdrawn."""
    OTHER_RESELLER = "other_reseller"
    ROLE_LEFT_OUT = "role_left_out"
    NO_LIBRARY = "no_library"
    """Their role has no library."""
    NO_PRICES = "no_prices"
    """It holds prices, and their role sees none."""


@dataclass(frozen=True)
class Audience:
    """Whom a space of the library is for: one reseller (``partner_id``), all of them, or nobody; and which roles.

    ``roles``: comma separated, or ``all``.
    """

    partner_id: UUID | None = None
    for_all: bool = False
    roles: str = EVERY_ROLE
    holds_prices: bool = False

    def reach(self, *, partner_id: UUID | None, role: ContactRole | None) -> Reach:
        """Whether it reaches a contact of a reseller. ``role`` None: somebody who is not let in."""
        if role is None or partner_id is None:
            return Reach.NOT_LET_IN
        if self.partner_id is None and not self.for_all:
            return Reach.NO_AUDIENCE
        if not self.for_all and self.partner_id != partner_id:
            return Reach.OTHER_RESELLER
        if role not in READERS:
            return Reach.NO_LIBRARY
        if self.holds_prices and role not in PRICE_READERS:
            return Reach.NO_PRICES
        return Reach.SEES if role in self.named_roles else Reach.ROLE_LEFT_OUT

    @property
    def named_roles(self) -> frozenset[ContactRole]:
        """The roles it names; what is no role names nobody."""
        if self.roles == EVERY_ROLE:
            return frozenset(READERS)
        named = {name.strip() for name in self.roles.split(",")}
        return frozenset(role for role in ContactRole if role in named)
