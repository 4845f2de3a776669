"""The only clock of the product."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day it is now in a time zone such as ``Asia/Muscat``."""
    return now().astimezone(ZoneInfo(zone)).date()
