"""What somebody has to learn now: what is required and not held, what ends soon, what has changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.clock import now
from core.companies.models import Company
from core.training.audience import is_for, is_required
from core.training.learning_models import Attempt, Certification
from core.training.models import QuizState, QuizVersion, TrainingModule
from core.training.my_modules import Where, where
from core.training.rows import whose
from core.training.studying import role_of
from core.training.validity import standing


@dataclass(frozen=True)
class Due:
    """A module that wants something done. ``days_left``: while a certificate counts; ``has_changed``: its holder is
    asked what changed; ``is_begun``: an attempt is open."""

    id: UUID
    name: str
    name_ar: str
    where: Where
    days_left: int
    valid_until: date | None
    has_changed: bool
    is_begun: bool


@permits(Act.LEARN)
def due(session: Session) -> list[Due]:
    """What whoever asks should take: what does not count first, then what ends first."""
    role, rows = role_of(actor_of(session)), session.execute(_offered(session)).all()
    mine = [row for row in rows if is_for(row.kind, row.required_roles, role)]
    found = [_due(row, is_required(row.required_roles, role)) for row in mine]
    order = {Where.EXPIRED: 0, Where.MISSING: 1, Where.EXPIRING: 2, Where.VALID: 3}
    return sorted(filter(None, found), key=lambda one: (order[one.where], one.days_left, one.name.casefold()))


def _offered(session: Session) -> Any:
    """Every module that is offered with what tells where whoever asks stands, in one statement."""
    by, passed = actor_of(session), QuizVersion.number.label("passed")
    published = (QuizVersion.module_id == TrainingModule.id, QuizVersion.state == QuizState.PUBLISHED)
    asked = select(func.max(QuizVersion.number)).where(*published, QuizVersion.asks_holders)
    begun = select(Attempt.id).where(
        Attempt.module_id == TrainingModule.id, Attempt.finished_at.is_(None), whose(Attempt, by)
    )
    told = (TrainingModule.id, TrainingModule.name, TrainingModule.name_ar, TrainingModule.kind)
    held = and_(Certification.module_id == TrainingModule.id, Certification.is_current, whose(Certification, by))
    facts = (
        Company.time_zone,
        asked.correlate(TrainingModule).scalar_subquery().label("asked"),
        begun.exists().label("begun"),
    )
    there = (TrainingModule.published_at.is_not(None), TrainingModule.withdrawn_at.is_(None))
    rows = select(*told, TrainingModule.required_roles, Certification, passed, *facts).select_from(TrainingModule)
    joined = (
        rows.join(Company, Company.id == TrainingModule.company_id)
        .outerjoin(Certification, held)
        .outerjoin(QuizVersion, QuizVersion.id == Certification.quiz_version_id)
    )
    return joined.where(*there)


def _due(row: Any, must: bool) -> Due | None:
    """A module as somebody finds it; None where there is nothing to do."""
    held = row.Certification
    stands = standing(held, now(), zone=row.time_zone) if held else None
    at = where(stands.state if stands else None)
    has_changed = bool(stands and stands.counts and (row.asked or 0) > row.passed)
    if (at is Where.VALID and not has_changed) or (at is Where.MISSING and not must):
        return None
    days, until = (stands.days, held.valid_until) if stands else (0, None)
    return Due(row.id, row.name, row.name_ar, at, days, until, has_changed, row.begun)
