"""Item statistics: facility, discrimination and the shares of choices, against examples worked out by hand."""

from collections import defaultdict
from decimal import Decimal
from math import isclose
from statistics import StatisticsError, correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.quiz import Choice, Question
from core.training.statistics import FEWEST, Advice, Tally, item, taken

RIGHT, OTHER, THIRD = "right", "other", "third"
NONE = Decimal(0)
QUESTION = Question("q", "Which?", tuple(Choice(key, key) for key in (RIGHT, OTHER, THIRD)), RIGHT)


def tallies(*answers):
    """The tallies of answers, each a choice with the score in the rest of the quiz."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for choice, rest in answers:
        found[choice].append(Decimal(rest))
    return [
        Tally(key, len(rests), sum(rests, NONE), sum((rest * rest for rest in rests), NONE))
        for key, rests in found.items()
    ]


def times(right, other=0, third=0):
    """Tallies of so many answers; who is right scores 0.75 in the rest, everybody else 0.25."""
    counted = {RIGHT: (right, "0.75"), OTHER: (other, "0.25"), THIRD: (third, "0.25")}
    return tallies(*((key, rest) for key, (count, rest) in counted.items() for _ in range(count)))


class TestDiscrimination:
    @pytest.mark.parametrize(
        ("answers", "facility", "discrimination"),
        (
            # Means 0.8 and 0.4, deviation √0.05, half are right: 0.4 / 0.2236 × 0.5.
            (((RIGHT, "0.9"), (RIGHT, "0.7"), (OTHER, "0.5"), (OTHER, "0.3")), "0.500", "0.894"),
            # The same the other way round.
            (((OTHER, "0.9"), (OTHER, "0.7"), (RIGHT, "0.5"), (RIGHT, "0.3")), "0.500", "-0.894"),
            # Who is right has all the rest right, who is wrong none of it.
            (((RIGHT, "1"), (RIGHT, "1"), (OTHER, "0"), (THIRD, "0")), "0.500", "1.000"),
            (((RIGHT, "0"), (OTHER, "1")), "0.500", "-1.000"),
            # Both groups have the mean 0.5: no relation.
            (((RIGHT, "0.2"), (RIGHT, "0.8"), (OTHER, "0.2"), (OTHER, "0.8")), "0.500", "0.000"),
            # Means 0.75 and 0.25, 3 of 4 right, mean 0.625, variance 0.078125:
            # 0.5 / 0.279508 × √(3/16).
            (((RIGHT, "0.5"), (RIGHT, "0.75"), (RIGHT, "1"), (OTHER, "0.25")), "0.750", "0.775"),
            # Means 0.6 and 0.5, 2 of 5 right, mean 0.54, variance 0.0344: 0.1 / 0.185472 × √0.24.
            (
                ((RIGHT, "0.8"), (RIGHT, "0.4"), (OTHER, "0.7"), (OTHER, "0.5"), (THIRD, "0.3")),
                "0.400",
                "0.264",
            ),
        ),
    )
    def test_is_the_point_biserial_with_the_rest(self, answers, facility, discrimination):
        found = item(QUESTION, tallies(*answers))
        assert (str(found.facility), str(found.discrimination)) == (facility, discrimination)

    @pytest.mark.parametrize(
        "answers",
        (
            (),
            ((RIGHT, "0.5"),),
            ((RIGHT, "0.1"), (RIGHT, "0.9")),
            ((OTHER, "0.1"), (THIRD, "0.9")),
            ((RIGHT, "0.333333"), (OTHER, "0.333333"), (OTHER, "0.333333")),
            ((RIGHT, "0"), (OTHER, "0")),
        ),
        ids=("nobody", "one", "all right", "none right", "no spread", "one question"),
    )
    def test_is_unknown_without_a_spread(self, answers):
        assert item(QUESTION, tallies(*answers)).discrimination is None

    @given(
        st.lists(
            st.tuples(st.sampled_from((RIGHT, OTHER, THIRD)), st.integers(0, 100).map(lambda n: Decimal(n) / 100)),
            min_size=1,
            max_size=40,
        )
    )
    def test_is_pearsons_correlation(self, answers):
        found = item(QUESTION, tallies(*answers))
        assert found.attempts == len(answers)
        try:
            expected = correlation([choice == RIGHT for choice, _ in answers], [int(100 * rest) for _, rest in answers])
        except StatisticsError:
            assert found.discrimination is None
            return
        assert found.discrimination is not None
        assert isclose(found.discrimination, expected, abs_tol=0.00051)


class TestShares:
    def test_are_in_the_order_of_the_choices(self):
        found = item(QUESTION, times(60, 39, 1))
        assert [(one.choice, one.times, str(one.share), one.is_right, one.is_dead) for one in found.shares] == [
            (RIGHT, 60, "0.600", True, False),
            (OTHER, 39, "0.390", False, False),
            (THIRD, 1, "0.010", False, True),
        ]

    def test_are_nothing_before_the_first_attempt(self):
        found = item(QUESTION, [])
        assert (found.attempts, found.facility, found.advice) == (0, None, (Advice.TOO_FEW,))
        assert [(one.times, one.share, one.is_dead) for one in found.shares] == [(0, NONE, False)] * 3

    def test_leave_out_choices_of_something_else(self):
        found = item(QUESTION, [*times(3, 1), Tally("gone", 50, Decimal(50), Decimal(50))])
        assert (found.attempts, str(found.facility)) == (4, "0.750")

    @given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
    def test_make_up_the_whole(self, right, other, third):
        found = item(
            QUESTION,
            [
                Tally(key, count, Decimal(count) / 2, Decimal(count) / 4)
                for key, count in ((RIGHT, right), (OTHER, other), (THIRD, third))
            ],
        )
        total = sum((one.share for one in found.shares), NONE)
        assert abs(total - (1 if found.attempts else 0)) <= Decimal("0.002")
        assert sum(one.times for one in found.shares) == found.attempts


class TestAdvice:
    @pytest.mark.parametrize(
        ("counts", "advice"),
        (
            ((0, 0, 0), (Advice.TOO_FEW,)),
            ((FEWEST - 1, 0, 0), (Advice.TOO_FEW,)),
            ((10, 5, 5), ()),
            ((95, 3, 2), ()),
            ((96, 2, 2), (Advice.TOO_EASY,)),
            ((20, 0, 0), (Advice.TOO_EASY, Advice.DEAD_DISTRACTOR)),
            ((25, 40, 35), ()),
            ((24, 40, 36), (Advice.TOO_HARD,)),
            ((50, 48, 2), ()),
            ((50, 49, 1), (Advice.DEAD_DISTRACTOR,)),
            ((0, 60, 40), (Advice.TOO_HARD,)),
        ),
    )
    def test_names_what_is_wrong_with_the_question(self, counts, advice):
        assert item(QUESTION, times(*counts)).advice == advice

    def test_does_not_doubt_a_question_that_tells_nothing(self):
        found = item(QUESTION, tallies(*[(key, rest) for key in (RIGHT, OTHER) for rest in ("0.2", "0.8")] * 10))
        assert (found.discrimination, found.advice) == (NONE, (Advice.DEAD_DISTRACTOR,))

    def test_doubts_a_question_that_the_able_get_wrong(self):
        answers = [(RIGHT, "0.2")] * 15 + [(OTHER, "0.9")] * 10 + [(THIRD, "0.6")] * 5
        assert item(QUESTION, tallies(*answers)).advice == (Advice.NEGATIVE_DISCRIMINATION,)


class TestTaken:
    def test_is_each_choice_with_the_score_in_the_rest(self):
        asked = [
            Question(key, key, (Choice("a", "A"), Choice("b", "B")), "a")
            for key in ("first", "second", "third", "last")
        ]
        found = taken(asked, {"first": "a", "second": "b", "third": "a", "last": "a"})
        assert [(one.question, one.choice, str(one.rest)) for one in found] == [
            ("first", "a", "0.666667"),
            ("second", "b", "1.000000"),
            ("third", "a", "0.666667"),
            ("last", "a", "0.666667"),
        ]

    def test_knows_no_rest_of_one_question(self):
        asked = [Question("only", "Only?", (Choice("a", "A"), Choice("b", "B")), "a")]
        assert [one.rest for one in taken(asked, {"only": "a"})] == [0]
