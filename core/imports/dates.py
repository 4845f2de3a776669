"""Days as tables write them. Pure."""

import re
from datetime import date, datetime

from core.errors import Invalid

_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y")
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


class DayUnreadable(Invalid):
    """{text} is no day. Write it as 2026-11-03 or 3 Nov 2026."""


def day(text: str, *, month_first: bool = False) -> date:
    """A day such as 2026-11-03, 3 Nov 2026, or 3/11/2026; in figures the day comes first unless ``month_first``.

    Raises:
        DayUnreadable: it is none.
    """
    try:
        if figures := _FIGURES.fullmatch(text):
            one, other, year = (int(part) for part in figures.groups())
            return date(year, one, other) if month_first else date(year, other, one)
        return date.fromisoformat(text[:10])
    except ValueError:
        return _named(text)


def _named(text: str) -> date:
    for form in _NAMED:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise DayUnreadable(text=f"“{text[:40]}”")
