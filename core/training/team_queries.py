"""Reading who is certified, for staff: the picture of it and a page of the people in one look."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.training.my_modules import Where
from core.training.team import Asked, TeamPage, TeamRow, modules_asked, team_page
from core.training.team_figures import Group, Standings, standings_of


@dataclass(frozen=True)
class Overview:
    """How many stand where, by what was asked for, and a page of who they are."""

    standings: Standings
    team: TeamPage


@permits(Act.READ_TRAINING)
def overview(
    session: Session,
    *,
    group: Group,
    partner_id: UUID | None = None,
    role: str | None = None,
    module_id: UUID | None = None,
    standing: Where | None = None,
    text: str = "",
    page: int = 1,
) -> Overview:
    """How many learners' modules stand where, by module, reseller or role, and a page of the learners.

    ``standing`` and ``text`` (in a name, address or partner) narrow the page alone.
    """
    asked = Asked(partner_id, role, module_id, standing, text)
    modules = modules_asked(session, asked)
    found = standings_of(session, Asked(partner_id, role, module_id), modules, group=group)
    return Overview(found, team_page(session, asked, page=page, modules=modules))


@permits(Act.READ_TRAINING)
def everybody(
    session: Session,
    *,
    partner_id: UUID | None = None,
    role: str | None = None,
    module_id: UUID | None = None,
    standing: Where | None = None,
    text: str = "",
    size: int,
) -> list[TeamRow]:
    """Everybody who is looked for, so many rows at most: what is taken out as a file."""
    asked = Asked(partner_id, role, module_id, standing, text)
    return list(team_page(session, asked, page=1, size=size).rows)
