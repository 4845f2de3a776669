"""Publishing answers for partners, and keeping answers ready, on the team's page of questions."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.questions import inbox
from core.actor import Actor, ContactRole
from core.db import reading, transaction
from core.partners.models import Partner
from core.questions import queries, service
from core.questions.faq import FaqText
from core.questions.models import PartnerQuestion
from tests.conftest import Clock
from tests.core.contact_acts import do
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.question_acts import answered, asked
from tests.screens import opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(inbox, "grid", lambda **options: told.update(options))
    return told


@pytest.fixture
def open_page(sqlite_database: str, listed: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as somebody."""
    return opener(monkeypatch)


@pytest.fixture
def shop(aisha: Actor, clock: Clock) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


@pytest.fixture
def tariq(shop: Partner) -> Actor:
    """Its technician."""
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def row(tariq: Actor) -> PartnerQuestion:
    return asked(tariq)


def press(screen: AppTest, label: str) -> AppTest:
    found = next(button for button in screen.button if button.label == label).click().run()
    assert not found.exception, found.exception
    return found


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def box(screen: AppTest, row: PartnerQuestion, what: str = "answer") -> Any:
    return screen.text_area(key=f"questions.{what}.{row.id}")


class TestPublishing:
    def entries(self, by: Actor) -> list[queries.Faq]:
        with reading(by) as session:
            return queries.faq_entries(session)

    def test_an_answer_is_published_without_who_asked(
        self, open_page: Open, row: PartnerQuestion, aisha: Actor, tariq: Actor
    ) -> None:
        answered(aisha, row, "Yes, Tariq.")
        screen = press(open_page("questions", aisha, question=str(row.id)), "Publish…")
        assert screen.text_input(key="faq.title").value == "Does it run offline?"
        press(screen, "Publish")
        assert any("Take out the name “Tariq”" in error.value for error in screen.error)
        assert self.entries(aisha) == []
        screen.text_area(key="faq.body").set_value("Yes.")
        press(screen, "Publish")
        assert [(one.title, one.body, one.question) for one in self.entries(aisha)] == [
            ("Does it run offline?", "Yes.", "QS-0001")
        ]
        assert "Published as" in texts(screen)

    def test_entries_are_written_changed_and_withdrawn(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("questions", aisha, tab="Published")
        assert "Nothing is published yet" in texts(screen)
        press(screen, "Write an entry")
        screen.text_input(key="faq.title").set_value("Which browsers?")
        press(screen, "Publish")
        assert any("half of a pair" in error.value for error in screen.error)
        screen.text_area(key="faq.body").set_value("All of them.")
        press(screen, "Publish")
        (entry,) = self.entries(aisha)
        screen.query_params["entry"] = str(entry.id)
        screen.run()
        screen.text_area(key="faq.body").set_value("The newest two.")
        press(screen, "Save")
        assert self.entries(aisha)[0].body == "The newest two."
        screen.query_params["entry"] = str(entry.id)
        screen.run()
        press(screen, "Withdraw")
        assert self.entries(aisha)[0].withdrawn_at is not None

    def test_an_analyst_reads_them(self, open_page: Open, aisha: Actor, analyst: Actor) -> None:
        entry = do(aisha, service.publish_faq, entry=FaqText("Which browsers?", "All of them."))
        screen = open_page("questions", analyst, tab="Published", entry=str(entry.id))
        assert "All of them" in texts(screen)
        assert {"Save", "Withdraw", "Write an entry"} & labels(screen) == set()


class TestKeptReady:
    def test_is_added_changed_and_removed(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("questions", aisha, tab="Kept ready")
        press(screen, "Keep an answer ready")
        screen.text_input(key="canned.name").set_value("Thanks")
        press(screen, "Save")
        assert any("it says nothing yet" in error.value for error in screen.error)
        screen.text_area(key="canned.body").set_value("Thank you.")
        press(screen, "Save")
        with reading(aisha) as session:
            (one,) = queries.canned_answers(session)
        screen.query_params["canned"] = str(one.id)
        screen.run()
        press(screen, "Remove")
        with reading(aisha) as session:
            assert queries.canned_answers(session) == []
