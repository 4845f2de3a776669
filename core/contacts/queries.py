"""Reading about a reseller's people, for staff."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.access import sessions
from core.access.queries import OpenSession
from core.actor import Act, permits
from core.contacts.listing import open_sessions, rows
from core.contacts.models import Contact
from core.contacts.people import ContactRow
from core.contacts.rows import get_contact
from core.partners.rows import get_partner


@permits(Act.READ_RESELLERS)
def contacts(session: Session, partner_id: UUID) -> list[ContactRow]:
    """The contacts of a partner, enabled ones first, by name."""
    return rows(session, Contact.partner_id == get_partner(session, partner_id).id)


@permits(Act.READ_RESELLERS)
def sessions_of(session: Session, contact_id: UUID) -> list[OpenSession]:
    """The sessions of a contact in force, newest first; not those of staff who look as the contact."""
    contact = get_contact(session, contact_id)
    return open_sessions(sessions.of_contact(session, contact.id), here=None)
