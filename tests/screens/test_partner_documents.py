"""The vault on a partner's page: empty, filled, refused; what is added, replaced, changed, removed, and who fetched."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from core.actor import Actor
from tests.core.files import HTML
from tests.core.vault_acts import a_pdf, fetch, fetch_own, in_vault, remove, somebody_of, upload
from tests.screens import texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


class Chosen(BytesIO):
    """A file as somebody chose it."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch):
    """A function that chooses a file: AppTest cannot."""

    def choose_file(name: str, data: bytes) -> None:
        def uploader(_label: str, *, key: str, **_: Any) -> None:
            st.session_state[key] = Chosen(name, data)

        monkeypatch.setattr(st, "file_uploader", uploader)

    return choose_file


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is the dialog's."""
    last: Button = [button for button in screen.button if button.label == label][-1]
    return last.click().run()


def opened(open_partner: Any, partner: Any, actor: Actor, document: Any) -> AppTest:
    """A document's dialog."""
    screen: AppTest = open_partner(partner, actor, "Documents")
    screen.query_params["document"] = str(document.id)
    return screen.run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


class TestTab:
    def test_an_empty_vault_says_what_to_do(self, clock, partner, aisha, open_partner):
        screen = open_partner(partner, aisha, "Documents")
        assert "Nothing is in this partner's vault yet" in texts(screen)
        assert "Nobody downloaded anything yet" in texts(screen)
        assert "Add document" in labels(screen)

    def test_a_full_one_says_who_may_open_what(self, clock, partner, aisha, open_partner, feeds):
        upload(aisha, partner, "Gated", note="Ask Nora first")
        clock.forward(minutes=1)
        upload(aisha, partner, "Gone", expires_on=date(2026, 11, 22))
        clock.forward(minutes=1)
        document = upload(aisha, partner, "Open", requires_nda=False, expires_on=date(2026, 12, 31))
        fetch_own(somebody_of(partner), document)
        clock.forward(days=1)
        screen = open_partner(partner, aisha, "Documents")
        assert feeds["documents.feed"] == [
            "Open Open Open.pdf, 123 B · until 31 Dec 2026 · downloaded once, last 1 d ago",
            "Expired Gone Gone.pdf, 123 B · ended 22 Nov 2026 · not downloaded by them yet",
            "After the NDA Gated Gated.pdf, 124 B · not downloaded by them yet\nAsk Nora first",
        ]
        assert "3 documents · 1 waits for the NDA: Salalah Retail sees the title" in texts(screen)
        assert "1 expired" in texts(screen)

    def test_says_who_fetched_what_and_when(self, clock, partner, aisha, open_partner):
        document = upload(aisha, partner, "Prices", requires_nda=False)
        fetch_own(somebody_of(partner), document)
        clock.forward(minutes=1)
        fetch(aisha, document)
        table = open_partner(partner, aisha, "Documents").dataframe[-1].value
        assert list(table["Who"]) == ["Aisha Al Balushi (ours)", "Salim Al Kindi"]
        assert list(table["From"]) == ["203.0.113.7", "203.0.113.20"]
        assert list(table["When"]) == ["22 Nov 2026, 12:01", "22 Nov 2026, 12:00"]

    def test_an_analyst_reads_and_changes_nothing(self, clock, partner, aisha, analyst, open_partner, feeds):
        document = upload(aisha, partner)
        screen = opened(open_partner, partner, analyst, document)
        assert len(feeds["documents.feed"]) == 1
        assert not {"Add document", "Replace file", "Edit", "Remove…"} & labels(screen)

    def test_a_reviewer_has_no_such_tab(self, partner, reviewer, open_partner):
        screen = open_partner(partner, reviewer, "Documents")
        assert "Documents" not in [tab.label for tab in screen.tabs]
        assert not screen.exception


class TestAdding:
    def test_puts_the_file_into_the_vault(self, clock, partner, aisha, open_partner, choose):
        choose("Price list.pdf", a_pdf())
        screen = press(open_partner(partner, aisha, "Documents"), "Add document")
        screen.text_input(key="document.title_ar").input("الأسعار")
        screen.checkbox(key="document.requires_nda").uncheck()
        press(screen, "Add document")
        row = in_vault(aisha, partner)["Price list"]
        assert (row.title_ar, row.requires_nda, row.file_name) == ("الأسعار", False, "Price list.pdf")

    def test_says_why_a_file_is_refused_and_keeps_what_was_typed(self, clock, partner, aisha, open_partner, choose):
        choose("Price list.pdf", HTML)
        screen = press(open_partner(partner, aisha, "Documents"), "Add document")
        screen.text_input(key="document.title").input("Prices")
        screen = press(screen, "Add document")
        assert "This is not a PDF (it looks like HTML). Choose the right file." in texts(screen)
        assert screen.text_input(key="document.title").value == "Prices"
        assert in_vault(aisha, partner) == {}

    def test_asks_for_a_file(self, clock, partner, aisha, open_partner, monkeypatch):
        monkeypatch.setattr(st, "file_uploader", lambda *_, **__: None)
        screen = press(open_partner(partner, aisha, "Documents"), "Add document")
        assert "Choose a file first." in texts(press(screen, "Add document"))


class TestOneDocument:
    def test_says_how_it_stands(self, clock, partner, aisha, open_partner):
        document = upload(aisha, partner, title_ar="الأسعار", note="Ask Nora first")
        screen = opened(open_partner, partner, aisha, document)
        said = texts(screen)
        assert "Gated until the NDA is signed" in said
        assert "Ask Nora first" in said
        assert {"Replace file", "Edit", "Remove…"} <= labels(screen)

    def test_is_replaced(self, clock, partner, aisha, open_partner, choose):
        document = upload(aisha, partner)
        choose("Newer.pdf", a_pdf("newer"))
        screen = press(opened(open_partner, partner, aisha, document), "Replace file")
        assert "gets the new file, marked as new" in texts(screen)
        press(screen, "Replace file")
        assert in_vault(aisha, partner)["Price list"].file_name == "Newer.pdf"

    def test_is_changed(self, clock, partner, aisha, open_partner):
        document = upload(aisha, partner)
        screen = press(opened(open_partner, partner, aisha, document), "Edit")
        screen.text_input(key="document.title").input("Prices of 2027")
        press(screen, "Save")
        row = in_vault(aisha, partner)["Prices of 2027"]
        assert row.requires_nda

    def test_is_removed_once_it_was_said_what_happens(self, clock, partner, aisha, open_partner):
        document = upload(aisha, partner)
        screen = press(opened(open_partner, partner, aisha, document), "Remove…")
        assert "no longer sees it and cannot download it, from this moment" in texts(screen)
        assert "Price list" in in_vault(aisha, partner)
        press(screen, "Remove it")
        assert in_vault(aisha, partner) == {}

    def test_the_second_of_two_people_is_told(self, clock, partner, aisha, nora, open_partner):
        document = upload(aisha, partner)
        screen = press(opened(open_partner, partner, aisha, document), "Edit")
        upload(nora, partner, "Another")
        remove(nora, document, version=document.version)
        screen.text_input(key="document.title").input("Mine")
        screen = press(screen, "Save")
        assert not screen.exception
        assert list(in_vault(aisha, partner)) == ["Another"]

    def test_an_address_that_names_nothing_opens_the_list(self, clock, partner, aisha, open_partner):
        screen = open_partner(partner, aisha, "Documents")
        screen.query_params["document"] = "nonsense"
        assert not screen.run().exception
