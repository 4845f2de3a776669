"""Quizzes as files, their versions compared, and what the answers tell about their questions."""

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import transaction
from core.training import authoring
from core.training.learning_models import ItemTally
from core.training.models import QuizVersion, TrainingModule
from tests.core.training_acts import add_module, do, offered, publish, question, questions
from tests.screens import texts
from tests.screens.test_partner_documents import Chosen
from tests.screens.training_desk import kept, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
FILE = '{"questions": [{"q": "New?", "choices": ["Yes", "No"], "correct_idx": 0}]}'
FAULTY = '{"questions": [\n{"q": "New?", "choices": ["Yes", "No"], "correct_idx": 9},\n{"q": "", "choices": ["A"]}]}'


@pytest.fixture
def at(at_training: Any) -> Any:
    return at_training


def answered(by: Actor, module: TrainingModule, *rows: tuple[str, str, int, float, float]) -> None:
    """So often a choice of a question was taken at first attempts, with the sums of scores and their squares."""
    with transaction(by) as session:
        version = session.query(QuizVersion).filter_by(module_id=module.id, number=1).one()
        for key, choice, times, rest, squares in rows:
            sums = {"times": times, "rest_sum": rest, "rest_squares": squares}
            session.add(ItemTally(quiz_version_id=version.id, question=key, choice=choice, **sums))


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
        assert "Hardly anybody takes choice 2 or 4." in said
        table = screen.dataframe[0].value
        assert list(table["Choice"]) == [
            "1 q1: choice a",
            "2 q1: choice b",
            "3 ✓ q1: choice c",
            "4 q1: choice d",
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
