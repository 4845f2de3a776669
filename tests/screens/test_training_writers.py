"""Two who write the same quiz, and those who only read it."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.training import authoring
from core.training.models import TrainingModule
from core.training.quiz import Question
from tests.core.training_acts import do, offered, question, questions
from tests.screens import is_closed, texts
from tests.screens.training_desk import kept, labels, press, told, type_in, typed_in

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def at(at_training: Any) -> Any:
    return at_training


class TestTwoWriters:
    @pytest.fixture
    def behind(self, clock: Any, aisha: Actor, nora: Actor, at: Any) -> tuple[TrainingModule, AppTest]:
        """Nora saved question 2 while Aisha was writing question 1."""
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "Mine, first")
        found = kept(aisha, module)
        theirs = [replace(one, text="Hers") if one.key == "q2" else one for one in found.draft]
        do(nora, authoring.save_draft, module.id, questions=theirs, version=found.draft_version)
        return module, type_in(screen, "Question", "Mine")

    def test_are_told_in_a_sentence_and_nothing_typed_is_lost(self, aisha, nora, behind):
        module, screen = behind
        said = f"{nora.name} saved this quiz at 12:00 while you were writing. What you typed is still in the form."
        assert said in told(screen)
        assert "Not saved" in texts(screen)
        assert typed_in(screen, "Question") == "Mine"
        assert kept(aisha, module).draft[0].text == "Mine, first"

    def test_it_may_be_oneself_in_another_window(self, aisha, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "Here")
        version = kept(aisha, module).draft_version
        do(aisha, authoring.save_draft, module.id, questions=questions(2), version=version)
        assert "You saved this quiz in another window" in told(type_in(screen, "Question", "And here"))

    def test_mine_goes_over_theirs_and_what_only_they_changed_stays(self, aisha, behind):
        module, screen = behind
        screen = press(screen, "Keep mine")
        assert [one.text for one in kept(aisha, module).draft[:2]] == ["Mine", "Hers"]
        assert "Keep mine" not in labels(screen)
        assert typed_in(screen, "Question") == "Mine"

    def test_theirs_is_loaded(self, aisha, behind):
        module, screen = behind
        screen = press(screen, "Load theirs")
        assert typed_in(screen, "Question") == "Mine, first"
        assert [one.text for one in kept(aisha, module).draft[:2]] == ["Mine, first", "Hers"]
        screen = type_in(screen, "Question", "On we go")
        assert kept(aisha, module).draft[0].text == "On we go"

    def test_who_has_nothing_unsaved_simply_sees_the_newer_one(self, aisha, nora, at):
        module = offered(aisha)
        screen = at(aisha, module)
        do(nora, authoring.save_draft, module.id, questions=questions(2), version=None)
        screen = screen.run()
        assert "Keep mine" not in labels(screen)
        assert "**Question 1 of 2**" in texts(screen)

    def test_a_draft_that_was_published_meanwhile_is_begun_again(self, aisha, nora, at):
        module = offered(aisha)
        screen = type_in(at(aisha, module), "Question", "Mine, first")
        version = kept(aisha, module).draft_version
        do(nora, authoring.publish, module.id, asks_holders=False, version=version)
        screen = type_in(screen, "Question", "Mine")
        assert "This draft was published or discarded while you were writing." in told(screen)
        press(screen, "Keep mine")
        assert kept(aisha, module).draft[0].text == "Mine"


class TestWhoOnlyReads:
    @pytest.mark.parametrize("who", ("analyst", "reviewer"))
    def test_sees_questions_without_answers_and_changes_nothing(self, aisha, at, outlined, request, who):
        module = offered(aisha, (question("q1", why="Reason of q1"), question("q2")))
        screen = at(request.getfixturevalue(who), module)
        assert [tab.label for tab in screen.tabs] == ["Questions", "Versions", "Settings"]
        assert not labels(screen)
        assert "right answer" not in texts(screen)
        assert "Reason of q1" not in texts(screen)
        assert not outlined.get("on_move")
        [preview] = screen.radio
        assert preview.value is None
        assert "What about q1?" in texts(screen)

    def test_is_not_offered_to_others(self, member, at, aisha):
        module = offered(aisha)
        assert is_closed(at(member, module))


def test_a_question_that_is_gone_opens_the_first(aisha, at):
    module = offered(aisha, (Question("only", "Alone?", question("x").choices, "a"),))
    assert "**Question 1 of 1**" in texts(at(aisha, module, question="gone"))
