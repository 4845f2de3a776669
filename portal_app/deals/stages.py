"""The way of a deal from registered to paid, and the place it has reached."""

from core.deals.own_queries import MyDeal
from core.deals.states import QuoteStatus, SaleStatus
from portal_app.deals.page import Page
from portal_app.widgets.steps import Place, Step

WAY = ("registered", "review", "approved", "quote", "order", "invoiced", "paid")
REACHED = {
    QuoteStatus.PENDING: "review",
    QuoteStatus.RETURNED: "review",
    QuoteStatus.REJECTED: "review",
    QuoteStatus.WITHDRAWN: "review",
    QuoteStatus.DRAFT: "quote",
    QuoteStatus.SENT: "order",
    QuoteStatus.ACCEPTED: "invoiced",
    QuoteStatus.DECLINED: "order",
    QuoteStatus.EXPIRED: "order",
    QuoteStatus.INVOICED: "paid",
}
"""The step a deal is at, by its status."""
OVER = (QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN, QuoteStatus.DECLINED, QuoteStatus.EXPIRED)
TAKEN_BACK = (SaleStatus.REFUNDED, SaleStatus.CANCELLED)


def way(page: Page, deal: MyDeal) -> list[Step]:
    """Every step in the page's words, with the day it was taken."""
    at, days = WAY.index(REACHED[deal.row.status]), _days(page, deal)
    return [_step(page, name, _place(deal, index, at), days.get(name, "")) for index, name in enumerate(WAY)]


def _place(deal: MyDeal, index: int, at: int) -> Place:
    is_paid = deal.sale is not None and deal.sale.status is SaleStatus.PAID
    if index < at or (index == at and is_paid):
        return Place.DONE
    if index > at:
        return Place.AHEAD
    is_over = deal.row.status in OVER or (deal.sale is not None and deal.sale.status in TAKEN_BACK)
    return Place.STOPPED if is_over else Place.HERE


def _step(page: Page, name: str, place: Place, note: str) -> Step:
    return Step(page.say(f"step.{name}"), place, page.say(f"step.{place}"), note)


def _days(page: Page, deal: MyDeal) -> dict[str, str]:
    row, sale = deal.row, deal.sale
    is_approved = WAY.index(REACHED[row.status]) > WAY.index("review")
    found = {
        "registered": row.submitted_at,
        "approved": row.decided_at if is_approved else None,
        "quote": deal.sent_at,
        "invoiced": sale.invoiced_at if sale else None,
        "paid": sale.paid_at if sale else None,
    }
    return {name: page.day(at) for name, at in found.items() if at}
