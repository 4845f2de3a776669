"""What the calendar is asked for: partner, territory and span, as its address carries them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

SPANS = {
    "": ("A month back, four ahead", 30, 120),
    "past": ("The last twelve months", 365, 0),
    "year": ("The next twelve months", 0, 365),
}
"""By its word in the address: how a span is called, and how many days it goes back and ahead."""


@dataclass(frozen=True)
class Asked:
    """The filters; what an address says wrongly counts as not said."""

    partner: UUID | None
    territory: UUID | None
    span: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.partner or self.territory or self.span)

    def around(self, at: datetime) -> tuple[datetime, datetime]:
        """From when until when."""
        _, back, ahead = SPANS[self.span]
        return at - timedelta(days=back), at + timedelta(days=ahead)

    def filters(self, at: datetime) -> dict[str, Any]:
        """The same as the calendar's read is told."""
        start, end = self.around(at)
        return {"start": start, "end": end, "partner_id": self.partner, "territory_id": self.territory}


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    span = params.get("span", "")
    return Asked(_id(params.get("partner", "")), _id(params.get("territory", "")), span if span in SPANS else "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
