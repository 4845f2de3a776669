"""Rows of deals, for the operations and reads that need them: found, seen by whom, decided by whom."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.actor import Actor, ContactRole, Role
from core.companies.models import Staff
from core.contacts.models import Contact
from core.deals.models import Quote
from core.errors import NotFound
from core.partners.models import Partner


def get_deal(session: Session, quote_id: UUID) -> Quote:
    """A deal of any kind.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(Quote, quote_id)
    if found is None:
        raise NotFound("This deal was not found. Choose one from the list.")
    return found


def shown_to(by: Actor) -> list[ColumnElement[bool]]:
    """What a contact sees of its reseller's deals: a salesperson its own, everybody else all of them."""
    conditions = [Quote.partner_id == (by.partner or UUID(int=0))]
    if by.contact_role is ContactRole.SALESPERSON:
        conditions.append(Quote.contact_id == by.id)
    return conditions


def get_own_deal(session: Session, quote_id: UUID, *, by: Actor) -> Quote:
    """A deal that a contact sees.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = session.scalars(select(Quote).where(Quote.id == quote_id, *shown_to(by))).one_or_none()
    if found is None:
        raise NotFound("This deal was not found. Choose one from the list.")
    return found


def partner_of(session: Session, quote: Quote) -> Partner:
    """The reseller that registered a deal."""
    return session.get_one(Partner, quote.partner_id)


def who_decides(session: Session, partner: Partner) -> list[Staff]:
    """Whom to tell of an intent: the partner's owner and every reviewer; every admin where there is neither."""
    present = select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.id)
    found = session.scalars(present.where((Staff.role == Role.REVIEWER) | (Staff.id == partner.owner_id)))
    return list(found) or admins(session)


def admins(session: Session) -> list[Staff]:
    """Every admin who is there."""
    present = select(Staff).where(Staff.disabled_at.is_(None), Staff.role == Role.ADMIN).order_by(Staff.id)
    return list(session.scalars(present))


def who_hears(session: Session, quote: Quote) -> list[Contact]:
    """Whom of the reseller to tell: who registered the deal, or every principal where that person left."""
    contact = session.get(Contact, quote.contact_id) if quote.contact_id else None
    if contact is not None and contact.disabled_at is None:
        return [contact]
    principals = select(Contact).where(
        Contact.partner_id == quote.partner_id,
        Contact.role == ContactRole.PRINCIPAL,
        Contact.disabled_at.is_(None),
    )
    return list(session.scalars(principals.order_by(Contact.id)))
