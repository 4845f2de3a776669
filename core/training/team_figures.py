"""How many learners there are, and how many of their modules stand where, summed by the database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from core.companies.models import Staff
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.partners.models import Partner
from core.training.audience import EMPLOYEE
from core.training.learning_models import Certification
from core.training.my_modules import Where
from core.training.team import Asked, Days, Modules, days_of, learners, modules_asked, required_of

SUMS = ("held", "counting", "valid", "required")
"""What is summed of certifications: all, those that count, those that count for long, those that are required."""


class Group(StrEnum):
    """What learners' modules are told apart by."""

    MODULE = "module"
    PARTNER = "partner"
    ROLE = "role"


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

    @property
    def every(self) -> int:
        """How many learners' modules there are."""
        return self.valid + self.expiring + self.expired + self.missing


@dataclass(frozen=True)
class Line:
    """One module, reseller or role. ``key``: its id, or the role; empty: the company's own staff among resellers.

    ``figures.learners``: those who must hold it, or all who belong to it.
    """

    key: str
    name: str
    name_ar: str
    figures: Figures


@dataclass(frozen=True)
class Standings:
    """The sums of what is looked for, and what they are made of.

    ``modules``, ``partners``: those that can be asked for, the names by their ids, whatever was asked for.
    """

    figures: Figures
    lines: tuple[Line, ...]
    modules: Mapping[UUID, str]
    partners: Mapping[UUID, str]


def figures_of(session: Session, asked: Asked) -> Figures:
    """How many learners there are, and how many of their modules stand where."""
    return _summed(session, asked, modules_asked(session, asked), {}, Group.ROLE)[0]


def standings_of(session: Session, asked: Asked, modules: Modules, *, group: Group) -> Standings:
    """The same with what it is made of, in the order of names."""
    partners = _resellers(session)
    figures, lines = _summed(session, asked, modules, partners, group)
    every = {one.id: one.name for one in modules.offered}
    return Standings(figures, tuple(lines), every, {key: name for key, (name, _) in partners.items()})


def _summed(
    session: Session, asked: Asked, modules: Modules, partners: Mapping[UUID, tuple[str, str]], group: Group
) -> tuple[Figures, list[Line]]:
    """The sums of what is looked for, and the lines they are made of."""
    days, must = days_of(session), required_of(asked, modules)
    if not must:
        return _NONE, []
    people = _people(session, asked, must)
    held = _held(session, asked, must, modules, days, group)
    needed, there = Counter[str](), Counter[str]()
    for role, partner_id, count in people:
        keys = [str(one) for one in must[role]] if group is Group.MODULE else [_key(group, role, partner_id)]
        for key in keys:
            there[key] += count
            needed[key] += count if group is Group.MODULE else count * len(must[role])
    found = {key: _figures(there[key], needed[key], held.get(key, {})) for key in {*there, *held}}
    named = _names(session, group, modules, partners)
    lines = [Line(key, *name, found[key]) for key, name in named.items() if key in found]
    states = [sum(values) for values in zip(*(_states(line.figures) for line in lines), strict=True)] or [0] * 4
    return Figures(sum(count for _, _, count in people), *states), lines


def _figures(learners: int, needed: int, held: Mapping[str, int]) -> Figures:
    every, counting, valid, required = (held.get(name, 0) for name in SUMS)
    return Figures(learners, valid, counting - valid, every - counting, needed - required)


def _people(session: Session, asked: Asked, must: Mapping[str, list[UUID]]) -> list[tuple[str, UUID | None, int]]:
    """How many learners of each role there are at each reseller, and of the company's own staff."""
    parts = []
    for role in must:
        each = learners(asked, role).subquery()
        parts.append(select(each.c.role, each.c.partner_id, func.count()).group_by(each.c.role, each.c.partner_id))
    return [(row[0], row[1], row[2]) for row in session.execute(union_all(*parts))]


def _held(
    session: Session, asked: Asked, must: Mapping[str, list[UUID]], modules: Modules, days: Days, group: Group
) -> dict[str, dict[str, int]]:
    """How many certifications stand where, and how many of them are required, by what they are told apart by."""
    parts = [_sums(asked, role, ids, modules, days, group) for role, ids in must.items()]
    found: dict[str, Counter[str]] = {}
    for row in session.execute(union_all(*parts)):
        sums = dict(zip(SUMS, row[2:], strict=True))
        if group is Group.MODULE and row.key not in must[row.role]:
            sums["required"] = 0
        found.setdefault(_key(group, row.role, row.key), Counter()).update(sums)
    return {key: dict(sums) for key, sums in found.items()}


def _sums(asked: Asked, role: str, must: list[UUID], modules: Modules, days: Days, group: Group) -> Any:
    """How many certifications of a role's learners stand where: each learner's are counted in one index."""
    per = learners(asked, role).subquery()
    owner = Certification.employee_id if role == EMPLOYEE else Certification.partner_contact_id
    end, one = Certification.expires_at, func.count(Certification.expires_at)
    sums = [one, one.filter(end > days.at), one.filter(end > days.expiring_until)]
    is_told_apart = group is Group.MODULE or set(must) == {row.id for row in modules.shown}
    required = one if is_told_apart else one.filter(modules.among(must))
    keys = {Group.MODULE: Certification.module_id, Group.PARTNER: per.c.partner_id, Group.ROLE: literal(role)}
    told: Any = select(literal(role).label("role"), keys[group].label("key"), *sums, required)
    shown = modules.among([row.id for row in modules.shown])
    told = told.select_from(per).outerjoin(Certification, (owner == per.c.id) & Certification.is_current & shown)
    return told if group is Group.ROLE else told.group_by(keys[group])


def _key(group: Group, role: str, key: UUID | str | None) -> str:
    return role if group is Group.ROLE else str(key or "")


def _names(
    session: Session, group: Group, modules: Modules, partners: Mapping[UUID, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """What each is called in both languages, in the order they are told; roles are called by whoever shows them."""
    if group is Group.MODULE:
        return {str(one.id): (one.name, one.name_ar) for one in modules.shown}
    if group is Group.ROLE:
        return {role: (role, "") for role in required_of(Asked(), modules)}
    company = own_company(session)
    return {str(key): names for key, names in partners.items()} | {"": (company.name, company.name_ar)}


def _resellers(session: Session) -> dict[UUID, tuple[str, str]]:
    told = select(Partner.id, Partner.name, Partner.name_ar).where(Partner.reseller_since.is_not(None))
    return {row.id: (row.name, row.name_ar) for row in session.execute(told.order_by(func.lower(Partner.name)))}


def _states(one: Figures) -> tuple[int, ...]:
    return one.valid, one.expiring, one.expired, one.missing


_NONE = Figures(0, 0, 0, 0, 0)


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
