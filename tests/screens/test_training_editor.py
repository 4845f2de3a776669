"""A quiz being written: kept as it is typed, illustrated, put in order, checked."""

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from admin_app.training import question_form, writing
from admin_app.widgets.outline import Line
from core.training import queries
from tests.core.files import image
from tests.core.today_world import statements
from tests.core.training_acts import add_module, ask, offered, questions
from tests.screens import texts
from tests.screens.test_partner_documents import Chosen
from tests.screens.training_desk import kept, labels, press, told, type_in, typed_in

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def at(at_training: Any) -> Any:
    return at_training


def order(outlined: dict[str, Any]) -> list[str]:
    return [line.id for line in outlined["lines"]]


def line(outlined: dict[str, Any], key: str) -> Line:
    found: Line = next(one for one in outlined["lines"] if one.id == key)
    return found


def menu(screen: AppTest, part: str) -> Any:
    """The menu of a choice, by a part of its key."""
    return next(one for one in screen.get("menu_button") if part in str(one.key))


class TestWriting:
    def test_begins_with_nothing_and_writes_the_first_question(self, aisha, at, outlined):
        module = add_module(aisha)
        screen = at(aisha, module)
        assert "There are no questions yet" in texts(screen)
        screen = press(screen, "Write the first question")
        assert "**Question 1 of 1**" in texts(screen)
        assert outlined["lines"][0].text == "Not written yet"
        screen = type_in(screen, "Question", "What is 2 + 2?")
        for mark, text in zip("1234", ("3", "4", "5", "6"), strict=True):
            screen = type_in(screen, f"Choice {mark}", text)
        [radio] = [one for one in screen.radio if one.label == "Right answer"]
        screen = radio.set_value(radio.options and kept(aisha, module).draft[0].choices[1].key).run()
        [one] = kept(aisha, module).draft
        assert (one.text, [each.text for each in one.choices]) == ("What is 2 + 2?", ["3", "4", "5", "6"])
        assert one.correct == one.choices[1].key
        assert "Choice 2 :green-badge[:material/check: right answer]" in {each.label for each in screen.text_input}
        assert not line(outlined, one.key).mark

    def test_is_kept_at_each_change_and_says_so(self, clock, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "Rewritten?")
        assert "Draft saved 0 s ago by you, at 12:00" in texts(screen)
        assert kept(aisha, module).draft[0].text == "Rewritten?"
        assert kept(aisha, module).published[0].text == "What about q1?"
        clock.forward(seconds=2)
        assert "Draft saved 2 s ago by you" in texts(screen.run())

    def test_what_is_typed_shows_as_learners_see_it(self, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "Is **this** clear?")
        assert "Is **this** clear?" in [one.value for one in screen.markdown]
        [preview] = [one for one in screen.radio if one.label != "Right answer"]
        assert preview.options == [f"q1\\: choice {mark}" for mark in "abcd"]
        assert preview.value is None

    def test_arabic_is_written_and_looked_at_in_its_turn(self, aisha, at):
        module = offered(aisha)
        screen = at(aisha, module)
        screen = screen.segmented_control(key="quiz.language").set_value("ar").run()
        screen = type_in(screen, "Question in Arabic", "ما هذا؟")
        screen = type_in(screen, "Choice 1 in Arabic", "خيار")
        [one, *_] = kept(aisha, module).draft
        assert (one.text, one.text_ar, one.choices[0].text_ar) == ("What about q1?", "ما هذا؟", "خيار")
        assert "ما هذا؟" in [each.value for each in screen.markdown]

    def test_topic_code_and_why_are_kept(self, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Why it is right", "So it is")
        screen = type_in(screen, "Code", "x = 1")
        [language] = [one for one in screen.selectbox if one.label == "Language of the code"]
        screen = language.set_value("python").run()
        [topic] = [one for one in screen.selectbox if one.label == "Topic"]
        screen = topic.set_value("Prices").run()
        [one, *_] = kept(aisha, module).draft
        assert (one.why, one.code, one.code_language, one.topic) == ("So it is", "x = 1", "python", "Prices")
        assert [each.value for each in screen.code] == ["x = 1"]

    def test_nothing_that_is_only_looked_at_makes_a_draft(self, aisha, at):
        module = offered(aisha)
        screen = at(aisha, module, question="q3")
        assert "**Question 3 of 4**" in texts(screen)
        assert kept(aisha, module).draft_version is None
        [publish] = [one for one in screen.button if one.label == "Publish"]
        assert publish.disabled

    def test_of_five_hundred_is_a_few_statements(self, aisha, at, outlined):
        module = offered(aisha, questions(500))
        screen = at(aisha, module, question="q400")
        with statements() as said:
            screen = type_in(screen, "Question", "Still quick?")
        assert len(said) <= 10
        assert len(outlined["lines"]) == 500
        assert kept(aisha, module).draft[399].text == "Still quick?"
        widgets = [*screen.button, *screen.text_area, *screen.text_input, *screen.radio, *screen.selectbox]
        assert len(widgets) < 40


class TestASlowBrowser:
    """Between drawing and filling an input it may tell what it holds; so it holds its text from the start."""

    def test_inputs_begin_with_what_is_kept(self, aisha, at):
        screen = at(aisha, offered(aisha))
        begun = {one.label: one.proto.default for one in [*screen.text_area, *screen.text_input]}
        assert begun["Question"] == "What about q1?"
        assert begun["Choice 1"] == "q1: choice a"
        assert begun["Why it is right"] == "Because q1"
        [right] = [one for one in screen.radio if one.label == "Right answer"]
        assert right.proto.default == 2

    def test_what_is_told_of_an_input_that_is_gone_changes_nothing(self, aisha, at):
        module = offered(aisha)
        screen = at(aisha, module)
        desk = screen.session_state[f"quiz.desk.{module.id}"]
        question_form._take(desk, "q1", "text", "quiz.gone")
        question_form._take_choice(desk, "q1", "a", "text", "quiz.gone")
        assert desk.questions == desk.kept


class TestPictures:
    def choose(self, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes) -> None:
        def uploader(label: str, *, key: str, on_change: Any, args: Any, **_: Any) -> None:
            st.session_state[key] = Chosen(name, data)
            st.button(f"Choose {label}", on_click=on_change, args=args)

        monkeypatch.setattr(st, "file_uploader", uploader)

    def test_are_kept_and_shown_in_the_question(self, monkeypatch, aisha, at):
        module = offered(aisha)
        self.choose(monkeypatch, "plan.png", image("PNG"))
        screen = press(at(aisha, module), "Choose Add a picture")
        [(picture, name)] = ask(aisha, queries.pictures, module.id).items()
        assert (kept(aisha, module).draft[0].image, name) == (picture, "plan.png")
        assert f"/training/pictures/{picture}" in texts(screen)

    def test_are_refused_with_what_to_do(self, monkeypatch, aisha, at):
        module = offered(aisha)
        self.choose(monkeypatch, "plan.png", b"no picture")
        screen = press(at(aisha, module), "Choose Add a picture")
        assert len(screen.error) == 1
        assert kept(aisha, module).draft_version is None


class TestOrder:
    def test_goes_up_down_and_to_a_number(self, aisha, at, outlined):
        module = offered(aisha)
        screen = press(at(aisha, module, question="q2"), "Up")
        assert order(outlined) == ["q2", "q1", "q3", "q4"]
        assert "**Question 1 of 4**" in texts(screen)
        screen = press(press(screen, "Down"), "Down")
        assert order(outlined) == ["q1", "q3", "q2", "q4"]
        screen.number_input[0].set_value(4)
        screen = press(screen, "Move")
        assert [one.key for one in kept(aisha, module).draft] == ["q1", "q3", "q4", "q2"]
        assert "**Question 4 of 4**" in texts(screen)

    def test_follows_the_keys_of_the_list(self, aisha, at, outlined):
        module = offered(aisha)
        screen = at(aisha, module)
        moves = outlined["on_move"]
        assert {"on_open", "on_move"} <= outlined.keys()
        assert moves.func is writing.move
        assert not screen.exception

    def test_questions_are_added_behind_duplicated_and_removed(self, aisha, at, outlined):
        module = offered(aisha)
        screen = press(at(aisha, module, question="q2"), "Duplicate")
        assert [one.text for one in outlined["lines"]][1:3] == ["What about q2?"] * 2
        assert "It is the same as question 2" in line(outlined, order(outlined)[2]).why
        screen = press(screen, "Remove")
        assert order(outlined) == ["q1", "q2", "q3", "q4"]
        screen = press(screen, "Add question")
        assert order(outlined)[3] not in ("q3", "q4")
        assert "**Question 4 of 5**" in texts(screen)
        screen = press(screen, "Remove")
        for _ in range(4):
            screen = press(screen, "Remove")
        assert "There are no questions yet" in texts(screen)
        assert kept(aisha, module).draft_version is not None
        assert kept(aisha, module).draft == ()

    @pytest.mark.parametrize(
        ("act", "keys"),
        (
            ("Move up", "bacd"),
            ("Move down", "acbd"),
            ("Remove", "acd"),
        ),
    )
    def test_choices_move_and_go(self, aisha, at, act, keys):
        module = offered(aisha)
        screen = at(aisha, module)
        menu(screen, "choice.b.").set_value(act).run()
        [one, *_] = kept(aisha, module).draft
        assert "".join(choice.key for choice in one.choices) == keys
        assert one.correct == "c"

    def test_choices_are_added_and_duplicated_and_the_right_one_may_go(self, aisha, at):
        module = offered(aisha)
        screen = press(at(aisha, module), "Add choice")
        assert len(kept(aisha, module).draft[0].choices) == 5
        screen = menu(screen, "choice.c.").set_value("Duplicate").run()
        assert [one.text for one in kept(aisha, module).draft[0].choices].count("q1: choice c") == 2
        assert "Choices 3 and 4 are the same" in told(screen)
        screen = menu(screen, "choice.c.").set_value("Remove").run()
        assert kept(aisha, module).draft[0].correct == ""
        assert "No choice is marked as the right one" in told(screen)


class TestFaults:
    def test_are_named_in_the_list_and_at_the_question(self, aisha, at, outlined):
        module = offered(aisha)
        screen = type_in(at(aisha, module, question="q2"), "Question", " ")
        assert "The text is empty. Write the question." in told(screen)
        assert line(outlined, "q2").mark == "!"
        assert line(outlined, "q2").why == "Question 2: The text is empty. Write the question."
        assert not line(outlined, "q1").mark
        assert "1 to correct" in texts(screen)

    def test_of_the_whole_stand_above_the_list(self, aisha, at):
        module = offered(aisha, draw=4)
        screen = press(at(aisha, module), "Remove")
        assert "An attempt draws 4 questions, but there are only 3" in told(screen)

    def test_keep_a_quiz_from_being_published(self, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module, question="q3"), "Question", "")
        screen = press(screen, "Publish")
        assert "1 fault to correct first" in texts(screen)
        assert "Question 3: The text is empty" in told(screen)
        assert not {label for label in labels(screen) if label.startswith("Publish version")}
        screen.query_params.update({"question": "q1", "tab": "Versions"})
        screen = screen.run()
        screen = press(screen, "Go to question 3")
        assert screen.query_params["question"] == "q3"
        assert kept(aisha, module).published_number == 1

    def test_what_cannot_be_kept_stays_in_the_form(self, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "a \x07 bell")
        assert "Nothing was changed." in texts(screen)
        assert "Not saved" in texts(screen)
        assert typed_in(screen, "Question") == "a \x07 bell"
        screen = type_in(screen, "Question", "whole")
        assert not screen.error
        assert kept(aisha, module).draft[0].text == "whole"
