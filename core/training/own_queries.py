"""What a principal reads about its own company's training."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.training.my_modules import Where
from core.training.team import Asked, TeamPage, team_page
from core.training.team_figures import Figures, figures_of


@permits(Act.SEE_TEAM_TRAINING)
def team_training(
    session: Session,
    *,
    role: str | None = None,
    module_id: UUID | None = None,
    standing: Where | None = None,
    text: str = "",
    page: int = 1,
) -> TeamPage:
    """Who of one's own company stands where."""
    return team_page(session, Asked(_own(session), role, module_id, standing, text), page=page)


@permits(Act.SEE_TEAM_TRAINING)
def team_figures(session: Session) -> Figures:
    """How many of one's own company's modules stand where."""
    return figures_of(session, Asked(_own(session)))


def _own(session: Session) -> UUID:
    return actor_of(session).partner or UUID(int=0)
