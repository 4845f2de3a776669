"""The portal as a contact sees it, run by Streamlit's own AppTest."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access import devices
from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from tests.core.contact_acts import contact_actor, make_contact
from tests.screens import ROOT, texts

Open = Callable[..., AppTest]


def opener(monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that opens a page of the portal as somebody: ``open_page("team", huda, lang="ar")``."""

    def open_page(name: str, actor: Actor | None, **query: str) -> AppTest:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: actor)
        screen = AppTest.from_file(str(ROOT / "portal_app" / "main.py"), default_timeout=20)
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        if name != "home":
            screen.switch_page(f"views/{name}.py")
            for key, value in query.items():
                screen.query_params[key] = value
            screen.run()
        assert not screen.exception
        return screen

    return open_page


def make(by: Actor, partner: Partner, role: ContactRole = ContactRole.PRINCIPAL, **facts: Any) -> Contact:
    """A contact, in a transaction of its own."""
    with transaction(by) as session:
        return make_contact(session, partner, role=role, **facts)


def trusted(contact: Contact, **facts: Any) -> Actor:
    """A contact who is in, on a device where it proved its mailbox."""
    actor = contact_actor(contact, **facts)
    with transaction(contact_actor(contact)) as session:
        device = devices.device_of(session, actor) or b""
        devices.trust(session, contact.partner_id, devices.known_as(device, contact.id), address=contact.email)
    return actor


def press(screen: AppTest, label: str) -> AppTest:
    """Press the first button of that name."""
    return next(button for button in screen.button if button.label == label).click().run()


def told(screen: AppTest) -> str:
    """Everything a page says, without what keeps markdown from reading it and what isolates directions."""
    return texts(screen).replace("\\", "").replace("\u2068", "").replace("\u2069", "")
