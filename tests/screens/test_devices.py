"""The page of one's own sessions: where they are, ending one or all others."""

import pytest

from core.access.models import AccessSession
from core.actor import Actor, ContactRole
from core.contacts import desk
from core.contacts.models import Contact
from core.db import reading, transaction
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor
from tests.screens.contacts_desk import Open, make, opener, press, told


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(monkeypatch)


@pytest.fixture
def omar(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    """A viewer: everybody has this page."""
    return make(aisha, partner, ContactRole.VIEWER)


def in_force(by: Actor) -> int:
    with reading(by) as session:
        return session.query(AccessSession).filter(AccessSession.revoked_at.is_(None)).count()


class TestDevices:
    def test_of_who_is_in_only_here(self, open_page: Open, omar: Contact) -> None:
        screen = open_page("devices", contact_actor(omar))
        assert "**Chrome on Linux** :green-badge[this device]" in told(screen)
        assert "You are signed in nowhere else." in told(screen)
        assert "Sign out everywhere else" not in [button.label for button in screen.button]

    def test_are_told_with_their_last_use(self, open_page: Open, omar: Contact, clock: Clock) -> None:
        contact_actor(omar, device="phone")
        clock.forward(hours=2)
        screen = open_page("devices", contact_actor(omar))
        assert "Devices signed in: 2" in told(screen)
        assert "last used 22 Nov 2026, 12:00 · signed in since 22 Nov 2026, 12:00 · 198.51.100.4" in told(screen)
        assert "in use now" in told(screen)

    def test_are_told_in_arabic(self, open_page: Open, omar: Contact) -> None:
        contact_actor(omar, device="phone")
        screen = open_page("devices", contact_actor(omar), lang="ar")
        assert screen.title[0].value == "أجهزتك"
        assert "Chrome على Linux" in told(screen)
        assert "هذا الجهاز" in told(screen)

    def test_end_one_by_one(self, open_page: Open, omar: Contact, aisha: Actor) -> None:
        for _ in range(2):
            contact_actor(omar, device="phone")
        screen = open_page("devices", contact_actor(omar))
        press(screen, "Sign out")
        assert in_force(aisha) == 2
        assert screen.toast[0].value == "Signed out there"
        assert "Devices signed in: 2" in told(screen)

    def test_end_all_others_at_once(self, open_page: Open, omar: Contact, aisha: Actor, partner: Partner) -> None:
        colleague = make(aisha, partner)
        for contact in (omar, omar, colleague):
            contact_actor(contact, device="phone")
        contact_actor(omar, viewer=aisha.id)
        screen = open_page("devices", contact_actor(omar))
        press(screen, "Sign out everywhere else")
        assert screen.toast[0].value == "Signed out elsewhere: 2"
        assert "You are signed in nowhere else." in told(screen)
        assert in_force(aisha) == 3, "this one, the colleague's and the staff's"

    def test_that_ended_meanwhile_say_so(self, open_page: Open, omar: Contact, aisha: Actor) -> None:
        contact_actor(omar, device="phone")
        here = contact_actor(omar)
        screen = open_page("devices", here)
        with transaction(here) as session:
            desk.end_other_sessions(session, by=here)
        press(screen, "Sign out")
        assert "This session has ended already" in told(screen)
        assert in_force(aisha) == 1

    def test_are_only_looked_at_by_staff(self, open_page: Open, omar: Contact, aisha: Actor) -> None:
        contact_actor(omar, device="phone")
        screen = open_page("devices", contact_actor(omar, viewer=aisha.id))
        assert [button.label for button in screen.button] == ["العربية"]
