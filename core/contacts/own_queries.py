"""What contacts read about themselves and their colleagues."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.access import sessions
from core.access.queries import OpenSession
from core.actor import Act, actor_of, permits
from core.contacts.listing import open_sessions, rows
from core.contacts.models import Contact
from core.contacts.people import ContactRow


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
