"""Where a deal stands, in the partner's words: a mark with its tone, and the review's clock."""

from datetime import datetime, timedelta

from core.clock import now
from core.deals.own_queries import MyDealRow
from core.deals.states import QuoteStatus, SaleStatus
from portal_app.deals.page import Page

HOUR = timedelta(hours=1)
TONES = {
    QuoteStatus.PENDING: "news",
    QuoteStatus.RETURNED: "attention",
    QuoteStatus.REJECTED: "stop",
    QuoteStatus.DRAFT: "good",
    QuoteStatus.SENT: "good",
    QuoteStatus.ACCEPTED: "good",
    QuoteStatus.DECLINED: "stop",
    QuoteStatus.EXPIRED: "attention",
    QuoteStatus.INVOICED: "good",
}
SALE_TONES = {SaleStatus.INVOICED: "news", SaleStatus.PAID: "good", SaleStatus.REFUNDED: "stop"}


def mark(page: Page, row: MyDealRow) -> tuple[str, str]:
    """The word for where a deal stands, and its tone; of an invoiced one, where the invoice stands."""
    if row.sale_status is not None:
        return page.word(f"sale.status.{row.sale_status}"), SALE_TONES.get(row.sale_status, "")
    return page.word(f"deal.status.{row.status}"), TONES.get(row.status, "")


def target(row: MyDealRow) -> int:
    """Within how many hours a review is promised."""
    return round((row.due_at - row.submitted_at) / HOUR)


def hours(row: MyDealRow, at: datetime) -> int:
    """How many whole hours a review has taken."""
    return max(0, int((at - row.submitted_at) / HOUR))


def clock(page: Page, row: MyDealRow) -> str:
    """The review's clock in few words: "12 h of 48 h"; nothing where no review runs."""
    if row.status is not QuoteStatus.PENDING:
        return ""
    taken = hours(row, now())
    key = "late" if now() >= row.due_at else "run" if taken else "soon"
    return page.word(f"deal.clock.{key}", hours=taken, target=target(row))


def promise(page: Page, row: MyDealRow) -> str:
    """The same as a sentence that says until when an answer comes."""
    taken = hours(row, now())
    key = "overdue" if now() >= row.due_at else "review" if taken else "fresh"
    return page.word(f"deal.clock.{key}", hours=taken, target=target(row), until=page.instant(row.due_at))
