"""Attempts: what is asked of a learner, and what the answers are worth."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import refusal
from core.training.grading import (
    NoQuestions,
    QuestionsUnanswered,
    TopicResult,
    draw,
    grade,
    has_passed,
    score,
    unanswered,
)
from core.training.quiz import Choice, Question, from_json, to_json

MOST = 500


def quiz(count, *, choices=4, topics=1):
    """So many questions, the right choice of each by its number."""
    return tuple(
        Question(
            key=f"q{number}",
            text=f"Question {number}?",
            choices=tuple(Choice(f"c{place}", f"Answer {place}") for place in range(choices)),
            correct=f"c{number % choices}",
            topic=f"Topic {number % topics}",
        )
        for number in range(count)
    )


def answers(asked, *, wrong=()):
    """Right answers, except to the questions at some places."""
    return {
        one.key: next(c.key for c in one.choices if (c.key == one.correct) != (place in wrong))
        for place, one in enumerate(asked)
    }


class TestScore:
    @pytest.mark.parametrize(
        ("right", "of", "pct", "passes"),
        (
            (0, 1, "0.000", False),
            (1, 1, "100.000", True),
            (4, 5, "80.000", True),
            (2, 3, "66.667", False),
            (1, 7, "14.286", False),
            (399, 500, "79.800", False),
            (400, 500, "80.000", True),
            (395, 494, "79.960", False),
            (1, 8, "12.500", False),
        ),
    )
    def test_has_three_decimals_and_passes_from_the_threshold(self, right, of, pct, passes):
        assert str(score(right, of)) == pct
        assert has_passed(score(right, of), 80) is passes

    @pytest.mark.parametrize(("pct", "passes"), (("79.999", False), ("80.000", True), ("80.001", True)))
    def test_passes_at_the_edge(self, pct, passes):
        assert has_passed(Decimal(pct), 80) is passes

    def test_is_never_rounded_over_a_threshold(self):
        for of in range(1, MOST + 1):
            for pass_pct in range(1, 101):
                least = -(-pass_pct * of // 100)
                assert has_passed(score(least, of), pass_pct)
                assert not has_passed(score(least - 1, of), pass_pct)

    @given(st.integers(1, MOST).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_is_the_nearest_to_the_truth(self, counts):
        right, of = counts
        assert abs(Fraction(score(right, of)) - Fraction(100 * right, of)) <= Fraction(1, 2000)


class TestGrade:
    @given(st.data(), st.integers(1, 40), st.integers(2, 10), st.integers(1, 5))
    def test_counts_what_is_right_however_it_is_shuffled(self, data, count, choices, topics):
        asked = draw(quiz(count, choices=choices, topics=topics), None, True, Random(data.draw(st.integers())))
        wrong = data.draw(st.sets(st.integers(0, count - 1)))
        graded = grade(asked, answers(asked, wrong=wrong))
        assert (graded.right, graded.of) == (count - len(wrong), count)
        assert graded.score_pct == score(count - len(wrong), count)
        assert sum(topic.wrong for topic in graded.wrong_topics) == len(wrong)
        for topic in graded.wrong_topics:
            assert topic.of == sum(one.topic == topic.topic for one in asked)
            assert 1 <= topic.wrong <= topic.of
        assert grade(tuple(reversed(asked)), answers(asked, wrong=wrong)).score_pct == graded.score_pct
        assert grade(from_json(to_json(asked)), answers(asked, wrong=wrong)) == graded

    def test_takes_500_questions(self):
        asked = quiz(MOST)
        assert grade(asked, answers(asked)).score_pct == 100
        assert grade(asked, answers(asked, wrong=range(MOST))).score_pct == 0
        assert grade(asked, answers(asked, wrong={7})).score_pct == Decimal("99.800")

    def test_names_the_weakest_topic_first(self):
        asked = quiz(9, topics=3)
        graded = grade(asked, answers(asked, wrong={0, 1, 4, 5, 8}))
        assert graded.wrong_topics == (
            TopicResult("Topic 1", 2, 3),
            TopicResult("Topic 2", 2, 3),
            TopicResult("Topic 0", 1, 3),
        )

    def test_says_which_answers_were_to_nothing_asked(self):
        asked = quiz(2)
        graded = grade(asked, {**answers(asked), "q9": "c1", "__proto__": "c1"})
        assert graded.ignored == ("__proto__", "q9")
        assert graded.score_pct == 100
        assert grade(asked, answers(asked)).ignored == ()

    @pytest.mark.parametrize(
        ("given_to", "says"),
        (
            ({0, 1, 2, 4}, "Answer question 4."),
            ({0, 2}, "Answer question 2, 4, 5."),
            (set(), "Answer question 1, 2, 3, 4, 5."),
        ),
    )
    def test_names_what_is_unanswered(self, given_to, says):
        asked = quiz(5)
        some = {key: choice for key, choice in answers(asked).items() if int(key[1:]) in given_to}
        with pytest.raises(QuestionsUnanswered) as refused:
            grade(asked, some)
        assert refused.value.message == says
        assert refused.value.numbers == unanswered(asked, some)

    def test_names_only_the_first_of_many(self):
        with pytest.raises(QuestionsUnanswered) as refused:
            grade(quiz(MOST), {})
        assert refused.value.message == "Answer question 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 490 more."
        assert len(refused.value.numbers) == MOST
        assert refusal(refused.value, "ar").startswith("أجب عن السؤال")

    @pytest.mark.parametrize("choice", ("c9", "", "C0", "c0 ", "\0"))
    def test_takes_a_choice_there_is_not_for_no_answer(self, choice):
        asked = quiz(3)
        with pytest.raises(QuestionsUnanswered, match=r"^Answer question 2\.$"):
            grade(asked, {**answers(asked), "q1": choice})

    def test_refuses_a_quiz_without_questions(self):
        with pytest.raises(NoQuestions, match="no questions yet"):
            grade((), {})


class TestDraw:
    @given(st.integers(1, 60), st.none() | st.integers(1, 80), st.booleans(), st.integers())
    def test_asks_so_many_different_questions_of_the_bank(self, count, n, shuffles, seed):
        bank = quiz(count)
        asked = draw(bank, n, shuffles, Random(seed))
        assert len(asked) == min(n or count, count)
        assert len({one.key for one in asked}) == len(asked)
        by_key = {one.key: one for one in bank}
        for one in asked:
            assert Counter(one.choices) == Counter(by_key[one.key].choices)
            assert (one.text, one.correct, one.topic) == (
                by_key[one.key].text,
                by_key[one.key].correct,
                by_key[one.key].topic,
            )
        assert draw(bank, n, shuffles, Random(seed)) == asked

    @given(st.integers(1, 60), st.none() | st.integers(1, 80), st.integers())
    def test_keeps_the_order_unless_it_shuffles(self, count, n, seed):
        bank = quiz(count)
        asked = draw(bank, n, False, Random(seed))
        assert [bank.index(one) for one in asked] == sorted(bank.index(one) for one in asked)

    def test_shuffles_questions_and_choices(self):
        bank = quiz(6)
        drawn = [draw(bank, None, True, Random(seed)) for seed in range(200)]
        assert {asked[0].key for asked in drawn} == {one.key for one in bank}
        firsts = {one.choices[0].key for asked in drawn for one in asked if one.key == "q0"}
        assert firsts == {"c0", "c1", "c2", "c3"}

    def test_gives_every_question_its_turn(self):
        bank = quiz(10)
        seen = Counter(one.key for seed in range(1000) for one in draw(bank, 3, False, Random(seed)))
        assert set(seen) == {one.key for one in bank}
        assert 220 < min(seen.values()) <= max(seen.values()) < 380

    def test_refuses_an_empty_bank(self):
        with pytest.raises(NoQuestions):
            draw((), 5, True, Random(1))
