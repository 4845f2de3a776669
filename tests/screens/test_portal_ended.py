"""A page of the portal whose session ended while it was open: it clears, and says what becomes of a draft."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core.access.models import AccessSession
from core.actor import Actor, system
from core.clock import now
from core.companies.models import Company
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from tests.core.contact_acts import enter, invited, newest_secret
from tests.screens import ROOT, texts


@pytest.fixture
def contact(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    return invited(aisha, partner, name="Salim Al Kindi")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, contact: Contact) -> AppTest:
    """The home of a contact who is in, looked up by its cookie each time."""
    monkeypatch.setattr("portal_app.shell.door", lambda: _Door())
    monkeypatch.setattr("portal_app.shell.st.context", _Context(enter(newest_secret(contact))), raising=False)
    return AppTest.from_file(str(ROOT / "portal_app" / "main.py"), default_timeout=30).run()


class _Door:
    cookie = "pd_portal"


class _Context:
    """What a browser sends along."""

    headers: dict[str, str] = {}

    def __init__(self, secret: str) -> None:
        self.cookies = {_Door.cookie: secret}


def end_sessions() -> None:
    with transaction(system()) as session:
        session.execute(update(AccessSession).values(revoked_at=now()))


def switch_off() -> None:
    with transaction(system()) as session:
        session.execute(update(Company).values(module_partner_portal_enabled=False))


@pytest.mark.parametrize("end", (end_sessions, switch_off))
def test_the_page_clears_and_says_that_the_draft_is_kept(screen: AppTest, end: Callable[[], None]) -> None:
    assert "Salim Al Kindi" in texts(screen)
    end()
    screen.run()
    assert [error.value for error in screen.error] == [
        "Your session ended. Your draft is saved. Ask for a new link to come in again."
    ]
    assert "Salim" not in texts(screen)
    assert [one.proto.url for one in screen.get("link_button")] == ["/sign-in"]
