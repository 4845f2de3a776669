"""The lines of a quote and what they come to, rounded line by line to the currency's decimals. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from core import fields
from core.deals import money
from core.errors import Invalid

MOST_LINES = 100
_HUNDRED = Decimal(100)


class LineUnusable(Invalid):
    """Line {line}: {why}"""


class TooManyLines(Invalid):
    """A quote has at most {most} lines. Put some of them together."""


class TotalUnusable(Invalid):
    """The lines come to {total}. A quote is of more than 0 and less than 1,000,000,000."""


class NoLines(Invalid):
    """The quote has no lines yet. Add what is sold, and save."""


@dataclass(frozen=True)
class NewLine:
    """A line as somebody typed it; a missing discount is none."""

    text: str
    quantity: str
    unit_price: str
    discount: str = ""
    product_id: UUID | None = None


@dataclass(frozen=True)
class Line:
    """A line of a quote."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    discount_pct: Decimal = Decimal(0)
    product_id: UUID | None = None


@dataclass(frozen=True)
class Totals:
    """What the lines of a quote come to."""

    gross: Decimal
    discount: Decimal
    total: Decimal


def read(typed: Sequence[NewLine], currency: str) -> list[Line]:
    """The lines somebody typed, exactly.

    Raises:
        Invalid: one cannot be used, or all together; the message names it.
    """
    if not typed:
        raise NoLines
    if len(typed) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    lines = [_read(one, number, currency) for number, one in enumerate(typed, 1)]
    total = totals(lines, currency).total
    if not 0 < total < money.MOST + 1:
        raise TotalUnusable(total=f"{total:,}")
    return lines


def _read(typed: NewLine, number: int, currency: str) -> Line:
    try:
        return Line(
            text=fields.line(typed.text, name="What is sold", most=300),
            quantity=_quantity(typed.quantity),
            unit_price=money.amount(typed.unit_price, currency),
            discount_pct=money.percent(typed.discount) if typed.discount.strip() else Decimal(0),
            product_id=typed.product_id,
        )
    except Invalid as refusal:
        raise LineUnusable(line=number, why=refusal.message) from None


def _quantity(typed: str) -> Decimal:
    """A number above 0 with three decimals at most, as an amount of rials is."""
    try:
        return money.amount(typed, "OMR")
    except Invalid:
        raise Invalid("Enter a quantity above 0, with at most 3 decimals.") from None


def gross(line: Line, currency: str) -> Decimal:
    """What a line comes to before its discount."""
    return rounded(line.quantity * line.unit_price, currency)


def net(line: Line, currency: str) -> Decimal:
    """What a line comes to."""
    return rounded(line.quantity * line.unit_price * (_HUNDRED - line.discount_pct) / _HUNDRED, currency)


def totals(lines: Iterable[Line], currency: str) -> Totals:
    """What lines come to together: the sum of what each of them shows."""
    each = [(gross(line, currency), net(line, currency)) for line in lines]
    before, after = (sum((pair[at] for pair in each), rounded(Decimal(0), currency)) for at in (0, 1))
    return Totals(gross=before, discount=before - after, total=after)


def rounded(value: Decimal, currency: str) -> Decimal:
    """A value with its currency's decimals; half a unit goes up."""
    return value.quantize(Decimal(1).scaleb(-money.decimals_of(currency)), rounding=ROUND_HALF_UP)
