"""Commission plans as rules: brackets of an amount, each with its rate, and which version of a plan counts on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from core.errors import Invalid

MOST = 20
"""Brackets of one version."""
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Bracket:
    """The part of an amount above ``above``, up to and with ``up_to`` (None: without end), and its rate in percent."""

    above: Decimal
    up_to: Decimal | None
    pct: Decimal


class Dated(Protocol):
    """A version of a plan, as far as the calendar goes."""

    @property
    def starts_on(self) -> date:
        """The first day it counts."""

    @property
    def number(self) -> int:
        """Which version it is."""


Version = TypeVar("Version", bound=Dated)


def check(brackets: Sequence[Bracket]) -> None:
    """Refuse brackets that leave an amount without exactly one rate.

    Raises:
        Invalid: the sentence names the bracket, counted from 1, and what is wrong with it.
    """
    if not brackets:
        raise Invalid("A plan needs at least one bracket. Add a row that begins at 0.")
    if len(brackets) > MOST:
        raise Invalid("A plan has at most {most} brackets.", most=MOST)
    for at, one in enumerate(brackets, 1):
        _check_one(at, one)
    if brackets[0].above != 0:
        raise Invalid("The first bracket begins at {above}. Let it begin at 0.", above=said(brackets[0].above))
    for at, (one, following) in enumerate(pairwise(brackets), 1):
        _check_next(at, one, following)
    if (end := brackets[-1].up_to) is not None:
        raise Invalid("No bracket counts above {end}. Leave the end of the last one empty.", end=said(end))


def _check_one(at: int, one: Bracket) -> None:
    if not (one.above.is_finite() and one.pct.is_finite() and (one.up_to is None or one.up_to.is_finite())):
        raise Invalid("Bracket {at} has something that is not a number.", at=at)
    if not 0 <= one.pct <= HUNDRED:
        raise Invalid("The commission of bracket {at} must be between 0 and 100%.", at=at)
    if one.above < 0:
        raise Invalid("Bracket {at} begins below 0.", at=at)
    if one.up_to is not None and one.up_to <= one.above:
        facts = {"at": at, "above": said(one.above), "end": said(one.up_to)}
        raise Invalid("Bracket {at} begins at {above} and ends at {end}. Let it end above where it begins.", **facts)


def _check_next(at: int, one: Bracket, following: Bracket) -> None:
    facts = {"at": at, "next": at + 1, "start": said(following.above)}
    if following.above <= one.above:
        raise Invalid("Bracket {next} begins at {start}, not above bracket {at}. Put them in rising order.", **facts)
    if one.up_to is None:
        raise Invalid("Bracket {at} has no end, but bracket {next} follows. Let it end at {start}.", **facts)
    facts["end"] = said(one.up_to)
    if following.above > one.up_to:
        raise Invalid("Between {end} and {start} no bracket counts. Let bracket {next} begin at {end}.", **facts)
    if following.above < one.up_to:
        raise Invalid("Brackets {at} and {next} both count between {start} and {end}.", **facts)


def earned(brackets: Sequence[Bracket], amount: Decimal, *, is_marginal: bool, decimals: int = 3) -> Decimal:
    """The commission on an amount, rounded half up to a currency's decimals.

    Marginal: each bracket's rate counts for its part of the amount. Else the rate of the bracket that the amount
    reaches counts for all of it; an amount at the very end of a bracket is still in it.
    """
    if is_marginal:
        raw = sum((_part(one, amount) * one.pct for one in brackets), Decimal(0)) / HUNDRED
    else:
        raw = amount * reached(brackets, amount).pct / HUNDRED
    return raw.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _part(bracket: Bracket, amount: Decimal) -> Decimal:
    end = amount if bracket.up_to is None else min(amount, bracket.up_to)
    return max(Decimal(0), end - bracket.above)


def reached(brackets: Sequence[Bracket], amount: Decimal) -> Bracket:
    """The bracket an amount falls in."""
    return next((one for one in reversed(brackets) if amount > one.above), brackets[0])


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The version that counts on a day: of those that have started the last to start, the newest of two of one day."""
    started = [one for one in versions if one.starts_on <= on]
    return max(started, key=lambda one: (one.starts_on, one.number), default=None)


def kept(brackets: Iterable[Bracket]) -> list[Any]:
    """Brackets as the database keeps them; each ends where the next begins."""
    return [{"above": said(one.above), "pct": said(one.pct)} for one in brackets]


def read(rows: Sequence[Any]) -> tuple[Bracket, ...]:
    """Brackets as they were kept."""
    starts = [Decimal(row["above"]) for row in rows]
    ends = [*starts[1:], None]
    return tuple(Bracket(start, end, Decimal(row["pct"])) for start, end, row in zip(starts, ends, rows, strict=True))


def said(number: Decimal) -> str:
    """A number in plain digits, without zeros that tell nothing: "50000", "12.5"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def examples(brackets: Sequence[Bracket]) -> list[Decimal]:
    """A few amounts that show what brackets do: the end of each, and one well inside the last."""
    ends = [one.up_to for one in brackets if one.up_to is not None]
    return [*ends, ends[-1] * 2] if ends else [Decimal(1_000), Decimal(10_000)]
