"""What the page about certificates is asked for: the filters that its address carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin_app.intents.asked import uuid_of
from core.training.audience import EMPLOYEE
from core.training.my_modules import Where
from core.training.team import LEARNERS
from core.training.team_figures import Group

ROLES = (*LEARNERS, EMPLOYEE)


@dataclass(frozen=True)
class Asked:
    """The filters; what an address says wrongly counts as not said. ``group``: what the picture tells apart."""

    partner_id: UUID | None
    role: str | None
    module_id: UUID | None
    standing: Where | None
    text: str
    group: Group

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.partner_id or self.role or self.module_id or self.standing or self.text)

    @property
    def picture(self) -> dict[str, Any]:
        """Whom the picture is about, as ``core.training.team_queries`` is told."""
        return {"partner_id": self.partner_id, "role": self.role, "module_id": self.module_id}

    @property
    def filters(self) -> dict[str, Any]:
        """Whom the table is about."""
        return self.picture | {"standing": self.standing, "text": self.text}

    @property
    def params(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {
            "partner": self.partner_id, "role": self.role, "module": self.module_id, "standing": self.standing,
            "text": self.text,
        }  # fmt: skip
        return {name: str(value) for name, value in said.items() if value}


def asked(params: Mapping[str, str]) -> Asked:
    """Read an address."""
    role, standing, group = (params.get(name, "") for name in ("role", "standing", "by"))
    return Asked(
        partner_id=uuid_of(params.get("partner", "")),
        role=role if role in ROLES else None,
        module_id=uuid_of(params.get("module", "")),
        standing=Where(standing) if standing in set(Where) else None,
        text=params.get("text", "")[:100],
        group=Group(group) if group in set(Group) else Group.MODULE,
    )
