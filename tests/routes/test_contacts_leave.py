"""Leaving the portal: what each reads afterwards, and the way back."""

import pytest

from core.access.kinds import SessionKind
from core.actor import Actor
from core.contacts import entry, service
from core.db import transaction
from core.partners.models import Partner
from portal_app.door import door
from tests.core.contact_acts import STRANGER, enter, invited, newest_secret, person
from tests.core.vault_acts import come_in

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def contact(aisha: Actor, partner: Partner):
    return invited(aisha, partner)


def leave(portal, secret: str) -> str:
    portal.cookies.set(door().cookie, secret)
    assert portal.get("/leave").status_code == 200
    page = portal.post("/leave").text
    assert person(secret) is None
    assert portal.get("/").status_code == 401
    return str(page)


def test_a_contact_is_shown_the_way_back(portal, contact):
    page = leave(portal, enter(newest_secret(contact)))
    assert "To come back, ask for a new link" in page
    assert 'href="/sign-in"' in page
    assert "اطلب رابطًا جديدًا" in page


def test_staff_who_looked_may_close_the_tab(portal, aisha, contact):
    with transaction(aisha) as session:
        path = service.view_as(session, contact.id, by=aisha)
    with transaction(STRANGER) as session:
        secret = entry.enter_view(session, path.removeprefix("/view/"), by=STRANGER)
    page = leave(portal, secret)
    assert "You stopped looking" in page
    assert "/sign-in" not in page


def test_a_guest_of_a_room_has_a_link(portal, partner):
    page = leave(portal, come_in(partner, kind=SessionKind.ROOM))
    assert "use the link in the e-mail" in page
    assert "/sign-in" not in page
