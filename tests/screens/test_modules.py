"""The modules' page: what is switched on."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.companies import queries
from core.companies.models import Company
from core.db import reading, transaction
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def _press(screen: AppTest, label: str) -> Any:
    return next(button for button in screen.button if button.label == label).click().run()


def _is_on(actor: Actor) -> bool:
    with reading(actor) as session:
        return queries.company(session).module_partner_portal_enabled


def test_asks_before_it_switches_off(open_page: Open, aisha: Actor) -> None:
    screen = open_page("modules", aisha)
    _press(screen, "Switch off…")
    assert "Nothing is deleted" in texts(screen)
    _press(screen, "Keep it on")
    assert _is_on(aisha)
    screen.run()
    _press(screen, "Switch off…")
    _press(screen, "Switch off")
    assert not _is_on(aisha)


def test_switches_on_at_once(open_page: Open, aisha: Actor, company: Company) -> None:
    with transaction(aisha) as session:
        session.get_one(Company, company.id).module_partner_portal_enabled = False
    screen = open_page("modules", aisha)
    _press(screen, "Switch on")
    assert _is_on(aisha)
    assert not screen.exception


@pytest.mark.parametrize("who", ("analyst", "reviewer", "member"))
def test_is_not_offered_to_others(open_page: Open, who: str, request: pytest.FixtureRequest) -> None:
    assert is_closed(open_page("modules", request.getfixturevalue(who)))
