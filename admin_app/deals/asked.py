"""What the list of deals is asked for: the filters and the order that its address carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin_app.intents.asked import SORTS as QUEUE_SORTS
from admin_app.intents.asked import uuid_of
from core.deals.queries import Sort
from core.deals.states import QuoteStatus

SORTS = {"": "Newest first", "submitted": "Oldest first"} | {
    word: name for word, name in QUEUE_SORTS.items() if word.removeprefix("-") not in ("", "submitted")
}
"""How each order is called; a minus before a word means: from the end."""
STATUSES = (
    QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.ACCEPTED, QuoteStatus.INVOICED, QuoteStatus.DECLINED,
    QuoteStatus.EXPIRED,
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The filters of the list; what an address says wrongly counts as not said. ``status`` None: every one."""

    status: QuoteStatus | None
    partner_id: UUID | None
    text: str
    sort: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.partner_id or self.text)

    @property
    def order(self) -> tuple[Sort, bool]:
        """What it is sorted by, and whether it begins at the end."""
        word = self.sort or "-submitted"
        return Sort(word.removeprefix("-")), word.startswith("-")

    @property
    def filters(self) -> dict[str, Any]:
        """The same as ``core.deals.queries.deals`` is told."""
        sort, descending = self.order
        return {
            "status": self.status, "partner_id": self.partner_id, "text": self.text, "sort": sort,
            "descending": descending,
        }  # fmt: skip

    @property
    def params(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {
            "status": self.status or "", "partner": str(self.partner_id or ""), "text": self.text, "sort": self.sort,
        }  # fmt: skip
        return {name: str(value) for name, value in said.items() if value}


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    status, sort = params.get("status", ""), params.get("sort", "")
    return Asked(
        status=QuoteStatus(status) if status in STATUSES else None,
        partner_id=uuid_of(params.get("partner", "")),
        text=params.get("text", "")[:100],
        sort=sort if sort in SORTS else "",
    )


def turned(now: str, pressed: str) -> str:
    """The order after a heading was pressed: from the end when it was not in force from there."""
    wanted = pressed if (now or "-submitted") == f"-{pressed}" else f"-{pressed}"
    return "" if wanted == "-submitted" else wanted
