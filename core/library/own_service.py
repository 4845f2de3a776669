"""What a reseller's person does in the library besides fetching: looking at it."""

from sqlalchemy.orm import Session

from core.access.devices import needs_code
from core.actor import Act, Actor, permits
from core.library.rows import looker, spaces_for
from core.vault.looking import note_look


@permits(Act.USE_LIBRARY)
def look(session: Session, *, by: Actor) -> None:
    """Note that somebody looks at the library, once a visit, so that what comes next can be marked as new.

    A price list that a new device does not show yet was not looked at.
    """
    locked = needs_code(session, by=by)
    for space in spaces_for(session, by):
        if not (locked and space.holds_prices):
            note_look(session, space.id, who=looker(by))
