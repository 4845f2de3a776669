"""Commission plans as rules: every amount has exactly one rate, or the plan is refused with the bracket's number."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deals.plans import MOST, Bracket, check, earned, in_force, kept, reached, read, said
from core.errors import Invalid

D = Decimal


def brackets(*rows: tuple[str, str | None, str]) -> tuple[Bracket, ...]:
    """Brackets as somebody writes them down."""
    return tuple(Bracket(D(above), None if end is None else D(end), D(pct)) for above, end, pct in rows)


GROWTH = brackets(("0", "50000", "8"), ("50000", "150000", "12"), ("150000", None, "15"))
AMOUNTS = st.decimals(min_value=D("0.001"), max_value=D("999999999.999"), places=3)
RATES = st.decimals(min_value=0, max_value=100, places=3)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Bracket, ...]:
    """Plans that are sound."""
    starts = [D(0), *sorted(draw(st.sets(AMOUNTS, max_size=MOST - 1)))]
    ends = [*starts[1:], None]
    return tuple(Bracket(start, end, draw(RATES)) for start, end in zip(starts, ends, strict=True))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    (
        ([], "at least one bracket"),
        ([("100", None, "5")], "begins at 100. Let it begin at 0"),
        ([("0", "100", "5"), ("200", None, "6")], "Between 100 and 200 no bracket counts"),
        ([("0", "200", "5"), ("100", None, "6")], "Brackets 1 and 2 both count between 100 and 200"),
        ([("0", "100", "5"), ("100", "200", "6"), ("50", None, "7")], "Bracket 3 begins at 50, not above bracket 2"),
        ([("0", "100", "5"), ("0", None, "6")], "Bracket 2 begins at 0, not above bracket 1"),
        ([("0", None, "5"), ("100", None, "6")], "Bracket 1 has no end, but bracket 2 follows. Let it end at 100"),
        ([("0", "100", "5"), ("100", "200", "6")], "No bracket counts above 200"),
        ([("0", "0", "5")], "begins at 0 and ends at 0"),
        ([("0", None, "100.001")], "between 0 and 100%"),
        ([("0", None, "-1")], "between 0 and 100%"),
        ([("-5", None, "1")], "begins below 0"),
        ([("0", None, "NaN")], "Bracket 1 has something that is not a number"),
        ([("0", "Infinity", "1")], "Bracket 1 has something that is not a number"),
        ([(str(n), str(n + 1), "1") for n in range(MOST + 1)], "at most 20"),
    ),
    ids=(
        "none", "not_from_0", "gap", "overlap", "unsorted", "twice_0", "end_missing", "last_ends", "empty",
        "rate_above", "rate_below", "below_0", "not_a_rate", "not_an_end", "too_many",
    ),
)  # fmt: skip
def test_what_leaves_an_amount_without_one_rate_is_refused(
    rows: list[tuple[str, str | None, str]], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        check(brackets(*rows))


@pytest.mark.parametrize(
    ("amount", "marginal", "whole"),
    (
        ("0", "0.000", "0.000"),
        ("50000", "4000.000", "4000.000"),
        ("50000.001", "4000.000", "6000.000"),
        ("100000", "10000.000", "12000.000"),
        ("150000", "16000.000", "18000.000"),
        ("200000", "23500.000", "30000.000"),
    ),
)
def test_what_an_amount_earns(amount: str, marginal: str, whole: str) -> None:
    assert str(earned(GROWTH, D(amount), is_marginal=True)) == marginal
    assert str(earned(GROWTH, D(amount), is_marginal=False)) == whole


def test_money_is_rounded_half_up_to_the_currencys_decimals() -> None:
    half = brackets(("0", None, "50"))
    assert [str(earned(half, D("0.05"), is_marginal=True, decimals=n)) for n in (3, 2, 0)] == ["0.025", "0.03", "0"]


@given(plans())
def test_sound_plans_are_taken_and_come_back_as_they_were_kept(plan: tuple[Bracket, ...]) -> None:
    check(plan)
    assert read(kept(plan)) == plan


@given(plans(), st.data())
def test_a_plan_with_a_hole_a_fold_or_a_late_start_is_refused(plan: tuple[Bracket, ...], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(plan) - 1))
    moved = data.draw(st.decimals(min_value=D("0.001"), max_value=D("1e9"), places=3))
    one = plan[at]
    broken = (*plan[:at], Bracket(one.above + moved, one.up_to, one.pct), *plan[at + 1 :])
    with pytest.raises(Invalid):
        check(broken)


@given(plans(), AMOUNTS)
def test_every_amount_falls_in_one_bracket(plan: tuple[Bracket, ...], amount: Decimal) -> None:
    holding = [one for one in plan if one.above < amount and (one.up_to is None or amount <= one.up_to)]
    assert holding == [reached(plan, amount)]


@given(plans(), AMOUNTS, AMOUNTS)
def test_by_parts_more_never_earns_less(plan: tuple[Bracket, ...], one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert earned(plan, low, is_marginal=True) <= earned(plan, high, is_marginal=True)


@given(plans(), AMOUNTS, st.booleans())
def test_nobody_earns_less_than_the_lowest_rate_or_more_than_the_highest(
    plan: tuple[Bracket, ...], amount: Decimal, is_marginal: bool
) -> None:
    rates = [one.pct for one in plan]
    cent = D("0.001")
    found = earned(plan, amount, is_marginal=is_marginal)
    assert amount * min(rates) / 100 - cent <= found <= amount * max(rates) / 100 + cent


@given(RATES, AMOUNTS)
def test_one_bracket_is_a_flat_rate_either_way(rate: Decimal, amount: Decimal) -> None:
    flat = (Bracket(D(0), None, rate),)
    assert earned(flat, amount, is_marginal=True) == earned(flat, amount, is_marginal=False)


@dataclass(frozen=True)
class Version:
    """A version of a plan."""

    starts_on: date
    number: int


@given(st.lists(st.builds(Version, st.dates(), st.integers(1, 50))), st.dates())
def test_the_last_version_to_start_counts(versions: list[Version], on: date) -> None:
    found = in_force(versions, on)
    if found is None:
        assert all(one.starts_on > on for one in versions)
    else:
        assert found.starts_on <= on
        later = [one for one in versions if found.starts_on < one.starts_on <= on]
        assert later == []


def test_of_two_that_start_on_one_day_the_newer_counts() -> None:
    day = date(2026, 1, 1)
    versions = [Version(day, 2), Version(day, 1), Version(day + timedelta(days=1), 3)]
    assert in_force(versions, day) == versions[0]
    assert in_force(versions, day - timedelta(days=1)) is None


@pytest.mark.parametrize(("number", "text"), (("50000", "50000"), ("12.500", "12.5"), ("1E+3", "1000"), ("0.000", "0")))
def test_numbers_are_said_plainly(number: str, text: str) -> None:
    assert said(D(number)) == text
