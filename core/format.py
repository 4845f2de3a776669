"""Values as people read them; pure text."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

_CODE_BEFORE_FIGURE = re.compile(r"(?<=[A-Z])(?=\d)")
"""Where a currency's code touches its figure: CLDR puts a no-break space there, which Babel leaves out."""


def day(value: date | datetime, *, zone: str = "Asia/Muscat", language: str = "en", year: bool = False) -> str:
    """A day: "3 Nov", or "3 Nov 2026" with its year."""
    local = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return _date(local, "d MMM y" if year else "d MMM", language)


@lru_cache(maxsize=2_000)
def _date(value: date, pattern: str, language: str) -> str:
    """A board of thousands of cards shows the same few days again and again."""
    return format_date(value, pattern, locale=language)


def instant(value: datetime, *, zone: str = "Asia/Muscat", language: str = "en") -> str:
    """A full instant: "3 Nov 2026, 14:32"."""
    comma = "،" if language == "ar" else ","
    return format_datetime(value, f"d MMM y{comma} HH:mm", tzinfo=ZoneInfo(zone), locale=language)


def clock_time(value: datetime, *, zone: str = "Asia/Muscat") -> str:
    """The time of day: "14:32"."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def age(span: timedelta) -> str:
    """How long, in one unit: "4 d", "3 h", "5 min"."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"


def days(count: int, *, language: str = "en") -> str:
    """So many days: "12 days"."""
    return format_timedelta(timedelta(days=count), granularity="day", threshold=100_000, locale=language)


def ago(value: datetime, now: datetime) -> str:
    """How long ago: "4 d ago", "just now"."""
    text = age(now.astimezone(UTC) - value)
    return "just now" if text == "now" else f"{text} ago"


def duration(milliseconds: float) -> str:
    """A reading time: "42 s", "3 min 20 s", "1 h 5 min"."""
    seconds = round(milliseconds / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def number(value: int | Decimal, *, language: str = "en") -> str:
    """A number with its separators, of a fraction three digits at most."""
    return format_decimal(value, locale=language)


def percent(share: float | Decimal, *, language: str = "en") -> str:
    """A share of one as a percentage: 0.42 → "42%"."""
    return format_percent(share, locale=language)


def rate(value: Decimal, *, language: str = "en") -> str:
    """A rate in per cent: 12.5 → "12.5%"."""
    return format_decimal(value, format="#,##0.###", locale=language) + "%"


def money(amount: Decimal, currency: str, *, language: str = "en") -> str:
    """An amount with its currency and that currency's own decimals: "OMR 18.500", "$18.50"."""
    text = format_currency(amount, currency, locale=language)
    return _CODE_BEFORE_FIGURE.sub("\u00a0", text)


def size(count: int) -> str:
    """A file's size: "1.4 MB"."""
    if count < 1_000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def initials(name: str) -> str:
    """The first letters of the first and last words of a name."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
