"""What a space of the library is asked to be: its name, and whom it is for; made safe to keep. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core import fields
from core.actor import ContactRole
from core.errors import Invalid
from core.vault.visibility import EVERY_ROLE, PRICE_READERS, READERS


class RoleWithoutLibrary(Invalid):
    """The role {role} has no library. Leave it out."""


class RoleWithoutPrices(Invalid):
    """The role {role} sees no prices, and this space holds some. Leave it out, or say that it holds no prices."""


@dataclass(frozen=True)
class NewSpace:
    """A space as it was typed. ``partner_id``: the one reseller it is for, None: all of them. ``roles``: whom of their
    people, none named: every role that the library is for."""

    name: str
    name_ar: str = ""
    partner_id: UUID | None = None
    roles: tuple[ContactRole, ...] = ()
    holds_prices: bool = False

    def names(self) -> tuple[str, str]:
        """The name in English and in Arabic, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message says why.
        """
        name = fields.line(self.name, name="Name", most=120)
        return name, fields.line(self.name_ar, name="Arabic name", least=0, most=120)

    def role_rule(self) -> str:
        """The roles as a space keeps them: comma separated, or ``all``. A space with prices always names its roles.

        Raises:
            RoleWithoutLibrary, RoleWithoutPrices
        """
        named = [ContactRole(role) for role in self.roles]
        if sly := [role for role in named if role not in READERS]:
            raise RoleWithoutLibrary(role=sly[0].value)
        if self.holds_prices:
            if sly := [role for role in named if role not in PRICE_READERS]:
                raise RoleWithoutPrices(role=sly[0].value)
            return as_text(named or PRICE_READERS)
        return EVERY_ROLE if not named or set(named) == set(READERS) else as_text(named)


def as_text(roles: Iterable[ContactRole]) -> str:
    """Roles as a rule keeps them, in one order."""
    chosen = set(roles)
    return ",".join(role.value for role in ContactRole if role in chosen)
