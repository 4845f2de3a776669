"""What an author is shown of a question, and how two people's changes of a draft come together."""

from dataclasses import asdict, replace

import pytest

from core.training.merging import merged
from core.training.preview import as_shown
from core.training.quiz import Question
from tests.core.training_acts import question

A, B, C = (question(key) for key in "abc")


class TestAsShown:
    def test_is_what_a_learner_sees_who_has_not_answered(self):
        shown = as_shown(replace(A, code="x = 1", code_language="python", image="7"), 3)
        assert (shown.number, shown.answer) == (3, None)
        assert (shown.text, shown.text_ar, shown.code, shown.code_language) == (A.text, A.text_ar, "x = 1", "python")
        assert shown.image == "7"
        assert [one.text for one in shown.choices] == [one.text for one in A.choices]
        assert [one.number for one in shown.choices] == [1, 2, 3, 4]

    def test_holds_neither_the_answer_nor_why_nor_keys(self):
        secret = replace(A, key="k-secret", correct="c-secret", why="w-secret", why_ar="v-secret")
        secret = replace(secret, choices=(*A.choices[:3], replace(A.choices[3], key="c-secret")))
        assert "secret" not in str(asdict(as_shown(secret, 1)))

    @pytest.mark.parametrize("correct", ("a", "d", "", "nothing"))
    def test_is_the_same_whichever_choice_is_right(self, correct: str):
        assert as_shown(replace(A, correct=correct), 1) == as_shown(A, 1)

    def test_takes_a_question_that_is_not_written_yet(self):
        assert as_shown(Question("k", "", (), ""), 1).choices == ()


class TestMerged:
    def test_each_question_is_of_whoever_changed_it(self):
        mine, theirs = replace(A, text="Mine"), replace(B, text="Theirs")
        assert merged((A, B, C), (mine, B, C), (A, theirs, C)) == (mine, theirs, C)

    def test_of_one_that_both_changed_mine_counts(self):
        mine = replace(A, text="Mine")
        assert merged((A,), (mine,), (replace(A, text="Theirs"),)) == (mine,)

    def test_what_i_added_and_what_they_added_both_stay(self):
        mine, theirs = question("mine"), question("theirs")
        assert merged((A,), (A, mine), (A, theirs)) == (A, theirs, mine)

    def test_what_either_removed_is_gone(self):
        assert merged((A, B, C), (B, C), (A, B)) == (B,)

    def test_what_i_changed_comes_back_though_they_removed_it(self):
        mine = replace(A, text="Mine")
        assert merged((A, B), (mine, B), (B,)) == (B, mine)

    def test_the_order_is_theirs_unless_i_changed_it(self):
        new = question("new")
        assert merged((A, B, C), (A, B, C), (C, B, A)) == (C, B, A)
        assert merged((A, B, C), (C, A, B), (A, B, C, new)) == (C, A, B, new)
