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
from core.training.my_modules import Where
from core.training.team import Asked, Days, Modules, days_of, learners, modules_asked, required_of


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
    days, modules = days_of(session), modules_asked(session, asked)
    must = required_of(asked, modules)
    if not must:
        return Figures(0, 0, 0, 0, 0)
    sums = [_sums(asked, role, ids, modules, days) for role, ids in must.items()]
    rows = session.execute(union_all(*sums)).all()
    return Figures(
        learners=sum(row.learners for row in rows),
        valid=sum(row.valid for row in rows),
        expiring=sum(row.expiring for row in rows),
        expired=sum(row.expired for row in rows),
        missing=sum(row.learners * len(must[row.role]) - row.required for row in rows),
    )


def _sums(asked: Asked, role: str, must: list[UUID], modules: Modules, days: Days) -> Any:
    """How many learners of a role there are, and how many of their certifications stand where."""
    per = learners(asked, role).subquery()
    owner = Certification.employee_id if role == EMPLOYEE else Certification.partner_contact_id
    one = func.count(Certification.expires_at)
    shown = [row.id for row in modules.shown]
    states = {where: one.filter(days.within(where)) for where in (Where.VALID, Where.EXPIRING, Where.EXPIRED)}
    return (
        select(
            literal(role).label("role"),
            select(func.count()).select_from(learners(asked, role).subquery()).scalar_subquery().label("learners"),
            *(count.label(str(where)) for where, count in states.items()),
            one.filter(modules.among(must)).label("required"),
        )
        .select_from(per)
        .outerjoin(Certification, and_(owner == per.c.id, Certification.is_current, modules.among(shown)))
    )


def by_module(session: Session) -> dict[UUID, tuple[int, int]]:
    """How many enabled learners are certified in each module, and how many of them only for a while yet.

    All are counted in one index, and those of whoever was disabled are taken away.
    """
    days, end, one = days_of(session), Certification.expires_at, func.count(Certification.expires_at)
    told = (Certification.module_id, one.filter(end > days.at), one.filter(days.within(Where.EXPIRING)))
    all_of_them = select(*told).where(Certification.is_current).group_by(told[0])
    found = {row[0]: (row[1], row[2]) for row in session.execute(all_of_them)}
    owners: dict[Any, Any] = {Contact: Certification.partner_contact_id, Staff: Certification.employee_id}
    for model, owner in owners.items():
        theirs = (
            select(*told).select_from(model).outerjoin(Certification, (owner == model.id) & Certification.is_current)
        )
        gone = theirs.where(model.disabled_at.is_not(None)).group_by(told[0])
        for module_id, certified, expiring in session.execute(gone):
            before = found.get(module_id, (0, 0))
            found[module_id] = (before[0] - certified, before[1] - expiring)
    return found
