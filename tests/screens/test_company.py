"""The company's page: what partners see of it, and how it counts."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.companies import queries, service
from core.companies.models import Company
from core.companies.queries import CompanyRow
from core.companies.service import CompanySettings
from core.db import reading, transaction
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def _press(screen: AppTest, label: str) -> Any:
    return next(button for button in screen.button if button.label == label).click().run()


def _saved(actor: Actor) -> CompanyRow:
    with reading(actor) as session:
        return queries.company(session)


def _somebody_saves(actor: Actor, name: str) -> None:
    with transaction(actor) as session:
        service.change_company(
            session, CompanySettings(name=name, name_ar="أنظمة ظفار"), version=_saved(actor).version, by=actor
        )


def test_saves_every_field(open_page: Open, aisha: Actor) -> None:
    screen = open_page("company", aisha)
    assert screen.text_input(key="company.name").value == "Dhofar Systems"
    screen.text_input(key="company.name").set_value("Dhofar Group")
    screen.text_input(key="company.booking_url").set_value("https://cal.com/dhofar")
    screen.selectbox(key="company.base_currency").set_value("USD")
    screen.selectbox(key="company.time_zone").set_value("Asia/Dubai")
    screen.color_picker(key="company.colour").set_value("#7a1f3d")
    screen.run()
    assert "Not saved yet." in texts(screen)
    _press(screen, "Save")
    row = _saved(aisha)
    assert (row.name, row.base_currency, row.time_zone) == ("Dhofar Group", "USD", "Asia/Dubai")
    assert (row.colour, row.booking_url, row.name_ar) == ("#7a1f3d", "https://cal.com/dhofar", "أنظمة ظفار")
    assert "Not saved yet." not in texts(screen)


def test_keeps_what_was_typed_when_refused(open_page: Open, aisha: Actor) -> None:
    screen = open_page("company", aisha)
    screen.text_input(key="company.booking_url").set_value("cal.com/dhofar").run()
    _press(screen, "Save")
    assert any("Booking link must begin with https://" in error.value for error in screen.error)
    assert screen.text_input(key="company.booking_url").value == "cal.com/dhofar"
    _press(screen, "Undo my changes")
    assert screen.text_input(key="company.booking_url").value == ""


def test_of_two_who_edit_the_second_keeps_what_was_typed(open_page: Open, aisha: Actor, nora: Actor) -> None:
    screen = open_page("company", aisha)
    screen.text_input(key="company.name").set_value("Mine").run()
    _somebody_saves(nora, "Theirs")
    _press(screen, "Save")
    assert _saved(aisha).name == "Theirs"
    assert screen.text_input(key="company.name").value == "Mine"
    assert any("saved now “Theirs”, in the field “Mine”" in warning.value for warning in screen.warning)
    _press(screen, "Save what I typed")
    assert _saved(aisha).name == "Mine"


def test_the_saved_values_can_be_taken(open_page: Open, aisha: Actor, nora: Actor) -> None:
    screen = open_page("company", aisha)
    screen.text_input(key="company.name").set_value("Mine").run()
    _somebody_saves(nora, "Theirs")
    screen.run()
    _press(screen, "Take the saved values")
    assert screen.text_input(key="company.name").value == "Theirs"
    assert not screen.warning


def test_who_typed_nothing_sees_what_was_saved(open_page: Open, aisha: Actor, nora: Actor) -> None:
    screen = open_page("company", aisha)
    _somebody_saves(nora, "Theirs")
    screen.run()
    assert screen.text_input(key="company.name").value == "Theirs"
    assert not screen.warning


@pytest.mark.parametrize(
    ("colour", "said"), (("#0f5c63", "Good: white on it"), ("#c07a20", "Light: "), ("#ffee88", "Very light"))
)
def test_says_how_well_a_colour_reads(open_page: Open, aisha: Actor, colour: str, said: str) -> None:
    screen = open_page("company", aisha)
    screen.color_picker(key="company.colour").set_value(colour).run()
    assert said in texts(screen)


@pytest.mark.parametrize("who", ("analyst", "reviewer", "member"))
def test_is_not_offered_to_others(open_page: Open, company: Company, who: str, request: pytest.FixtureRequest) -> None:
    assert is_closed(open_page("company", request.getfixturevalue(who)))
