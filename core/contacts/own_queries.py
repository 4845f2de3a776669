"""What contacts read about themselves and their colleagues."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from core.access import sessions
from core.access.queries import OpenSession
from core.actor import Act, ContactRole, actor_of, allowed, permits
from core.companies.models import Staff
from core.companies.rows import own_company
from core.contacts.listing import ContactRow, open_sessions, rows
from core.contacts.models import Contact
from core.errors import NotAllowed
from core.partners.models import Partner


@dataclass(frozen=True)
class Home:
    """What a contact is greeted with. ``owner_*``: whom to ask, empty when nobody is named.

    ``commission_pct``: the usual rate; None for a role that sees no money.
    """

    name: str
    role: ContactRole
    partner: str
    partner_ar: str
    company: str
    company_ar: str
    colour: str
    currency: str
    time_zone: str
    owner_name: str
    owner_email: str
    reseller_since: datetime | None
    commission_pct: Decimal | None


@permits(Act.USE_PORTAL)
def home(session: Session) -> Home:
    """The contact, its company and who looks after it.

    Raises:
        NotAllowed: it is no contact who asks.
    """
    actor, company = actor_of(session), own_company(session)
    partner = session.get(Partner, actor.partner or UUID(int=0))
    if partner is None or actor.contact_role is None:
        raise NotAllowed
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    is_there = owner is not None and owner.disabled_at is None
    return Home(
        name=actor.name,
        role=actor.contact_role,
        partner=partner.name,
        partner_ar=partner.name_ar,
        company=company.name,
        company_ar=company.name_ar,
        colour=company.colour,
        currency=company.base_currency,
        time_zone=company.time_zone,
        owner_name=owner.name if owner and is_there else "",
        owner_email=owner.email if owner and is_there else "",
        reseller_since=partner.reseller_since,
        commission_pct=partner.default_commission_pct if allowed(actor, Act.SEE_MONEY) else None,
    )


@permits(Act.MANAGE_CONTACTS)
def colleagues(session: Session) -> list[ContactRow]:
    """The contacts of one's own company, oneself included, enabled ones first, by name."""
    return rows(session, Contact.partner_id == (actor_of(session).partner or UUID(int=0)))


@permits(Act.USE_PORTAL)
def my_sessions(session: Session) -> list[OpenSession]:
    """One's own sessions in force, newest first."""
    actor = actor_of(session)
    found = sessions.of_contact(session, actor.id) if actor.id else []
    return open_sessions(found, here=actor.session)
