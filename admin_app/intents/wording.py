"""Words for deals under review: how their clock stands, what they collide with, what was decided."""

from datetime import datetime, timedelta
from decimal import Decimal

from core import format as say
from core.deals.lookalikes import CollisionKind
from core.deals.queries import DealRow
from core.deals.states import REVIEW_WITHIN, QuoteStatus, Verdict

SOON = timedelta(hours=12)
"""How long before its time a decision is called for."""
TARGET = f"{int(REVIEW_WITHIN.total_seconds()) // 3600} h"
KINDS = {
    CollisionKind.PROTECTED: "protected deal",
    CollisionKind.INTENT: "deal in review",
    CollisionKind.QUOTE: "open quote",
    CollisionKind.DIRECT: "our own deal",
}
VERDICTS = {Verdict.APPROVED: "Approved", Verdict.REJECTED: "Rejected", Verdict.RETURNED: "Returned"}
COLOURS = {
    QuoteStatus.PENDING: "blue", QuoteStatus.RETURNED: "orange", QuoteStatus.REJECTED: "red",
    QuoteStatus.WITHDRAWN: "gray", QuoteStatus.DRAFT: "blue", QuoteStatus.SENT: "blue", QuoteStatus.ACCEPTED: "green",
    QuoteStatus.DECLINED: "gray", QuoteStatus.EXPIRED: "orange", QuoteStatus.INVOICED: "green",
}  # fmt: skip


def clock(row: DealRow, at: datetime) -> str:
    """How long is left of the time for a decision, or by how much it is over; when it was decided."""
    if row.status is not QuoteStatus.PENDING:
        return say.ago(row.decided_at, at) if row.decided_at else "–"
    left = row.due_at - at
    return f"{say.age(left)} left" if left > timedelta(0) else f"{span(-left)} late"


def span(length: timedelta) -> str:
    """A length in hours up to three days, then in days."""
    hours = int(length.total_seconds()) // 3600
    return f"{hours} h" if hours < 72 else f"{hours // 24} d"


def tone(row: DealRow, at: datetime) -> str:
    """How urgent a decision is."""
    if row.status is not QuoteStatus.PENDING:
        return ""
    left = row.due_at - at
    return "stop" if left <= timedelta(0) else "attention" if left <= SOON else ""


def many(count: int, noun: str) -> str:
    """A number of things, as "1 deal", "2 deals"."""
    return f"{say.number(count)} {noun}{'s' * (count != 1)}"


def rate(pct: Decimal) -> str:
    """A commission in percent: "12.5%"."""
    return f"{pct.normalize():f}%"
