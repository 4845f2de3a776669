"""Quizzes: what makes one impossible to take, how it is stored, and what a learner sees of it."""

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.checks import check, quoted, unstorable
from core.training.quiz import Choice, Question, Shown, from_json, shown, to_json
from tests.core.quiz_pieces import questions

GOOD = Question("q1", "Why?", (Choice("a", "Because"), Choice("b", "For fun")), "a")


def choices(*texts):
    """Choices of these texts, each with a key of its own."""
    return tuple(Choice(f"c{number}", text) for number, text in enumerate(texts))


def said(*quiz, draw=None, images=None):
    """Every sentence about a quiz."""
    return [fault.message for fault in check(quiz, draw, images=images)]


class TestCheck:
    @given(questions())
    def test_finds_nothing_wrong_with_a_quiz_that_can_be_taken(self, quiz):
        assert check(quiz, None) == check(quiz, len(quiz)) == unstorable(quiz) == []

    @pytest.mark.parametrize(
        ("change", "says"),
        (
            ({"text": ""}, "The text is empty. Write the question."),
            ({"text": " \u200b\u2028"}, "The text is empty. Write the question."),
            ({"text": "x" * 10_001}, "The text has 10,001 characters. Maximum 10,000 characters."),
            ({"text": "a\0"}, "The text contains characters that cannot be stored. Type it again."),
            ({"text": "a\ud800"}, "The text contains characters that cannot be stored. Type it again."),
            ({"text": "a\uffff"}, "The text contains characters that cannot be stored. Type it again."),
            ({"text_ar": "س" * 10_001}, "The Arabic text has 10,001 characters. Maximum 10,000 characters."),
            ({"code": "\x1b[0m"}, "The code contains characters that cannot be stored. Type it again."),
            ({"why": "x" * 204_800}, "The explanation has 204,800 characters. Maximum 10,000 characters."),
            ({"why_ar": "\udfff"}, "The Arabic explanation contains characters that cannot be stored. Type it again."),
            ({"topic": "x" * 201}, "The topic has 201 characters. Maximum 200 characters."),
            ({"topic": "a\nb"}, "The topic cannot contain line breaks."),
            ({"code_language": "a\rb"}, "The code language cannot contain line breaks."),
            ({"choices": ()}, "There are no choices. Give at least 2."),
            ({"choices": choices("A"), "correct": "c0"}, "There is only 1 choice. Give at least 2."),
            (
                {"choices": choices(*"ABCDEFGHIJK"), "correct": "c0"},
                "There are 11 choices. Give at most 10.",
            ),
            ({"choices": choices("A", " "), "correct": "c0"}, "Choice 2 is empty. Write it or remove it."),
            ({"choices": choices("A", "B", "A "), "correct": "c0"}, "Choices 1 and 3 are the same: “A”. Change one."),
            (
                {"choices": choices("A", "\0B"), "correct": "c0"},
                "Choice 2 contains characters that cannot be stored. Type it again.",
            ),
            (
                {"choices": (Choice("a", "A", "\0"), Choice("b", "B"))},
                "The Arabic of choice 1 contains characters that cannot be stored. Type it again.",
            ),
            (
                {"choices": (Choice("a", "A"), Choice("a", "B"))},
                "Two choices have the same key. Remove one and add it again.",
            ),
            ({"correct": ""}, "No choice is marked as the right one. Mark it."),
            ({"correct": "c"}, "No choice is marked as the right one. Mark it."),
            (
                {"key": ""},
                "A key is missing or longer than 40 characters. Remove the question and add it again.",
            ),
            (
                {"choices": (Choice("a", "A"), Choice("b" * 41, "B"))},
                "A key is missing or longer than 40 characters. Remove the question and add it again.",
            ),
        ),
    )
    def test_names_the_question_and_the_fault(self, change, says):
        other = replace(GOOD, key="q2", text="Why not?")
        assert said(other, replace(GOOD, **change)) == [f"Question 2: {says}"]
        assert [fault.question for fault in check((other, replace(GOOD, **change)), None)] == [2]

    def test_names_questions_that_are_the_same(self):
        again = replace(GOOD, key="q2", text=" Why? ", choices=choices("C", "D"), correct="c0")
        assert said(GOOD, again, replace(GOOD, key="q3")) == [
            "Question 2: It is the same as question 1: “Why?”. Remove one.",
            "Question 3: It is the same as question 1: “Why?”. Remove one.",
        ]
        assert said(GOOD, replace(again, code="print()"), replace(GOOD, key="q3", image="i")) == []
        assert said(GOOD, replace(GOOD, text="How?")) == [
            "Question 2: It has the same key as question 1. Remove it and add it again."
        ]

    @pytest.mark.parametrize(
        ("count", "draw", "says"),
        (
            (0, None, ["The quiz has no questions. Add at least one."]),
            (0, 5, ["The quiz has no questions. Add at least one."]),
            (1, 1, []),
            (1, 2, ["An attempt draws 2 questions, but there is only 1. Add questions or draw fewer."]),
            (4, 5, ["An attempt draws 5 questions, but there are only 4. Add questions or draw fewer."]),
            (4, 0, ["An attempt draws at least 1 question."]),
            (500, 500, []),
            (501, 500, ["A quiz has at most 500 questions, and this one has 501. Remove some."]),
        ),
    )
    def test_counts_questions(self, count, draw, says):
        quiz = [replace(GOOD, key=f"q{number}", text=f"Why {number}?") for number in range(count)]
        assert said(*quiz, draw=draw) == says

    def test_misses_a_picture(self):
        pictured = replace(GOOD, image="9")
        assert said(pictured) == said(pictured, images={"9"}) == said(GOOD, images=()) == []
        assert said(pictured, images={"8"}) == ["Question 1: Its picture is missing. Add it again."]

    def test_lets_a_draft_be_unfinished_but_not_unstorable(self):
        assert unstorable([replace(GOOD, text="", choices=(), correct="")]) == []
        assert [fault.message for fault in unstorable([GOOD, replace(GOOD, text="\0")])] == [
            "Question 2: The text contains characters that cannot be stored. Type it again."
        ]
        assert [fault.message for fault in unstorable([GOOD] * 501)] == [
            "A quiz has at most 500 questions, and this one has 501. Remove some."
        ]

    @given(st.text(st.characters()))
    def test_quotes_any_text_so_that_it_can_be_shown(self, text):
        assert quoted(text).encode()
        assert len(quoted(text)) <= 43
        assert quoted(text)[1:-1].isprintable()


class TestStored:
    @given(questions())
    def test_comes_back_as_it_was(self, quiz):
        assert from_json(json.loads(json.dumps(to_json(quiz)))) == quiz

    def test_may_be_of_before_a_field_was_added(self):
        assert from_json([{"key": "q1", "text": "Why?", "choices": [{"key": "a", "text": "A"}], "correct": "a"}]) == (
            Question("q1", "Why?", (Choice("a", "A"),), "a"),
        )


class TestShown:
    @given(questions())
    def test_holds_neither_the_right_choice_nor_why(self, quiz):
        for one in quiz:
            seen = asdict(shown(one))
            assert set(seen) == {field.name for field in fields(Question)} - {"correct", "why", "why_ar"}
            assert Shown(**{**seen, "choices": one.choices}) == shown(one)
            other = replace(one, correct=one.choices[-1].key, why="changed", why_ar="changed")
            assert shown(other) == shown(one)
