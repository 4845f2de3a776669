"""Amounts and rates as people type them, read exactly or refused."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision, is_currency

from core.errors import Invalid

MOST = 999_999_999
"""The greatest whole amount of a deal, whatever its currency."""
DECIMALS = 3
"""How many decimals are kept at most."""
_GROUPED = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?\s*%?", re.ASCII)
_MARKS = "\u200e\u200f\u061c"
"""What editors put around Arabic figures, and nobody sees."""
_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪", "01234567890123456789.,%", _MARKS)


class AmountUnusable(Invalid):
    """Enter an amount from {least} to {most}."""


class TooManyDecimals(Invalid):
    """{currency} takes {decimals} decimals."""


class CurrencyUnknown(Invalid):
    """Choose a currency from the list."""


class PercentUnusable(Invalid):
    """Enter a percentage of 0–100, with at most 3 decimals."""


def decimals_of(currency: str) -> int:
    """How many decimals a currency takes: OMR 3, USD 2.

    Raises:
        CurrencyUnknown: it is no currency.
    """
    if not is_currency(currency):
        raise CurrencyUnknown
    return min(get_currency_precision(currency), DECIMALS)


def amount(text: str, currency: str) -> Decimal:
    """An amount above 0, such as "1,234.5" or "١٬٢٣٤٫٥", with exactly the decimals of its currency.

    Raises:
        CurrencyUnknown: it is no currency.
        TooManyDecimals: more decimals than the currency takes.
        AmountUnusable: it is no amount, or too small or too great.
    """
    decimals = decimals_of(currency)
    step = Decimal(1).scaleb(-decimals)
    refusal = AmountUnusable(least=f"{step:f}", most=f"{MOST + 1 - step:,}")
    found = _GROUPED.fullmatch(text.translate(_LATIN).strip())
    if found is None:
        raise refusal
    whole, part = found[1].replace(",", ""), found[2] or ""
    if len(part) > decimals:
        raise TooManyDecimals(currency=currency, decimals=decimals)
    value = Decimal(f"{whole}.{part or 0}")
    if not 0 < value < MOST + 1:
        raise refusal
    return value.quantize(step)


def percent(text: str) -> Decimal:
    """A rate of 0 to 100 per cent, such as "10", "10%" or "٧٫٥".

    Raises:
        PercentUnusable: it is none.
    """
    found = _PERCENT.fullmatch(text.translate(_LATIN).strip())
    if found is None or (value := Decimal(f"{found[1]}.{found[2] or 0}")) > 100:
        raise PercentUnusable
    return value.quantize(Decimal("0.001")).normalize() + 0
