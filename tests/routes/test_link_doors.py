"""Each kind of link at every door: it opens its own, and says at the others what it is for."""

from typing import Any

import pytest

from core.access import tokens
from core.access.attempts import AttemptStorage
from core.actor import Actor
from core.contacts import service as contacts
from core.db import transaction
from core.partners.models import Partner
from core.proposals.service import send_invitation
from tests.core.contact_acts import invited, newest_secret
from tests.core.room_acts import send

pytestmark = pytest.mark.usefixtures("sqlite_database")
KINDS = ("invite", "view", "room", "proposal", "made up")
PORTAL, PROPOSAL, ALTERED = (
    "This link is for the partner portal",
    "This link is for the proposal",
    "incomplete or was changed",
)
OTHER = "This link is for another page of Partnerdesk"
DOORS = {
    "/join/{}": ("", OTHER, PORTAL, PROPOSAL, ALTERED),
    "/view/{}": (OTHER, "", PORTAL, PROPOSAL, ALTERED),
    "/portal/{}": (PORTAL, PORTAL, "", PROPOSAL, ALTERED),
    "/partnership/salalah-retail": (PORTAL, PORTAL, PORTAL, "", ALTERED),
}
"""What each kind reads there, "" where it is let through."""


@pytest.fixture
def links(aisha: Actor, published: Partner) -> dict[str, str]:
    contact = invited(aisha, published)
    with transaction(aisha) as session:
        view = contacts.view_as(session, contact.id, by=aisha).removeprefix("/view/")
    with transaction(aisha) as session:
        proposal = tokens.spell(send_invitation(session, published.id, language="en", by=aisha))
    return dict(zip(KINDS, (newest_secret(contact), view, send(aisha, published), proposal, "made-up"), strict=True))


def ask(client: Any, method: str, door: str, link: str) -> Any:
    AttemptStorage().reset()
    client.cookies.clear()
    if "{}" in door:
        return client.request(method, door.format(link))
    if method == "GET":
        return client.get(door, params={"token": link})
    return client.post(door, data={"token": link})


@pytest.mark.parametrize("door", DOORS)
def test_a_link_opens_its_own_door_and_says_at_others_what_it_is_for(
    portal: Any, links: dict[str, str], door: str
) -> None:
    for method, opened in (("GET", 200), ("POST", 303)):
        for kind, said in zip(KINDS, DOORS[door], strict=True):
            answer = ask(portal, method, door, links[kind])
            assert answer.status_code == (404 if said else opened), (method, kind)
            assert said in answer.text, (method, kind)
            assert bool(portal.cookies) == (not said and method == "POST") or method == "GET", kind
