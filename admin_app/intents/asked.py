"""What the review queue is asked for: the filters and the order that its address carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.deals.listing import INTENTS
from core.deals.queries import Sort
from core.deals.states import QuoteStatus

SORTS = {
    "": "Waiting longest",
    "-submitted": "Newest first",
    "-amount": "Largest first",
    "amount": "Smallest first",
    "closing": "Closes soonest",
    "-closing": "Closes last",
    "customer": "Customer A–Z",
    "-customer": "Customer Z–A",
    "number": "Reference up",
    "-number": "Reference down",
}
"""How each order is called; a minus before a word means: from the end."""


@dataclass(frozen=True)
class Asked:
    """The filters of the queue; what an address says wrongly counts as not said. ``sort``: a key of ``SORTS``."""

    status: QuoteStatus
    partner_id: UUID | None
    text: str
    sort: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the status leaves deals out."""
        return bool(self.partner_id or self.text)

    @property
    def order(self) -> tuple[Sort, bool]:
        """What it is sorted by, and whether it begins at the end."""
        word = self.sort or "submitted"
        return Sort(word.removeprefix("-")), word.startswith("-")

    @property
    def filters(self) -> dict[str, Any]:
        """The same as ``core.deals.queries.review_queue`` is told."""
        sort, descending = self.order
        return {
            "status": self.status, "partner_id": self.partner_id, "text": self.text, "sort": sort,
            "descending": descending,
        }  # fmt: skip

    @property
    def params(self) -> dict[str, str]:
        """The same as an address says it."""
        status = "" if self.status is QuoteStatus.PENDING else self.status.value
        said = {"status": status, "partner": str(self.partner_id or ""), "text": self.text, "sort": self.sort}
        return {name: value for name, value in said.items() if value}


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    status, sort = params.get("status", ""), params.get("sort", "")
    return Asked(
        status=QuoteStatus(status) if status in INTENTS else QuoteStatus.PENDING,
        partner_id=uuid_of(params.get("partner", "")),
        text=params.get("text", "")[:100],
        sort=sort if sort in SORTS else "",
    )


def uuid_of(text: str) -> UUID | None:
    """An id that an address carries; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def turned(now: str, pressed: str) -> str:
    """The order after a heading was pressed: its own, or the other way round when it was in force already."""
    current = now or "submitted"
    wanted = f"-{pressed}" if current == pressed else pressed
    return "" if wanted == "submitted" else wanted
