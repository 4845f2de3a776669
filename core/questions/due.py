"""By when a question should be answered: two working days on, Sunday to Thursday. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_DAYS = 2
_FREE = (4, 5)
"""Friday and Saturday."""
_OPENS = time(8)


def due(asked_at: datetime, *, zone: str, days: int = WORKING_DAYS) -> datetime:
    """So many working days after an instant, at the same hour where the company is.

    What is asked on a free day counts as asked when the next working day begins.
    """
    local = asked_at.astimezone(ZoneInfo(zone))
    if local.weekday() in _FREE:
        while local.weekday() in _FREE:
            local = datetime.combine(local.date() + timedelta(days=1), _OPENS, local.tzinfo)
    for _ in range(days):
        local = datetime.combine(local.date() + timedelta(days=1), local.time(), local.tzinfo)
        while local.weekday() in _FREE:
            local = datetime.combine(local.date() + timedelta(days=1), local.time(), local.tzinfo)
    return local.astimezone(asked_at.tzinfo)
