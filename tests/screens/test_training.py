"""Training for its authors: the list, adding one, its settings, versions, figures, and quizzes as files."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import transaction
from core.training import authoring, queries, service
from core.training.learning_models import ItemTally
from core.training.models import ModuleKind, QuizVersion, TrainingModule
from core.training.queries import ModuleDetail, ModuleRow
from core.training.service import NewModule
from tests.core.contact_acts import invited
from tests.core.library_acts import SALES, make_reseller, person
from tests.core.today_world import statements
from tests.core.training_acts import add_module, ask, do, offered, publish, question, questions, sit
from tests.screens import opener, texts
from tests.screens.test_partner_documents import Chosen

pytestmark = pytest.mark.usefixtures("sqlite_database")
At = Callable[..., AppTest]
FILE = '{"questions": [{"q": "New?", "choices": ["Yes", "No"], "correct_idx": 0}]}'
FAULTY = '{"questions": [\n{"q": "New?", "choices": ["Yes", "No"], "correct_idx": 9},\n{"q": "", "choices": ["A"]}]}'


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return opener(monkeypatch)


@pytest.fixture
def at(open_page: Any) -> At:
    """A function that opens a training as somebody, at a tab."""

    def go(actor: Actor, module: TrainingModule, tab: str = "Questions") -> AppTest:
        screen: AppTest = open_page("training_module", actor)
        screen.query_params.update({"id": str(module.id), "tab": tab})
        screen.run()
        assert not screen.exception, screen.exception
        return screen

    return go


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is the dialog's."""
    found: AppTest = [button for button in screen.button if button.label == label][-1].click().run()
    assert not found.exception, found.exception
    return found


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def told(screen: AppTest) -> str:
    """What a page says, without what keeps markdown from reading it."""
    return texts(screen).replace("\\", "")


def kept(by: Actor, module: TrainingModule) -> ModuleDetail:
    found: ModuleDetail = ask(by, queries.module, module.id)
    return found


def listed(by: Actor) -> list[ModuleRow]:
    found: list[ModuleRow] = ask(by, queries.modules)
    return found


def answered(by: Actor, module: TrainingModule, *rows: tuple[str, str, int, float, float]) -> None:
    """So often a choice of a question was taken at first attempts, with the sums of scores and their squares."""
    with transaction(by) as session:
        version = session.query(QuizVersion).filter_by(module_id=module.id, number=1).one()
        for key, choice, times, rest, squares in rows:
            sums = {"times": times, "rest_sum": rest, "rest_squares": squares}
            session.add(ItemTally(quiz_version_id=version.id, question=key, choice=choice, **sums))


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
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page("training", member)


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


class TestFigures:
    def test_stand_beside_the_question_with_what_to_do(self, aisha, at):
        module = offered(aisha)
        answered(aisha, module, ("q1", "c", 4, 1.0, 0.4), ("q1", "a", 26, 18.0, 13.0))
        screen = at(aisha, module)
        said = told(screen)
        assert "13% got it right" in said
        assert "30 first attempts" in said
        assert "Misleading: those who do well otherwise get this one wrong more often." in said
        assert "Too hard: only 13% get it right." in said
        assert "Hardly anybody takes B or D." in said
        table = screen.dataframe[0].value
        assert list(table["Choice"]) == [
            "A q1: choice a",
            "B q1: choice b",
            "C ✓ q1: choice c",
            "D q1: choice d",
        ]
        assert list(table["Times"]) == [26, 0, 4, 0]

    def test_of_few_answers_are_not_judged(self, aisha, at):
        module = offered(aisha)
        answered(aisha, module, ("q1", "c", 3, 2.0, 1.5))
        assert "Too few answers to judge: 3 of 20 first attempts so far." in told(at(aisha, module))
        screen = at(aisha, module, "Statistics")
        assert "Too few answers to judge: 3 of 20" in texts(screen)
        assert not screen.get("arrow_vega_lite_chart")

    def test_of_all_stand_in_a_picture_and_a_table_the_worst_first(self, aisha, at):
        module = offered(aisha)
        answered(aisha, module, ("q2", "c", 4, 1.0, 0.4), ("q2", "a", 26, 18.0, 13.0))
        answered(aisha, module, *[("q1", mark, 10, 5.0, 2.6) for mark in "abcd"])
        screen = at(aisha, module, "Statistics")
        table = screen.dataframe[0].value
        assert list(table["No."]) == [2, 1, 3, 4]
        assert list(table["Verdict"])[:2] == ["Misleading", "Does its work"]
        assert screen.get("arrow_vega_lite_chart") or screen.get("vega_lite_chart")

    def test_wait_for_the_first_publication(self, aisha, at):
        screen = at(aisha, add_module(aisha), "Statistics")
        assert "Figures come once the quiz is published and answered." in texts(screen)


class TestFiles:
    def paste(self, screen: AppTest, text: str) -> AppTest:
        found: AppTest = screen.text_area(key="quiz.import.text.0").set_value(text).run()
        assert not found.exception, found.exception
        return found

    def test_what_is_wrong_is_listed_and_nothing_comes_in(self, aisha, at):
        module = offered(aisha)
        screen = self.paste(at(aisha, module, "Import & export"), FAULTY)
        assert "Nothing was imported:" in screen.error[0].value
        table = screen.dataframe[0].value
        assert next(iter(table["Line"])) == 2
        assert next(iter(table["Question"])) == 1
        assert next(iter(table["What is wrong"])).startswith("correct_idx is 9 but there are 2 choices")
        assert "quiz.import" not in [button.key for button in screen.button]
        assert kept(aisha, module).draft_version is None

    def test_a_file_is_added_to_the_draft(self, aisha, at):
        module = offered(aisha)
        screen = self.paste(at(aisha, module, "Import & export"), FILE)
        assert "1 question in the file: 1 new, 0 changed, 0 as they are." in texts(screen)
        screen = screen.button(key="quiz.import").click().run()
        assert [one.text for one in kept(aisha, module).draft][-1] == "New?"
        assert len(kept(aisha, module).draft) == 5
        assert "5 questions of the draft" in texts(screen)

    def test_or_takes_the_place_of_what_is_there(self, aisha, at):
        module = offered(aisha)
        screen = self.paste(at(aisha, module, "Import & export"), FILE)
        screen = screen.radio(key="quiz.import.how").set_value("Replace the questions here").run()
        assert "4 questions of the draft will be removed." in texts(screen)
        screen.button(key="quiz.import").click().run()
        assert [one.text for one in kept(aisha, module).draft] == ["New?"]

    def test_gift_comes_from_a_file_that_is_chosen(self, monkeypatch, aisha, at):
        module = offered(aisha)

        def uploader(_label: str, *, key: str, **_: Any) -> None:
            st.session_state[key] = Chosen("quiz.gift", b"Gift? {=Yes ~No}")

        monkeypatch.setattr(st, "file_uploader", uploader)
        screen = at(aisha, module, "Import & export")
        assert "This looks" not in texts(screen)
        screen = screen.segmented_control(key="quiz.import.form").set_value("gift").run()
        assert "1 question in the file: 1 new" in texts(screen)

    def test_what_is_no_text_is_refused(self, monkeypatch, aisha, at):
        def uploader(_label: str, *, key: str, **_: Any) -> None:
            st.session_state[key] = Chosen("quiz.json", b"\xff\xfe\x00\xd8\xff")

        monkeypatch.setattr(st, "file_uploader", uploader)
        screen = at(aisha, offered(aisha), "Import & export")
        assert list(screen.dataframe[0].value["What is wrong"]) == ["The file is not text in UTF-8. Save it as UTF-8."]

    def test_a_quiz_leaves_as_a_file_that_says_what_it_leaves_out(self, aisha, at):
        module = offered(aisha)
        screen = at(aisha, module, "Import & export")
        links = {one.label: one.url for one in screen.get("link_button")}
        assert links["Quiz JSON"] == f"/training/{module.id}/quiz?format=json"
        assert links["Moodle GIFT"] == f"/training/{module.id}/quiz?format=gift"
        assert "Leaves out Arabic, topics and explanations." in texts(screen)

    def test_an_unfinished_one_says_why_it_cannot_leave(self, aisha, at):
        module = add_module(aisha)
        do(aisha, authoring.save_draft, module.id, questions=[replace(question("q1"), correct="")], version=None)
        screen = at(aisha, module, "Import & export")
        assert "Question 1: No choice is marked as the right one." in told(screen)
        assert not {one.label for one in screen.get("link_button")} & {"Quiz JSON", "Moodle GIFT"}


class TestVersions:
    def test_are_listed_and_compared_with_each_other_and_the_draft(self, clock, aisha, at):
        module = offered(aisha)
        publish(aisha, module.id, (replace(question("q1"), text="What about prices?"), *questions()[1:]))
        do(aisha, authoring.save_draft, module.id, questions=questions(5), version=None)
        screen = at(aisha, module, "Versions")
        table = screen.dataframe[0].value
        assert list(table["Version"]) == ["Draft", "Version 2", "Version 1"]
        assert list(table["Questions"]) == [5, 4, 4]
        assert ":green-badge[:material/add: New] **What about q5" in told(screen)
        assert "~~prices?~~" in told(screen)
        screen.selectbox(key="quiz.compare.old").set_value(1)
        screen = screen.selectbox(key="quiz.compare.new").set_value(2).run()
        assert "**+ prices?**" in told(screen)
        assert "New]" not in told(screen)
        screen = screen.selectbox(key="quiz.compare.new").set_value(1).run()
        assert "They ask the same questions" in texts(screen)

    def test_are_listed_for_those_who_only_read(self, aisha, analyst, at):
        screen = at(analyst, offered(aisha), "Versions")
        assert list(screen.dataframe[0].value["Version"]) == ["Version 1"]
        assert not screen.selectbox
        assert "✓" not in texts(screen)

    def test_of_nothing_say_so(self, aisha, at):
        assert "so there are no versions" in texts(at(aisha, add_module(aisha), "Versions"))


class TestSettings:
    def field(self, screen: AppTest, kind: str, name: str) -> Any:
        return next(one for one in screen.get(kind) if one.key.endswith(f".{name}"))

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
