"""The library's page: empty, filled, refused; spaces opened, aimed, withdrawn; documents; who could see what when."""

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from admin_app.library import one_space
from core.actor import ContactRole
from core.db import reading
from core.library import queries, service
from tests.core.contact_acts import do, invited
from tests.core.hostile_files import hostile
from tests.core.library_acts import PRINCIPAL, SALES, aim, fetch, make_reseller, open_space, person, put
from tests.core.vault_acts import a_pdf
from tests.screens import is_closed, opener, texts
from tests.screens.test_partner_documents import Chosen

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Any:
    return opener(monkeypatch)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the list of documents showed last."""
    shown: list[str] = []

    def draw(*, entries: Any, **_: Any) -> None:
        shown[:] = [" ".join(part for part in (one.mark, one.title, one.text) if part) for one in entries]

    monkeypatch.setattr(one_space, "feed", draw)
    return shown


@pytest.fixture
def muscat(aisha):
    return make_reseller(aisha)


@pytest.fixture
def at(open_page):
    """A function that opens the page as somebody: ``at(aisha, space=…)``."""

    def go(actor: Any, **query: Any) -> AppTest:
        screen: AppTest = open_page("library", actor)
        screen.query_params.update({name: str(value) for name, value in query.items()})
        screen.run()
        assert not screen.exception, screen.exception
        return screen

    return go


def choose(monkeypatch: pytest.MonkeyPatch, name: str, data: bytes) -> None:
    def uploader(_label: str, *, key: str, **_: Any) -> None:
        st.session_state[key] = Chosen(name, data)

    monkeypatch.setattr(st, "file_uploader", uploader)


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is the dialog's."""
    found = [button for button in screen.button if button.label == label][-1].click().run()
    assert not found.exception, found.exception
    return found


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def spaces(by: Any) -> list[queries.SpaceRow]:
    with reading(by) as session:
        return queries.spaces(session)


class TestList:
    def test_an_empty_one_says_what_it_is_for(self, aisha, at):
        screen = at(aisha)
        assert "The library is empty." in texts(screen)
        assert "Open the first space" in labels(screen)

    def test_says_who_sees_what_how_much_there_is_and_how_often_it_was_fetched(self, aisha, muscat, at):
        sales = open_space(aisha, "Sales", roles=(PRINCIPAL, SALES))
        document = put(aisha, sales)
        put(aisha, open_space(aisha, "Prices", partner=muscat, holds_prices=True), "Prices")
        salim = person(aisha, muscat, SALES)
        fetch(salim, document)
        screen = at(aisha)
        table = screen.dataframe[0].value
        assert list(table["Space"]) == ["Prices (prices)", "Sales"]
        assert list(table["Who sees it"]) == [
            "Principals, salespeople and finance contacts of Muscat Tech",
            "Principals and salespeople of every reseller",
        ]
        assert list(table["People now"]) == ["1 person of 1 reseller"] * 2
        assert list(table["Downloads"]) == [0, 1]
        assert "2 spaces · 2 documents · 1 download by resellers" in texts(screen)
        took = screen.dataframe[1].value
        assert [(row.Who, row.Reseller) for row in took.itertuples()] == [(salim.name, "Muscat Tech")]

    def test_a_withdrawn_space_says_so(self, clock, aisha, at):
        space = open_space(aisha)
        do(aisha, service.withdraw_space, space.id, version=space.version)
        assert list(at(aisha).dataframe[0].value["Who sees it"]) == ["Nobody: withdrawn 22 Nov"]

    @pytest.mark.parametrize("who", ("reviewer", "analyst"))
    def test_who_reads_it_changes_nothing(self, aisha, request, who, at, lines):
        space = open_space(aisha)
        put(aisha, space)
        somebody = request.getfixturevalue(who)
        assert not {"Open a space"} & labels(at(somebody))
        screen = at(somebody, space=space.id)
        assert len(lines) == 1
        assert not {"Add document", "Who sees it", "Withdraw…"} & labels(screen)

    def test_it_is_not_offered_to_others(self, member, open_page):
        assert is_closed(open_page("library", member))

    def test_an_address_that_names_nothing_says_so(self, aisha, at):
        for query in ({"space": "nonsense"}, {"space": "00000000-0000-0000-0000-000000000001"}):
            assert "There is no such space in the library" in texts(at(aisha, **query))


class TestSpace:
    def test_is_opened_and_says_who_will_see_it(self, aisha, muscat, at):
        for role in (PRINCIPAL, SALES, ContactRole.TECHNICAL, ContactRole.VIEWER):
            invited(aisha, muscat, role=role)
        screen = press(at(aisha), "Open a space")
        some = "1 principal, 1 salesperson and 1 technical contact of 1 reseller"
        assert f"Everybody at every reseller will see it: now {some}." in told(screen)
        screen.text_input(key="library.space.name").input("Prices")
        screen = screen.checkbox(key="library.space.holds_prices").check().run()
        assert "see it: now 1 principal and 1 salesperson of 1 reseller." in told(screen)
        screen = screen.selectbox(key="library.space.partner").select(muscat.id).run()
        assert "finance contacts of Muscat Tech will see it: now 1 principal and 1 salesperson." in told(screen)
        screen = press(screen, "Open the space")
        (row,) = spaces(aisha)
        assert (row.name, row.audience.roles, row.partner) == ("Prices", "principal,salesperson,finance", "Muscat Tech")
        assert screen.query_params["space"] == str(row.id)

    def test_a_refusal_keeps_what_was_typed(self, aisha, at):
        open_space(aisha, "Prices")
        screen = press(at(aisha), "Open a space")
        screen = screen.text_input(key="library.space.name").input("prices").run()
        screen = press(screen, "Open the space")
        assert "There is a space called prices already" in texts(screen)
        assert screen.text_input(key="library.space.name").value == "prices"

    def test_is_aimed_at_others(self, aisha, muscat, at):
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha)
        screen = press(at(aisha, space=space.id), "Who sees it")
        screen = screen.button_group(key="library.space.roles").select(PRINCIPAL).run()
        assert "Principals of every reseller will see it; there is no such person yet" in told(screen)
        press(screen, "Save")
        assert spaces(aisha)[0].audience.roles == "principal"

    def test_is_withdrawn_once_it_was_said_what_happens(self, aisha, muscat, at):
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha)
        screen = press(at(aisha, space=space.id), "Withdraw…")
        assert "disappears for 1 person of 1 reseller at their next click" in texts(screen)
        screen = press(screen, "Withdraw it")
        assert spaces(aisha)[0].withdrawn_at
        press(at(aisha, space=space.id), "Open it again")
        assert spaces(aisha)[0].withdrawn_at is None

    def test_the_second_of_two_people_is_told(self, aisha, nora, at):
        space = open_space(aisha)
        screen = press(at(aisha, space=space.id), "Withdraw…")
        aim(nora, space, roles=(SALES,))
        assert "Somebody changed this space meanwhile" in texts(press(screen, "Withdraw it"))
        assert spaces(aisha)[0].withdrawn_at is None

    def test_tells_every_rule_it_had(self, clock, aisha, muscat, at):
        space = open_space(aisha)
        clock.forward(hours=1)
        aim(aisha, space, partner_id=muscat.id, roles=(SALES,))
        said = told(at(aisha, space=space.id))
        assert "Salespeople of Muscat Tech (since 22 Nov 2026, 13:00, Aisha Al Balushi)" in said
        assert "Everybody at every reseller (since 22 Nov 2026, 12:00, Aisha Al Balushi)" in said


class TestDocuments:
    def test_are_added_without_asking_for_the_nda(self, aisha, at, lines, monkeypatch):
        space = open_space(aisha)
        choose(monkeypatch, "Brochure.pdf", a_pdf())
        screen = press(at(aisha, space=space.id), "Add document")
        assert "Everybody at every reseller" in told(screen)
        press(screen, "Add document")
        at(aisha, space=space.id)
        assert lines == ["Open Brochure Brochure.pdf, 120 B · not downloaded yet"]

    @pytest.mark.parametrize(
        ("what", "said"),
        (
            ("HTML as PDF", "This is not a PDF (it looks like HTML). Choose the right file."),
            ("empty", "The file is empty"),
            ("16 MB", "Maximum 15 MB"),
        ),
    )
    def test_a_file_that_cannot_be_taken_is_refused_in_the_dialog(self, aisha, at, monkeypatch, what, said):
        space = open_space(aisha)
        choose(monkeypatch, "Brochure.pdf", hostile()[what][1])
        screen = press(at(aisha, space=space.id), "Add document")
        screen = press(screen, "Add document")
        assert said in texts(screen)
        assert spaces(aisha)[0].documents == 0

    def test_are_replaced_changed_and_removed_in_the_same_dialogs(self, aisha, at, lines, monkeypatch):
        space = open_space(aisha)
        document = put(aisha, space)
        choose(monkeypatch, "Newer.pdf", a_pdf("newer"))
        screen = press(at(aisha, space=space.id, document=document.id), "Replace file")
        assert "gets the new file, marked as new" in texts(screen)
        screen.text_input(key="document.why").input("New logo")
        press(screen, "Replace file")
        screen = press(at(aisha, space=space.id, document=document.id), "Edit")
        screen.text_input(key="document.title").input("Leaflet")
        press(screen, "Save")
        at(aisha, space=space.id)
        assert lines == ["Open Leaflet Newer.pdf, 124 B · version 2 · not downloaded yet"]
        screen = press(at(aisha, space=space.id, document=document.id), "Remove…")
        press(screen, "Remove it")
        screen = at(aisha, space=space.id)
        assert spaces(aisha)[0].documents == 0
        assert "Removed documents (1)" in {one.label for one in screen.expander}


class TestWhoCouldSeeIt:
    def test_is_said_for_a_day_with_the_rule_that_answered(self, clock, aisha, muscat, at):
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha)
        document = put(aisha, space)
        clock.forward(days=1)
        aim(aisha, space, roles=(PRINCIPAL,))
        clock.forward(days=1)
        screen = at(aisha, seen=document.id, day="2026-11-23")
        assert "On 23 Nov 2026 1 person of 1 reseller could see it." in texts(screen)
        table = screen.dataframe[0].value
        assert list(table["When"]) == ["Until 12:00", "From 12:00"]
        assert list(table["Could see it"]) == ["Yes", "No: the rule left the role out"]
        assert list(table["By which rule"]) == [
            "Everybody at every reseller (since 22 Nov 2026, Aisha Al Balushi)",
            "Principals of every reseller (since 12:00, Aisha Al Balushi)",
        ]

    def test_a_day_before_anybody_was_there_says_so(self, clock, aisha, muscat, at):
        document = put(aisha, open_space(aisha))
        screen = at(aisha, seen=document.id, day="2026-11-01")
        assert "nobody outside the company could see it" in texts(screen)
        assert "No contact existed that day" in texts(screen)

    def test_an_address_with_no_day_is_about_today(self, clock, aisha, muscat, at):
        document = put(aisha, open_space(aisha))
        for day in ("", "nonsense", "2099-01-01"):
            assert "On 22 Nov 2026" in texts(at(aisha, seen=document.id, day=day))


def told(screen: AppTest) -> str:
    """What a page says, without what keeps markdown from reading it."""
    return texts(screen).replace("\\", "")
