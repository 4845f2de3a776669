"""Two versions of a quiz: what changed, what is asked again, and which question of a file is which."""

from dataclasses import replace

import pytest
from hypothesis import given

from core.training.changes import Change, changed, changed_keys
from core.training.checks import check
from core.training.matching import matched
from core.training.quiz import Choice, Question, key_of
from tests.core.quiz_pieces import questions

GOOD = Question("q1", "Why?", (Choice("a", "Because"), Choice("b", "For fun")), "a")


class TestChanged:
    def test_is_nothing_when_only_the_order_differs(self):
        other = replace(GOOD, key="q2", text="How?")
        assert changed((GOOD, other), (other, GOOD)) == []

    def test_names_what_was_added_changed_and_removed(self):
        gone, new = replace(GOOD, key="gone"), replace(GOOD, key="new")
        better = replace(GOOD, why="Because it is so.")
        assert changed((gone, GOOD), (new, better)) == [
            Change("added", "new", None, new),
            Change("changed", "q1", GOOD, better),
            Change("removed", "gone", gone, None),
        ]

    @pytest.mark.parametrize(
        ("change", "asks_again"),
        (
            ({"topic": "Sales"}, False),
            ({"why": "So."}, False),
            ({"why_ar": "هكذا"}, False),
            ({"code_language": "python"}, False),
            ({"choices": tuple(reversed(GOOD.choices))}, False),
            ({"text": " Why? "}, False),
            ({"text_ar": "لماذا؟"}, False),
            ({"choices": (Choice("a", "Because", "لأن"), Choice("b", "For fun"))}, False),
            ({"choices": (Choice("x", "Because"), Choice("y", "For fun")), "correct": "x"}, False),
            ({"text": "Why not?"}, True),
            ({"code": "print()"}, True),
            ({"image": "1"}, True),
            ({"correct": "b"}, True),
            ({"choices": (Choice("a", "Because"), Choice("b", "For money"))}, True),
            ({"choices": (*GOOD.choices, Choice("c", "For money"))}, True),
            ({"choices": (Choice("a", "Because"), Choice("b", "For fun"), Choice("c", "No"))}, True),
        ),
    )
    def test_asks_again_what_changed_in_meaning(self, change, asks_again):
        new = replace(GOOD, **change)
        assert changed_keys((GOOD,), (new,)) == (("q1",) if asks_again else ())
        assert [one.kind for one in changed((GOOD,), (new,))] == ["changed"]

    def test_asks_again_when_a_translation_says_something_else(self):
        old = replace(GOOD, text_ar="لماذا؟", choices=(Choice("a", "Because", "لأن"), GOOD.choices[1]))
        assert changed_keys((old,), (replace(old, text_ar="كيف؟"),)) == ("q1",)
        assert changed_keys((old,), (replace(old, text_ar=""),)) == ()
        assert changed_keys((old,), (replace(old, choices=(Choice("a", "Because", "لا"), GOOD.choices[1])),)) == ("q1",)

    def test_asks_what_was_added_in_the_new_order(self):
        one, two, three = (replace(GOOD, key=key, text=key) for key in ("one", "two", "three"))
        assert changed_keys((two,), (three, two, one)) == ("three", "one")
        assert changed_keys((one, two), (one,)) == ()

    @given(questions(), questions())
    def test_is_nothing_against_itself_and_everything_against_nothing(self, quiz, other):
        assert changed(quiz, quiz) == []
        assert changed_keys((), quiz) == tuple(one.key for one in quiz)
        assert (
            set(changed_keys(other, quiz))
            <= {one.key for one in changed(other, quiz)}
            <= {one.key for one in (*quiz, *other)}
        )


class TestMatched:
    RICH = replace(
        GOOD, text_ar="لماذا؟", topic="Sales", code="x", code_language="python", image="1", why="w", why_ar="ل"
    )

    def test_keeps_what_the_file_does_not_hold(self):
        file = Question("other", "Why? ", (Choice("x", "For fun"), Choice("y", "For money")), "y", why="New.")
        (found,) = matched([file], [self.RICH])
        assert found == replace(
            self.RICH, text="Why? ", why="New.", choices=(Choice("b", "For fun"), Choice("y", "For money")), correct="y"
        )

    def test_knows_a_question_by_its_key_when_the_text_was_corrected(self):
        (found,) = matched([replace(GOOD, text="Why then?")], [self.RICH])
        assert found == replace(self.RICH, text="Why then?")

    def test_goes_by_the_text_first(self):
        one, two = GOOD, replace(GOOD, key="q2", text="How?")
        assert matched([replace(one, key="q2"), replace(two, key="q1")], [one, two]) == (one, two)

    def test_gives_no_key_twice(self):
        old = replace(
            GOOD, key=key_of("First"), text="Second", choices=(Choice(key_of("A"), "B"),), correct=key_of("A")
        )
        new = [
            replace(GOOD, key=key_of(text), text=text, choices=(Choice(key_of("A"), "A"), Choice(key_of("B"), "B")))
            for text in ("First", "Second", "Third")
        ]
        found = matched([replace(one, correct=key_of("A")) for one in new], [old])
        assert len({one.key for one in found}) == 3
        assert found[1].key == old.key
        assert found[1].choices[1].key == old.choices[0].key
        assert [choice.text for choice in found[1].choices if choice.key == found[1].correct] == ["A"]
        assert check(found, None) == []

    @given(questions(), questions())
    def test_makes_a_quiz_of_what_the_file_asks(self, file, existing):
        found = matched(file, existing)
        assert check(found, None) == []
        assert [one.text for one in found] == [one.text for one in file]
        assert [[choice.text for choice in one.choices] for one in found] == [
            [choice.text for choice in one.choices] for one in file
        ]
        assert matched(file, found) == found

    @given(questions())
    def test_is_the_same_quiz_again(self, quiz):
        assert matched(quiz, quiz) == quiz
        assert matched(quiz, ()) == quiz
