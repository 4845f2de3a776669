"""The review queue and the deals as files, by the filters of their pages."""

from collections.abc import Mapping
from typing import Any

from admin_app.deals.asked import asked as asked_of_deals
from admin_app.intents.asked import asked
from core.db import Reads
from core.deals import queries
from core.deals.listing import MOST_ROWS as PAGE_ROWS
from core.export import MOST_ROWS, Cell, Sheet
from core.i18n import t

HEADER = (
    "Deal", "Status", "Customer", "Partner", "Contact", "Product", "Territory", "Amount", "Currency", "Closes",
    "Submitted (UTC)", "Due (UTC)", "Decided (UTC)", "Decided by", "Note",
)  # fmt: skip


def intents_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The deals of the queue by ``status``, ``partner`` and ``text``, in the order of ``sort``."""
    filters: dict[str, Any] = asked(params).filters
    rows: list[tuple[Cell, ...]] = []
    for page in range(1, MOST_ROWS // PAGE_ROWS + 1):
        found = queries.review_queue(session, **filters, page=page, size=PAGE_ROWS).rows
        rows += [_line(row) for row in found]
        if len(found) < PAGE_ROWS:
            break
    return Sheet("Deal intents", HEADER, rows)


SOLD_HEADER = (*HEADER[:2], "Quote", *HEADER[2:11], "Commission (%)", "Invoice", "Paid or not", "Due")


def deals_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The deals that are sold by ``status``, ``partner`` and ``text``, in the order of ``sort``."""
    filters: dict[str, Any] = asked_of_deals(params).filters
    rows: list[tuple[Cell, ...]] = []
    for page in range(1, MOST_ROWS // PAGE_ROWS + 1):
        found = queries.deals(session, **filters, page=page, size=PAGE_ROWS).rows
        rows += [_sold_line(one) for one in found]
        if len(found) < PAGE_ROWS:
            break
    return Sheet("Deals", SOLD_HEADER, rows)


def _sold_line(one: queries.SoldDeal) -> tuple[Cell, ...]:
    row, paid = one.row, t(f"sale.status.{one.sale_status}") if one.sale_status else ""
    line = _line(row)
    return (*line[:2], row.quote_reference, *line[2:11], row.commission_pct, one.invoice_number, paid, one.due_on)


def _line(row: queries.DealRow) -> tuple[Cell, ...]:
    return (
        row.reference, t(f"deal.status.{row.status}"), row.customer, row.partner, row.contact, row.product,
        row.territory, row.amount, row.currency, row.close_on, row.submitted_at, row.due_at, row.decided_at,
        row.decided_by, row.note,
    )  # fmt: skip
