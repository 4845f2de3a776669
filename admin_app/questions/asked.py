"""What the inbox is asked for: the filters that its address carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin_app.intents.asked import uuid_of
from core.questions.models import QuestionState
from core.questions.queries import NOBODY

LATE, ALL, MINE = "late", "all", "me"
SHOWN = {
    "": "Waiting", LATE: "Past its time", QuestionState.ANSWERED.value: "Answered",
    QuestionState.CLOSED.value: "Closed", ALL: "All",
}  # fmt: skip
"""What may be shown, and how it is called; nothing said means what waits."""


@dataclass(frozen=True)
class Asked:
    """The filters of the inbox; what an address says wrongly is not said. ``whose``: an id, ``me``, ``nobody``."""

    shown: str
    whose: str
    partner_id: UUID | None
    text: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but what is shown leaves questions out."""
        return bool(self.whose or self.partner_id or self.text)

    def filters(self, me: UUID | None) -> dict[str, Any]:
        """The same as ``core.questions.queries.inbox`` is told."""
        states = {"": QuestionState.OPEN, LATE: QuestionState.OPEN, ALL: None}
        whose = me if self.whose == MINE else NOBODY if self.whose == NOBODY else uuid_of(self.whose)
        return {
            "state": states[self.shown] if self.shown in states else QuestionState(self.shown),
            "overdue": self.shown == LATE, "assigned": whose, "partner_id": self.partner_id, "text": self.text,
        }  # fmt: skip


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    shown, whose = params.get("state", ""), params.get("whose", "")
    return Asked(
        shown=shown if shown in SHOWN else "",
        whose=whose if whose in (MINE, NOBODY) or uuid_of(whose) else "",
        partner_id=uuid_of(params.get("partner", "")),
        text=params.get("text", "")[:100],
    )
