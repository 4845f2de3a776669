"""Training for its authors: the list, adding one, publishing its quiz, its settings."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.training import authoring, queries, service
from core.training.models import ModuleKind
from core.training.queries import ModuleRow
from core.training.service import NewModule
from tests.core.contact_acts import invited
from tests.core.library_acts import SALES, make_reseller, person
from tests.core.today_world import statements
from tests.core.training_acts import add_module, ask, do, offered, question, questions, sit
from tests.screens import is_closed, opener, texts
from tests.screens.training_desk import kept, labels, press, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return opener(monkeypatch)


@pytest.fixture
def at(at_training: Any) -> Any:
    return at_training


def listed(by: Actor) -> list[ModuleRow]:
    found: list[ModuleRow] = ask(by, queries.modules)
    return found


class TestList:
    def test_an_empty_one_says_what_it_is_for(self, aisha, analyst, open_page):
        screen = open_page("training", aisha)
        assert "Nothing is taught yet." in texts(screen)
        assert "Add the first training" in labels(screen)
        assert not labels(open_page("training", analyst))

    def test_says_who_must_hold_what_and_where_its_quiz_stands(self, clock, aisha, open_page):
        salim = person(aisha, make_reseller(aisha), SALES)
        sales = offered(aisha, name="Selling", required_roles=("salesperson", "employee"), pass_pct=75)
        sit(salim, sales)
        do(aisha, authoring.save_draft, sales.id, questions=questions(2), version=None)
        add_module(aisha, name="Wiring", kind=ModuleKind.TECHNICAL)
        old = offered(aisha, name="Old")
        do(aisha, service.withdraw_module, old.id)
        screen = open_page("training", aisha)
        rows = {row.Training: row for row in screen.dataframe[0].value.itertuples()}
        assert list(rows) == ["Selling", "Wiring", "Old"]
        assert (rows["Selling"].Quiz, rows["Wiring"].Quiz) == ("Version 1, draft", "No quiz yet")
        assert rows["Old"].Quiz == "Withdrawn 22 Nov"
        assert (rows["Selling"].Certified, rows["Selling"].Attempts, rows["Selling"].Pass) == ("1", 1, "75%")
        assert list(screen.dataframe[0].value["Required of"]) == ["Salespeople and own staff", "", ""]
        assert "1 training offered · 1 certificate valid · 1 draft not published" in texts(screen)

    def test_of_many_is_a_few_statements(self, aisha, open_page):
        for _ in range(12):
            offered(aisha)
        screen = open_page("training", aisha)
        with statements() as said:
            screen.run()
        assert len(said) <= 10
        assert len(screen.dataframe[0].value) == 12

    def test_is_not_offered_to_others(self, member, open_page):
        assert is_closed(open_page("training", member))


class TestAdding:
    def test_adds_it_and_opens_its_page(self, aisha, open_page):
        screen = press(open_page("training", aisha), "Add training")
        screen.text_input(key="training.new.name").set_value("Selling")
        screen.text_input(key="training.new.name_ar").set_value("البيع")
        screen = screen.radio(key="training.new.kind").set_value(ModuleKind.BOTH).run()
        assert "Offered to salespeople, technical contacts and principals" in texts(screen)
        screen.number_input(key="training.new.pass_pct").set_value(70)
        screen = screen.button(key="training.add").click().run()
        [row] = listed(aisha)
        assert (row.name, row.name_ar, row.kind, row.pass_pct) == ("Selling", "البيع", ModuleKind.BOTH, 70)
        assert screen.title[0].value == "Selling"
        assert "There are no questions yet" in texts(screen)

    def test_keeps_what_was_typed_when_refused(self, aisha, open_page):
        add_module(aisha, name="Selling")
        screen = press(open_page("training", aisha), "Add training")
        screen.text_input(key="training.new.name").set_value("selling")
        screen.number_input(key="training.new.pass_pct").set_value(70)
        screen = screen.button(key="training.add").click().run()
        assert "There is a training called Selling already" in screen.error[0].value
        assert screen.text_input(key="training.new.name").value == "selling"
        assert screen.number_input(key="training.new.pass_pct").value == 70
        assert len(listed(aisha)) == 1


@pytest.mark.parametrize("address", ("", "nonsense", "00000000-0000-0000-0000-000000000001"))
def test_an_address_that_names_nothing_says_so(aisha, open_page, address):
    screen = open_page("training_module", aisha)
    screen.query_params["id"] = address
    assert "This training was not found." in texts(screen.run())


def test_each_tab_is_a_few_statements(aisha, at):
    module = offered(aisha)
    for tab in ("Questions", "Statistics", "Import & export", "Versions", "Settings"):
        screen = at(aisha, module, tab)
        with statements() as said:
            screen.run()
        assert len(said) <= 10, tab


class TestPublishing:
    def test_says_what_changes_and_does_it(self, aisha, at):
        module = offered(aisha)
        draft = (replace(questions()[0], text="Otherwise?"), questions()[1], question("new"))
        do(aisha, authoring.save_draft, module.id, questions=draft, version=None)
        screen = press(at(aisha, module), "Publish")
        assert "**What changes:** 1 new, 1 changed, 2 removed." in texts(screen)
        assert "- Changed: Otherwise?" in told(screen)
        assert not screen.checkbox
        press(screen, "Publish version 2")
        found = kept(aisha, module)
        assert (found.published_number, found.draft_version) == (2, None)
        assert found.published == draft

    def test_asks_whether_holders_are_asked_what_changed(self, aisha, at):
        module = offered(aisha)
        sit(person(aisha, make_reseller(aisha), SALES), module)
        draft = (replace(question("q1"), text="Otherwise?"), *questions()[1:])
        do(aisha, authoring.save_draft, module.id, questions=draft, version=None)
        screen = press(at(aisha, module), "Publish")
        assert "1 person holds one now." in texts(screen)
        [asks] = screen.checkbox
        assert asks.label == "Ask those who hold a certificate the 1 question that changed in meaning"
        asks.check()
        press(screen, "Publish version 2")
        assert [row.asks_holders for row in ask(aisha, queries.versions, module.id)] == [True, False]

    def test_asks_nobody_where_nothing_changed_in_meaning(self, aisha, at):
        module = offered(aisha)
        sit(person(aisha, make_reseller(aisha), SALES), module)
        draft = (replace(questions()[0], why="Because"), *questions()[1:])
        do(aisha, authoring.save_draft, module.id, questions=draft, version=None)
        screen = press(at(aisha, module), "Publish")
        assert "Nothing changed in meaning, so nobody is asked again." in texts(screen)
        assert not screen.checkbox

    def test_what_is_refused_is_said_in_the_dialog(self, aisha, nora, at):
        module = offered(aisha)
        do(aisha, authoring.save_draft, module.id, questions=questions(2), version=None)
        screen = press(at(aisha, module), "Publish")
        version = kept(aisha, module).draft_version
        do(nora, authoring.save_draft, module.id, questions=questions(3), version=version)
        screen = press(screen, "Publish version 2")
        assert "saved this quiz while you were writing" in told(screen)
        assert kept(aisha, module).published_number == 1

    def test_a_draft_is_thrown_away_after_a_warning(self, aisha, at):
        module = offered(aisha)
        do(aisha, authoring.save_draft, module.id, questions=questions(2), version=None)
        screen = press(at(aisha, module), "Discard draft")
        assert "Version 1 stays published." in texts(screen)
        screen = press(screen, "Discard draft")
        assert kept(aisha, module).draft_version is None
        assert "**Question 1 of 4**" in texts(screen)


class TestSettings:
    def field(self, screen: AppTest, kind: str, name: str) -> Any:
        return next(one for one in screen.get(kind) if str(one.key).endswith(f".{name}"))

    def test_are_saved(self, aisha, at):
        module = offered(aisha)
        screen = at(aisha, module, "Settings")
        self.field(screen, "text_input", "name").set_value("Renamed")
        self.field(screen, "number_input", "draw").set_value(3)
        self.field(screen, "number_input", "cool_down_minutes").set_value(60)
        self.field(screen, "number_input", "attempts_per_day").set_value(2)
        self.field(screen, "checkbox", "shuffles").uncheck()
        screen = self.field(screen, "text_area", "content").set_value("# Read **this**").run()
        assert "Not saved yet" in texts(screen)
        assert "Read **this**" in texts(screen)
        screen = press(screen, "Save settings")
        found = kept(aisha, module)
        assert (found.name, found.draw, found.cool_down_minutes, found.attempts_per_day) == ("Renamed", 3, 60, 2)
        assert (found.shuffles, found.content) == (False, "# Read **this**")
        assert "Not saved yet" not in texts(screen)

    def test_keep_what_was_typed_when_refused_and_on_other_tabs(self, aisha, at):
        add_module(aisha, name="Taken")
        module = offered(aisha)
        screen = at(aisha, module, "Settings")
        self.field(screen, "text_input", "name").set_value("Taken")
        screen = press(screen, "Save settings")
        assert "There is a training called Taken already" in screen.error[0].value
        screen.query_params["tab"] = "Versions"
        screen = screen.run()
        screen.query_params["tab"] = "Settings"
        screen = screen.run()
        assert self.field(screen, "text_input", "name").value == "Taken"

    def test_of_two_who_save_the_second_chooses(self, aisha, nora, at):
        module = offered(aisha)
        screen = at(aisha, module, "Settings")
        screen = self.field(screen, "text_input", "name").set_value("Mine").run()
        do(nora, service.change_module, module.id, module=NewModule("Theirs"), version=kept(aisha, module).version)
        screen = press(screen, "Save settings")
        assert "Somebody saved this training while you were editing" in texts(screen)
        assert self.field(screen, "text_input", "name").value == "Mine"
        again = press(screen, "Keep what I typed")
        assert kept(aisha, module).name == "Mine"
        assert "Keep what I typed" not in labels(again)

    def test_of_two_the_second_may_load_what_is_saved(self, aisha, nora, at):
        module = offered(aisha)
        screen = at(aisha, module, "Settings")
        screen = self.field(screen, "text_input", "name").set_value("Mine").run()
        do(nora, service.change_module, module.id, module=NewModule("Theirs"), version=kept(aisha, module).version)
        screen = press(screen.run(), "Load what is saved now")
        assert self.field(screen, "text_input", "name").value == "Theirs"

    def test_a_training_is_withdrawn_and_offered_again(self, clock, aisha, at):
        module = offered(aisha)
        screen = press(at(aisha, module, "Settings"), "Withdraw…")
        assert "is offered to nobody any more" in texts(screen)
        screen = press(screen, "Withdraw it")
        assert "Withdrawn 22 Nov" in texts(screen)
        screen = press(screen, "Offer again")
        assert kept(aisha, module).withdrawn_at is None

    def test_are_facts_for_those_who_only_read(self, aisha, analyst, at):
        invited(aisha, make_reseller(aisha), role=SALES)
        screen = at(analyst, offered(aisha, required_roles=("salesperson",), draw=2), "Settings")
        assert "**Required of:** Salespeople" in texts(screen)
        assert "**An attempt asks:** 2 questions" in texts(screen)
        assert not screen.text_input
