"""The pages of the portal, in the order they are offered, and the act each one needs."""

from dataclasses import dataclass

from core.actor import Act, Actor, allowed
from core.proposals import queries as proposals
from portal_app import shell


@dataclass(frozen=True)
class Page:
    """A page: ``views/<name>.py`` at ``/<name>``, called by the word ``portal.<name>``."""

    name: str
    act: Act


PROPOSAL = Page("proposal", Act.READ_OWN_PROPOSAL)
PAGES = (PROPOSAL, Page("nda", Act.SIGN_NDA), Page("room", Act.USE_ROOM))
"""The first one stands at ``/``."""


def offered_to(reader: Actor) -> list[Page]:
    """The pages this person is offered: those it may use; in the room, the proposal only while there is one to read.

    Every page exists for everybody, and says itself why it stays closed: links to it come by mail.
    """
    mine = [page for page in PAGES if allowed(reader, page.act)]
    if allowed(reader, Act.USE_ROOM) and not shell.read(proposals.has_reading):
        mine.remove(PROPOSAL)
    return mine
