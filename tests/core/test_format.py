"""Values as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import format as say

AT = datetime(2026, 11, 3, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "wanted"),
    (
        (say.day(AT), "4 Nov"),
        (say.day(date(2026, 11, 3), year=True), "3 Nov 2026"),
        (say.instant(AT), "4 Nov 2026, 01:30"),
        (say.instant(AT, language="ar"), "4 نوفمبر 2026، 01:30"),
        (say.clock_time(AT), "01:30"),
        (say.age(timedelta(days=4, hours=3)), "4 d"),
        (say.age(timedelta(hours=3)), "3 h"),
        (say.age(timedelta(minutes=5)), "5 min"),
        (say.age(timedelta(seconds=-5)), "now"),
        (say.ago(AT, AT + timedelta(days=2)), "2 d ago"),
        (say.ago(AT, AT), "just now"),
        (say.duration(42_400), "42 s"),
        (say.duration(200_000), "3 min 20 s"),
        (say.duration(120_000), "2 min"),
        (say.duration(3_900_000), "1 h 5 min"),
        (say.number(12_345), "12,345"),
        (say.percent(0.42), "42%"),
        (say.money(Decimal("1234.5"), "OMR"), "OMR\u00a01,234.500"),
        (say.money(Decimal("-18.5"), "OMR"), "-OMR\u00a018.500"),
        (say.money(Decimal("18.5"), "USD"), "$18.50"),
        (say.money(Decimal("18.5"), "OMR", language="ar"), "\u200f18.500\u00a0ر.ع.\u200f"),
        (say.size(999), "999 B"),
        (say.size(12_000), "12 kB"),
        (say.size(1_400_000), "1.4 MB"),
        (say.initials("Aisha bint Said Al Balushi"), "AB"),
        (say.initials("Usman"), "U"),
    ),
)
def test_is_said_so(shown: str, wanted: str) -> None:
    assert shown == wanted


def test_arabic_has_its_months() -> None:
    assert "نوفمبر" in say.day(AT, language="ar")
