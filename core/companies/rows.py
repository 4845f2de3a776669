"""Rows of the company and its staff, for the operations that need them."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import actor_of
from core.companies.models import Company, Staff
from core.errors import NotFound


def own_company(session: Session) -> Company:
    """The company of the session's actor.

    Raises:
        NotFound: the actor has none.
    """
    company = session.get(Company, actor_of(session).company or UUID(int=0))
    if company is None:
        raise NotFound("Sign in again: no company is known.")
    return company


def get_staff(session: Session, staff_id: UUID) -> Staff:
    """The member of staff's row.

    Raises:
        NotFound: there is none in this company.
    """
    row = session.get(Staff, staff_id)
    if row is None:
        raise NotFound("This colleague was not found. Choose one from the list.")
    return row
