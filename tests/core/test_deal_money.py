"""Amounts and rates as people type them, and numbers without gaps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import transaction
from core.deals.money import AmountUnusable, CurrencyUnknown, PercentUnusable, TooManyDecimals, amount, percent
from core.deals.numbering import Series, reference, take
from core.errors import Invalid
from core.i18n import refusal

RANGE = "Enter an amount from 0.001 to 999,999,999.999."


def answered(read, *typed):
    """What was read, or the refusal."""
    try:
        return read(*typed)
    except Invalid as refused:
        return refused


class TestAmount:
    @pytest.mark.parametrize(
        ("typed", "read"),
        (
            ("1200", "1200"),
            (" 1,200.5 ", "1200.5"),
            ("1,234,567.891", "1234567.891"),
            ("١٢٣٤", "1234"),
            ("١٬٢٣٤٫٥", "1234.5"),
            ("\u200f۱۲۳٫۴۵۶\u200e", "123.456"),
            ("0.001", "0.001"),
            ("999999999.999", "999999999.999"),
            ("007", "7"),
        ),
    )
    def test_is_read_exactly(self, typed, read):
        assert amount(typed, "OMR") == Decimal(read)
        assert amount(typed, "OMR").as_tuple().exponent == -3

    @pytest.mark.parametrize(
        "typed",
        (
            "", " ", "-5", "+5", "0", "0.000", "1e309", "1e3", "NaN", "inf", "-inf", "1.234,50", "1,50", "12,34",
            "0,123", "1,2345", "1 234", "5 OMR", "1_000", "0x10", ".5", "5.", "٫٥", "1٬23", "1000000000", "²", "½",
            "१२", "9" * 5_000, "1;DROP TABLE quote", "\ud800",
        ),
    )  # fmt: skip
    def test_is_refused_in_one_sentence(self, typed):
        with pytest.raises(AmountUnusable) as refused:
            amount(typed, "OMR")
        assert refused.value.message == RANGE

    def test_takes_the_decimals_of_its_currency(self):
        for currency, typed, says in (
            ("OMR", "1.2345", "OMR takes 3 decimals."),
            ("USD", "1.234", "USD takes 2 decimals."),
        ):
            with pytest.raises(TooManyDecimals) as refused:
                amount(typed, currency)
            assert refused.value.message == says
        assert str(amount("5", "USD")) == "5.00"
        assert str(amount("5", "JPY")) == "5"
        with pytest.raises(AmountUnusable, match=r"from 0\.01 to 999,999,999\.99"):
            amount("0", "USD")

    @pytest.mark.parametrize("currency", ("", "XXY", "omr", "OMR ", "<b>"))
    def test_needs_a_currency(self, currency):
        with pytest.raises(CurrencyUnknown):
            amount("5", currency)

    @given(st.decimals(min_value=Decimal("0.001"), max_value=Decimal("999999999.999"), places=3))
    def test_what_is_shown_is_read_back(self, value):
        assert amount(f"{value:,}", "OMR") == value
        assert amount(f"{value:,}".translate(str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")), "OMR") == value

    @given(st.text(max_size=30))
    def test_whatever_is_typed_is_read_or_refused(self, typed):
        read = answered(amount, typed, "OMR")
        if isinstance(read, Decimal):
            assert 0 < read < 1_000_000_000
        else:
            assert read.message in (RANGE, "OMR takes 3 decimals.")
            assert "{" not in refusal(read, "ar")


class TestPercent:
    @pytest.mark.parametrize(
        ("typed", "read"),
        (
            ("10", "10"),
            ("10%", "10"),
            ("10 %", "10"),
            ("٧٫٥٪", "7.5"),
            ("0", "0"),
            ("100", "100"),
            ("12.375", "12.375"),
        ),
    )
    def test_is_read_exactly(self, typed, read):
        assert percent(typed) == Decimal(read)

    @pytest.mark.parametrize("typed", ("", "-1", "101", "100.001", "1.2345", "%", "%10", "ten", "1e1", "NaN", "10%%"))
    def test_is_refused_in_one_sentence(self, typed):
        with pytest.raises(PercentUnusable) as refused:
            percent(typed)
        assert "0–100" in refused.value.message

    @given(st.text(max_size=12))
    def test_whatever_is_typed_is_read_or_refused(self, typed):
        read = answered(percent, typed)
        assert isinstance(read, PercentUnusable) or 0 <= read <= 100


class TestNumbers:
    def test_follow_each_other_in_each_series_and_company(self, aisha, outsider):
        def taken(by, series):
            with transaction(by) as session:
                return take(session, series, by=by)

        assert [taken(aisha, Series.INTENT) for _ in range(3)] == [1, 2, 3]
        assert taken(aisha, Series.QUOTE) == taken(outsider, Series.INTENT) == 1

    def test_of_an_act_that_was_not_kept_come_back(self, aisha):
        with pytest.raises(ZeroDivisionError), transaction(aisha) as session:
            take(session, Series.INVOICE, by=aisha)
            raise ZeroDivisionError
        with transaction(aisha) as session:
            assert take(session, Series.INVOICE, by=aisha) == 1

    def test_are_quoted_so(self):
        said = [reference(series, number) for series, number in zip(Series, (42, 17, 1, 3), strict=True)]
        assert said == ["DI-0042", "Q-00017", "INV-00001", "QS-0003"]
        assert reference(Series.INTENT, 123_456) == "DI-123456"
