"""The page of protections: filled, narrowed, empty, refused; a wish decided, a protection lifted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from admin_app.protection.asked import asked
from admin_app.widgets.protection_chart import ENDING, IN_FORCE, OVER, build_calendar, state_of
from core.actor import Actor, system
from core.db import reader, reading, transaction
from core.deals import protection_queries, protections
from core.deals.states import ProtectionEnd
from tests.conftest import START
from tests.core.protection_acts import Ground, ground, protected, protection, registered
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as somebody."""
    open_any = opener(monkeypatch)

    def open_one(actor: Actor, protection_id: UUID | None = None, **query: str) -> AppTest:
        screen = open_any("protection", actor)
        screen.query_params.update(query | ({"id": str(protection_id)} if protection_id else {}))
        screen.run()
        assert not screen.exception
        return screen

    return open_one


@pytest.fixture
def place(company: Any, aisha: Actor) -> Ground:
    """What two resellers want."""
    return ground(company)


@pytest.fixture
def held(place: Ground) -> UUID:
    """The first one's protection of Al Maha Trading, for 90 days."""
    return protected(place, registered(place, place.salim))


@pytest.fixture
def wish(place: Ground, held: UUID) -> UUID:
    """A wish for 30 days more."""
    with transaction(place.salim) as session:
        evidence = "Budget *approved* <b>on 3 Nov</b>."
        return protections.ask_extension(session, held, days=30, evidence=evidence, by=place.salim).id


def press(screen: AppTest, key: str) -> AppTest:
    return screen.button(key=key).click().run()


class TestCalendar:
    def test_shows_what_is_protected_for_whom(self, open_page: Open, aisha: Actor, place: Ground, held: UUID) -> None:
        protected(place, registered(place, place.huda, "Bahwan"), days=20)
        screen = open_page(aisha)
        assert "2 in force, 1 of them end within 30 days" in texts(screen)
        table = screen.dataframe[0].value
        assert list(table["Customer"]) == ["Bahwan", "Al Maha Trading"]
        assert list(table["State"]) == [ENDING, IN_FORCE]
        assert len(screen.get("vega_lite_chart")) == 1

    def test_the_address_carries_partner_territory_and_time(
        self, open_page: Open, aisha: Actor, place: Ground, held: UUID
    ) -> None:
        protected(place, registered(place, place.huda, "Bahwan"))
        screen = open_page(aisha)
        screen.selectbox(key="protection.partner").set_value(str(place.second.id)).run()
        assert list(screen.dataframe[0].value["Customer"]) == ["Bahwan"]
        assert str(place.second.id) in screen.query_params["partner"]
        screen = open_page(aisha, territory=str(place.territory_id), span="year")
        assert len(screen.dataframe[0].value) == 2
        screen = open_page(aisha, partner=str(place.territory_id))
        assert "Nothing is protected like this." in texts(screen)

    def test_what_an_address_says_wrongly_is_not_heard(self, open_page: Open, aisha: Actor, held: UUID) -> None:
        screen = open_page(aisha, partner="x", territory="-", span="ever", id="nothing")
        assert len(screen.dataframe[0].value) == 1
        assert asked({"partner": "x", "span": "ever"}) == asked({})

    def test_without_any_says_how_they_come(self, open_page: Open, aisha: Actor) -> None:
        assert "A customer is protected for a partner when its deal is approved." in texts(open_page(aisha))

    def test_is_not_offered_to_members(self, open_page: Open, member: Actor) -> None:
        assert is_closed(open_page(member))

    def test_costs_the_same_for_many(self, open_page: Open, aisha: Actor, place: Ground) -> None:
        for number in range(30):
            protected(place, registered(place, place.salim, f"Customer {number}", waits=False))
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        screen = open_page(aisha)
        event.listen(reader(), "before_cursor_execute", note)
        screen.run()
        event.remove(reader(), "before_cursor_execute", note)
        assert len(screen.dataframe[0].value) == 30
        assert len([one for one in said if one.startswith("SELECT")]) <= 10


class TestOne:
    def test_shows_who_waits(self, open_page: Open, analyst: Actor, place: Ground, held: UUID) -> None:
        registered(place, place.huda)
        screen = open_page(analyst, held)
        assert "1. Nizwa Systems, DI-0002, since 22 Nov" in texts(screen)
        assert "protection.lift" not in [one.key for one in screen.button]

    def test_is_lifted_with_a_reason(self, open_page: Open, reviewer: Actor, place: Ground, held: UUID) -> None:
        screen = press(open_page(reviewer, held), "protection.lift")
        assert "Say why the protection is lifted; the partner reads it." in texts(screen)
        screen.text_area(key="protection.reason").set_value("Nothing happened.").run()
        press(screen, "protection.lift")
        assert protection(place, held).ended is ProtectionEnd.LIFTED

    def test_a_wish_is_shown_as_typed_and_granted(
        self, open_page: Open, reviewer: Actor, place: Ground, held: UUID, wish: UUID
    ) -> None:
        screen = open_page(reviewer, held)
        assert "1 wish waits for an answer" in texts(screen)
        assert [one.value for one in screen.text] == ["Budget *approved* <b>on 3 Nov</b>."]
        press(screen, "protection.grant")
        assert protection(place, held).ends_at == START + timedelta(days=120)

    def test_a_wish_is_refused_with_a_note(
        self, open_page: Open, reviewer: Actor, place: Ground, held: UUID, wish: UUID
    ) -> None:
        screen = press(open_page(reviewer, held), "protection.refuse")
        assert "Say why in a few words; the partner reads it." in texts(screen)
        screen.text_area(key="protection.note").set_value("No meeting yet.").run()
        press(screen, "protection.refuse")
        with reading(reviewer) as session:
            assert protection_queries.extensions(session) == []
        assert protection(place, held).ends_at == START + timedelta(days=90)


def test_the_picture_has_a_bar_for_each(place: Ground, held: UUID) -> None:
    other = protected(place, registered(place, place.huda, "Bahwan"), days=20)
    span: dict[str, Any] = {"start": START - timedelta(days=30), "end": START + timedelta(days=120)}
    with reading(system(place.company)) as session:
        windows = protection_queries.calendar(session, **span).windows
    chart = build_calendar(windows, at=START, zone="Asia/Muscat", **span).to_dict()
    assert [one["mark"]["type"] for one in chart["layer"]] == ["bar", "rule"]
    assert [one.id for one in windows] == [other, held]
    assert state_of(windows[0], START + timedelta(days=20)) == OVER
