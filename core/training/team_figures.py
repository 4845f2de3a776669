"""How many learners there are, and how many of their modules stand where, summed by the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.companies.models import Staff
from core.contacts.models import Contact
from core.training.audience import EMPLOYEE
from core.training.learning_models import Certification
from core.training.models import TrainingModule
from core.training.my_modules import Where
from core.training.team import Asked, Days, days_of, learners, modules_offered, required_of


@dataclass(frozen=True)
class Figures:
    """How many learners there are, and how many of their modules stand where."""

    learners: int
    valid: int
    expiring: int
    expired: int
    missing: int

    @property
    def certified(self) -> int:
        """How many certifications count."""
        return self.valid + self.expiring


def figures_of(session: Session, asked: Asked) -> Figures:
    """The sums of what is looked for."""
    days, must = days_of(session), required_of(asked, modules_offered(session, asked.module_id))
    parts = [_sums(asked, role, ids, days) for role, ids in must.items()]
    if not parts:
        return Figures(0, 0, 0, 0, 0)
    rows = session.execute(union_all(*parts)).all()
    return Figures(
        learners=sum(row.learners for row in rows),
        valid=sum(row.valid for row in rows),
        expiring=sum(row.expiring for row in rows),
        expired=sum(row.expired for row in rows),
        missing=sum(row.learners * len(must[row.role]) - row.required for row in rows),
    )


def _sums(asked: Asked, role: str, must: list[UUID], days: Days) -> Any:
    """How many learners of a role there are, and how many of their certifications stand where."""
    offered = select(TrainingModule.id).where(
        TrainingModule.published_at.is_not(None), TrainingModule.withdrawn_at.is_(None)
    )
    per = learners(asked, role).subquery()
    owner = Certification.employee_id if role == EMPLOYEE else Certification.partner_contact_id
    only = [Certification.module_id == asked.module_id] if asked.module_id else [Certification.module_id.in_(offered)]
    end, one = Certification.expires_at, func.count(Certification.id)
    states = {where: one.filter(days.within(where)) for where in (Where.VALID, Where.EXPIRING, Where.EXPIRED)}
    held = one.filter(Certification.module_id.in_(must), end.is_not(None))
    return (
        select(
            literal(role).label("role"),
            func.count(per.c.id.distinct()).label("learners"),
            *(count.label(str(where)) for where, count in states.items()),
            held.label("required"),
        )
        .select_from(per)
        .outerjoin(Certification, and_(owner == per.c.id, Certification.is_current, *only))
    )


def by_module(session: Session) -> dict[UUID, tuple[int, int]]:
    """How many enabled learners are certified in each module, and how many of them only for a while yet."""
    days, found = days_of(session), dict[UUID, tuple[int, int]]()
    end, one = Certification.expires_at, func.count(Certification.id)
    owners: dict[Any, Any] = {Contact: Certification.partner_contact_id, Staff: Certification.employee_id}
    for model, owner in owners.items():
        told = (Certification.module_id, one, one.filter(end <= days.expiring_until))
        there = select(*told).select_from(model).join(Certification, (owner == model.id) & Certification.is_current)
        counted = there.where(model.disabled_at.is_(None), end > days.at).group_by(Certification.module_id)
        for module_id, certified, expiring in session.execute(counted):
            known = found.get(module_id, (0, 0))
            found[module_id] = (known[0] + certified, known[1] + expiring)
    return found
