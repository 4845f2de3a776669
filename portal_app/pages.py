"""The pages of the portal, in the order they are offered, and the act each one needs."""

from dataclasses import dataclass

from core.actor import Act, Actor, ActorKind, allowed
from core.proposals import queries as proposals
from portal_app import shell


@dataclass(frozen=True)
class Page:
    """A page: ``views/<name>.py`` at ``/<name>``, called by the word ``portal.<name>``.

    ``for_contacts``: a page of resellers' people, else of a proposal's readers and a room's. ``is_offered``: it stands
    in the navigation. ``has_secrets``: amounts or documents, which want a device that was confirmed.
    """

    name: str
    act: Act
    for_contacts: bool = False
    is_offered: bool = True
    has_secrets: bool = False


PROPOSAL = Page("proposal", Act.READ_OWN_PROPOSAL)
HOME = Page("home", Act.USE_PORTAL, for_contacts=True, has_secrets=True)
PAGES = (
    PROPOSAL,
    Page("nda", Act.SIGN_AGREEMENT),
    Page("room", Act.USE_ROOM),
    HOME,
    Page("deals", Act.SEE_DEALS, for_contacts=True, has_secrets=True),
    Page("new_deal", Act.SUBMIT_DEALS, for_contacts=True, has_secrets=True),
    Page("deal", Act.SEE_DEALS, for_contacts=True, is_offered=False, has_secrets=True),
    Page("questions", Act.READ_ANSWERS, for_contacts=True, has_secrets=True),
    Page("new_question", Act.ASK, for_contacts=True, is_offered=False, has_secrets=True),
    Page("question", Act.ASK, for_contacts=True, is_offered=False, has_secrets=True),
    Page("documents", Act.USE_LIBRARY, for_contacts=True, has_secrets=True),
    Page("training", Act.LEARN, for_contacts=True),
    Page("agreement", Act.SIGN_AGREEMENT, for_contacts=True),
    Page("team", Act.MANAGE_CONTACTS, for_contacts=True),
    Page("team_training", Act.SEE_TEAM_TRAINING, for_contacts=True, is_offered=False),
    Page("devices", Act.OWN_SESSION, for_contacts=True),
)


def first_for(reader: Actor) -> Page:
    """The page that stands at ``/``."""
    return HOME if reader.kind is ActorKind.CONTACT else PROPOSAL


def is_open(page: Page, reader: Actor) -> bool:
    """Whether somebody may look at a page, or is told kindly why not.

    Pages of readers and of rooms exist for both, and say themselves why they stay closed: links to them come by mail.
    """
    if reader.kind is ActorKind.CONTACT:
        return page.for_contacts and allowed(reader, page.act)
    return not page.for_contacts


def offered_to(reader: Actor) -> list[Page]:
    """The pages this person is offered: those it may use; in the room, the proposal only while there is one to read."""
    mine = [page for page in PAGES if page.is_offered and is_open(page, reader) and allowed(reader, page.act)]
    if allowed(reader, Act.USE_ROOM) and not shell.read(proposals.has_reading):
        mine.remove(PROPOSAL)
    return mine
