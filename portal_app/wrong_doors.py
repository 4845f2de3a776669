"""What to say of a link that came to a door it is not for."""

from core.access.room_links import LinkForRoom
from core.access.tokens import LinkAltered
from core.actor import system
from core.contacts.presence import is_contacts_link
from core.db import reading
from core.errors import DomainError


def meant(refusal: DomainError, text: str) -> DomainError:
    """The refusal of a proposal's or a room's link; of a text that is a contact's link, what that one is for.

    It asks the database, so call it off the event loop.
    """
    if type(refusal) is not LinkAltered:
        return refusal
    with reading(system()) as session:
        return LinkForRoom() if is_contacts_link(session, text) else refusal
