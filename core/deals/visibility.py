"""Who of a reseller may open which document of its deals. Pure."""

from core.actor import CONTACT_GRANTS, Act, ContactRole
from core.deals.states import DocumentUse

HAS_MONEY = frozenset({DocumentUse.ORDER, DocumentUse.QUOTE, DocumentUse.INVOICE})
"""Documents with prices on them."""


def may_open(role: ContactRole | None, use: DocumentUse) -> bool:
    """Whether a role opens a document of a deal it sees: a viewer none, and without money none that has prices."""
    if role is None or role is ContactRole.VIEWER:
        return False
    return use not in HAS_MONEY or Act.SEE_MONEY in CONTACT_GRANTS[role]
