"""The review queue and the deals as files, by the filters of their pages."""

from collections.abc import Mapping
from typing import Any

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


def _line(row: queries.DealRow) -> tuple[Cell, ...]:
    return (
        row.reference, t(f"deal.status.{row.status}"), row.customer, row.partner, row.contact, row.product,
        row.territory, row.amount, row.currency, row.close_on, row.submitted_at, row.due_at, row.decided_at,
        row.decided_by, row.note,
    )  # fmt: skip
