"""Views of a list that a member of staff keeps under a name: filters and order, as the page's address carries them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, actor_of, permits
from core.deals.models import SavedView
from core.errors import Conflict, NotFound

MOST = 20
"""Views that one keeps of a page at most."""
MOST_NAME, MOST_QUERY = 60, 500


class TooManyViews(Conflict):
    """You keep {most} views of this page already. Remove one first."""


@dataclass(frozen=True)
class View:
    """A set of filters with a name. ``query`` as in an address: "status=pending&sort=amount"."""

    id: UUID
    name: str
    query: str


@permits(Act.READ_DEALS)
def views(session: Session, *, page: str) -> list[View]:
    """One's own views of a page, by name."""
    mine = (SavedView.staff_id == actor_of(session).id, SavedView.page == page)
    rows = session.scalars(select(SavedView).where(*mine).order_by(SavedView.name, SavedView.id))
    return [View(row.id, row.name, row.query) for row in rows]


@permits(Act.READ_DEALS)
def keep(session: Session, *, page: str, name: str, query: str, by: Actor) -> UUID:
    """Keep filters under a name; a view of that name is overwritten. Answers its id.

    Raises:
        Invalid: the name is missing or too long.
        TooManyViews: there are as many as one may keep.
    """
    name = fields.line(name, name="The name", most=MOST_NAME)
    mine = (SavedView.staff_id == by.id, SavedView.page == page)
    kept = session.scalar(select(SavedView).where(*mine, SavedView.name == name))
    if kept is None:
        if (session.scalar(select(func.count()).select_from(SavedView).where(*mine)) or 0) >= MOST:
            raise TooManyViews(most=MOST)
        kept = SavedView(staff_id=by.id, page=page, name=name)
        session.add(kept)
    kept.query = query[:MOST_QUERY]
    session.flush()
    return kept.id


@permits(Act.READ_DEALS)
def drop(session: Session, view_id: UUID, *, by: Actor) -> None:
    """Keep one's own view no longer.

    Raises:
        NotFound: there is none of this person.
    """
    mine = (SavedView.id == view_id, SavedView.staff_id == by.id)
    if session.scalar(select(SavedView.id).where(*mine)) is None:
        raise NotFound
    session.execute(delete(SavedView).where(*mine))
