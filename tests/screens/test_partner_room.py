"""The Room tab of a partner's page: the link, who is in, sending, replacing, letting out."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import transaction
from core.mail.models import Mail
from core.partners.models import Partner
from tests.core.proposal_acts import rows
from tests.core.room_acts import enter, person, rotate, send
from tests.screens import texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_room(open_partner: Open, partner: Partner, sqlite_database: str) -> Callable[[Actor], AppTest]:
    """Opens the tab as somebody."""

    def open_tab(actor: Actor) -> AppTest:
        screen = open_partner(partner, actor, "Room")
        assert not screen.exception
        return screen

    return open_tab


def press(screen: AppTest, label: str, at: int = 0) -> AppTest:
    """Press the button of that name; ``at`` -1: the one in the dialog."""
    return [button for button in screen.button if button.label == label][at].click().run()


class TestRoom:
    def test_begins_without_a_link(self, open_room: Callable[[Actor], AppTest], aisha: Actor) -> None:
        screen = open_room(aisha)
        assert "No link was sent yet" in texts(screen)
        assert "Nobody is in the room" in texts(screen)
        assert not screen.code

    def test_sends_access_once_however_often_it_is_pressed(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        screen = press(open_room(aisha), "Send portal access")
        assert partner.contact_email.replace("@", "\\@").replace(".", "\\.").replace("-", "\\-") in texts(screen)
        press(screen, "Send portal access", -1)
        assert [mail.to_address for mail in rows(aisha, Mail)] == [partner.contact_email]
        assert "/portal/" in screen.code[0].value
        assert "Nobody has entered yet" in texts(screen)

    def test_speaks_the_language_that_is_chosen(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        screen = press(open_room(aisha), "Send portal access")
        screen.segmented_control[0].set_value("ar").run()
        press(screen, "Send portal access", -1)
        assert [mail.language for mail in rows(aisha, Mail)] == ["ar"]

    def test_shows_who_is_in_and_lets_them_out(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        secret = enter(send(aisha, partner))
        screen = open_room(aisha)
        assert list(screen.dataframe[0].value["Device"]) == ["Chrome on Linux"]
        screen = press(screen, "End sessions")
        assert "replace the link" in texts(screen)
        assert person(secret) is not None
        press(screen, "End sessions", -1)
        assert person(secret) is None

    def test_replaces_the_link_after_saying_what_happens(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        secret = enter(send(aisha, partner))
        screen = open_room(aisha)
        old = screen.code[0].value
        screen = press(screen, "Replace link")
        assert "stops working at once" in texts(screen)
        screen = press(screen, "Replace link", -1)
        assert person(secret) is None
        assert screen.code[0].value != old
        assert "the new link is not sent" in texts(screen)

    def test_shows_the_link_only_to_who_may_hand_it_out(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, analyst: Actor, partner: Partner
    ) -> None:
        token = send(aisha, partner)
        screen = open_room(analyst)
        assert not screen.code
        assert token not in texts(screen)
        assert not {"Send portal access", "Replace link"} & {button.label for button in screen.button}
        assert "Mailed to" in texts(screen)

    def test_without_an_address_says_what_is_missing(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        screen = open_room(aisha)
        assert "Add the contact" in texts(screen)
        assert "Send portal access" not in {button.label for button in screen.button}

    def test_a_replaced_link_waits_to_be_sent(
        self, open_room: Callable[[Actor], AppTest], aisha: Actor, partner: Partner
    ) -> None:
        send(aisha, partner)
        rotate(aisha, partner)
        assert "the new link is not sent" in texts(open_room(aisha))
        send(aisha, partner)
        assert "Mailed to" in texts(open_room(aisha))
