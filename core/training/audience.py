"""Whom a module is for, and who must hold it. Pure."""

from collections.abc import Iterable, Sequence

from core.actor import ContactRole
from core.errors import Invalid
from core.training.models import ModuleKind

EMPLOYEE = "employee"
"""What stands for the company's own staff among the roles."""
ROLES: tuple[str, ...] = (*ContactRole, EMPLOYEE)
"""Every role a module can be required for; a viewer takes none."""
_TEACHES: dict[ModuleKind, frozenset[ContactRole]] = {
    ModuleKind.SALES: frozenset({ContactRole.SALESPERSON, ContactRole.PRINCIPAL}),
    ModuleKind.TECHNICAL: frozenset({ContactRole.TECHNICAL, ContactRole.PRINCIPAL}),
    ModuleKind.BOTH: frozenset({ContactRole.SALESPERSON, ContactRole.TECHNICAL, ContactRole.PRINCIPAL}),
}


class RoleUnknown(Invalid):
    """Choose the roles from the list: {role} is none that takes training."""


def roles_of(required_roles: str) -> tuple[str, ...]:
    """The roles of a comma separated list, in the usual order."""
    named = {part.strip() for part in required_roles.split(",")}
    return tuple(str(role) for role in ROLES if role in named)


def joined(roles: Iterable[str]) -> str:
    """The comma separated list of some roles.

    Raises:
        RoleUnknown: one of them takes no training.
    """
    named = list(roles)
    for role in named:
        if role not in ROLES or role == ContactRole.VIEWER:
            raise RoleUnknown(role=role)
    return ",".join(role for role in ROLES if role in named)


def is_required(required_roles: str, role: str) -> bool:
    """Whether a role, or ``employee``, must hold the module."""
    return role in roles_of(required_roles)


def is_for(kind: ModuleKind, required_roles: str, role: str) -> bool:
    """Whether a module is offered to a role: staff learn everything, contacts what fits them or is required."""
    return role == EMPLOYEE or is_required(required_roles, role) or role in _TEACHES[kind]


def required_for(role: str, modules: Sequence[tuple[object, str]]) -> list[object]:
    """Which modules, each with its required roles, a role must hold."""
    return [module for module, required_roles in modules if is_required(required_roles, role)]
