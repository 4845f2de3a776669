"""A partner's row, for the operations that need it."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.partners.models import Partner


class NoContact(Invalid):
    """Add the contact's e-mail address to the partner first."""


def get_partner(session: Session, partner_id: UUID) -> Partner:
    """The partner's row.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(Partner, partner_id)
    if found is None:
        raise NotFound("This partner was not found. It may have been removed; choose one from the board.")
    return found
