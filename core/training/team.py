"""Who stands where: learners with the modules they must hold or hold, in pages that the database counts.

A learner's rows are counted in one index, so that a page is found without looking at what is not on it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, and_, cast, false, func, literal, null, or_, select, true, union_all
from sqlalchemy.orm import Session

from core.actor import ContactRole
from core.clock import now, today
from core.companies.models import Staff
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.partners.models import Partner
from core.training.audience import EMPLOYEE, is_required
from core.training.learning_models import Certification
from core.training.models import TrainingModule
from core.training.my_modules import Where
from core.training.validity import RENEW_BEFORE, ends

PAGE = 50
"""Rows of a page."""
AT_ONCE = 5_000
"""Ids at most that one statement names."""
LEARNERS = tuple(str(role) for role in ContactRole if role is not ContactRole.VIEWER)
"""The roles of contacts that learn."""


@dataclass(frozen=True)
class TeamRow:
    """A learner and a module. ``role``: of a contact, or ``employee``. ``partner_id``: None for staff."""

    learner_id: UUID
    name: str
    email: str
    role: str
    partner_id: UUID | None
    organisation: str
    module_id: UUID
    module: str
    module_ar: str
    is_required: bool
    where: Where
    certification_id: UUID | None
    reference: str
    valid_until: date | None
    days_left: int


@dataclass(frozen=True)
class TeamPage:
    """A page of rows. ``page`` from 1; ``total``: of all pages."""

    rows: tuple[TeamRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Days:
    """Where the states of certifications part."""

    at: datetime
    expiring_until: datetime
    today: date

    def within(self, where: Where | None) -> Any:
        """The condition that a certification's state is this one; None: any."""
        end = Certification.expires_at
        conditions = {
            Where.VALID: end > self.expiring_until,
            Where.EXPIRING: and_(end > self.at, end <= self.expiring_until),
            Where.EXPIRED: end <= self.at,
        }
        return conditions.get(where, true()) if where else true()


@dataclass(frozen=True)
class Modules:
    """The modules that are ``shown``, by name, those that are ``offered``, and the ids of ``all`` there are."""

    shown: Sequence[Any]
    offered: Sequence[Any]
    all: frozenset[UUID]

    def among(self, wanted: Collection[UUID]) -> Any:
        """The condition that a certification is in one of some modules.

        Many are told by what they are not, so that the database reads what a learner holds in one go.
        """
        if len(wanted) < 2:
            return or_(false(), *(Certification.module_id == one for one in wanted))
        others = self.all - set(wanted)
        return Certification.module_id.not_in(others) if others else true()


@dataclass(frozen=True)
class Asked:
    """What is looked for; ``text``: in a name, an address or a reseller's name."""

    partner_id: UUID | None = None
    role: str | None = None
    module_id: UUID | None = None
    where: Where | None = None
    text: str = ""


def team_page(
    session: Session, asked: Asked, *, page: int, modules: Modules | None = None, size: int = PAGE
) -> TeamPage:
    """A page of so many learners' modules, by organisation, name and module; ``modules``: those read before."""
    modules, days = modules or modules_asked(session, asked), days_of(session)
    counted = _counted(asked, modules, days)
    if counted is None:
        return TeamPage((), 0, 1, 1)
    per = counted.subquery()
    order = (func.lower(per.c.organisation), func.lower(per.c.name), per.c.id)
    sums = (func.sum(per.c.n).over(order_by=order).label("upto"), func.sum(per.c.n).over().label("total"))
    lines = select(per, *sums).subquery()
    start = (max(1, page) - 1) * size
    on_page = select(lines).where(lines.c.n > 0, lines.c.upto > start, lines.c.upto - lines.c.n < start + size)
    found = session.execute(on_page.order_by(lines.c.upto)).all()
    if not found:
        return team_page(session, asked, page=1, modules=modules, size=size) if page > 1 else TeamPage((), 0, 1, 1)
    rows = _rows(session, found, modules, asked, days)
    skipped = start - int(found[0].upto - found[0].n)
    total = int(found[0].total)
    return TeamPage(tuple(rows[skipped : skipped + size]), total, max(1, page), -(-total // size))


def days_of(session: Session) -> Days:
    """Where the states part now, where the company is."""
    zone = own_company(session).time_zone
    day = today(zone)
    return Days(now(), ends(day + timedelta(days=RENEW_BEFORE), zone), day)


def modules_asked(session: Session, asked: Asked) -> Modules:
    """The modules that are looked at, and all others there are."""
    told = (TrainingModule.id, TrainingModule.name, TrainingModule.name_ar, TrainingModule.required_roles)
    states = (TrainingModule.published_at, TrainingModule.withdrawn_at)
    rows = session.execute(select(*told, *states).order_by(func.lower(TrainingModule.name))).all()
    offered = [one for one in rows if one.published_at and not one.withdrawn_at]
    shown = [one for one in offered if asked.module_id in (None, one.id)]
    return Modules(shown, offered, frozenset(one.id for one in rows))


def required_of(asked: Asked, modules: Modules) -> Mapping[str, list[UUID]]:
    """The modules that each role that is looked for must hold."""
    roles = (*LEARNERS, EMPLOYEE) if asked.role is None else (asked.role,)
    if asked.partner_id is not None:
        roles = tuple(role for role in roles if role != EMPLOYEE)
    known = [role for role in roles if role in (*LEARNERS, EMPLOYEE)]
    return {role: [one.id for one in modules.shown if is_required(one.required_roles, role)] for role in known}


def _counted(asked: Asked, modules: Modules, days: Days) -> CompoundSelect[Any] | None:
    """Every learner with how many rows they have of what is looked for, a branch for each role."""
    parts = [
        learners(asked, role, _count(asked, role, must, modules, days).label("n"))
        for role, must in required_of(asked, modules).items()
    ]
    return union_all(*parts) if parts and modules.shown else None


def _count(asked: Asked, role: str, must: list[UUID], modules: Modules, days: Days) -> Any:
    """How many rows of a learner of a role are looked for: counted in the index of what is held."""
    held = select(func.count()).select_from(Certification).where(_is_of(role), Certification.is_current)
    ids = [one.id for one in modules.shown]
    if asked.where is Where.MISSING:
        return literal(len(must)) - held.where(modules.among(must)).scalar_subquery()
    if asked.where is not None:
        within = func.count().filter(days.within(asked.where))
        return held.with_only_columns(within).where(modules.among(ids)).scalar_subquery()
    others = [one for one in ids if one not in must]
    return literal(len(must)) + held.where(modules.among(others)).scalar_subquery()


def _is_of(role: str) -> Any:
    if role == EMPLOYEE:
        return Certification.employee_id == Staff.id
    return Certification.partner_contact_id == Contact.id


def learners(asked: Asked, role: str, *more: Any) -> Select[Any]:
    """The learners of a role that are looked for."""
    text = asked.text.strip()
    if role == EMPLOYEE:
        said = [or_(*(one.icontains(text, autoescape=True) for one in (Staff.name, Staff.email)))] if text else []
        told: tuple[Any, ...] = (Staff.id, Staff.name, Staff.email, literal(role).label("role"))
        told = (*told, cast(null(), Contact.partner_id.type).label("partner_id"), literal("").label("organisation"))
        return select(*told, *more).where(Staff.disabled_at.is_(None), *said)
    places = (Contact.name, Contact.email, Partner.name)
    said = [or_(*(one.icontains(text, autoescape=True) for one in places))] if text else []
    told = (Contact.id, Contact.name, Contact.email, literal(role).label("role"))
    told = (*told, Contact.partner_id, Partner.name.label("organisation"))
    only = [Contact.partner_id == asked.partner_id] if asked.partner_id else []
    there = (Contact.role == ContactRole(role), Contact.disabled_at.is_(None), *only, *said)
    return select(*told, *more).join(Partner, Partner.id == Contact.partner_id).where(*there)


def _rows(session: Session, found: Sequence[Any], modules: Modules, asked: Asked, days: Days) -> list[TeamRow]:
    """The rows of the learners on a page, as they were counted."""
    held = _held(session, found)
    company = own_company(session).name
    rows = []
    for learner in found:
        for module in modules.shown:
            row = _row(learner, module, held.get((learner.id, module.id)), company, days)
            if row is not None and asked.where in (None, row.where):
                rows.append(row)
    return rows


def _held(session: Session, learners: Sequence[Any]) -> dict[tuple[UUID, UUID], Certification]:
    """What some learners hold, by learner and module."""
    found: dict[tuple[UUID, UUID], Certification] = {}
    for owner in (Certification.partner_contact_id, Certification.employee_id):
        is_staff = owner is Certification.employee_id
        ids = [one.id for one in learners if (one.role == EMPLOYEE) is is_staff]
        for start in range(0, len(ids), AT_ONCE):
            some = owner.in_(ids[start : start + AT_ONCE])
            current = select(Certification, owner).where(some, Certification.is_current)
            found |= {(row[1], row[0].module_id): row[0] for row in session.execute(current) if row[1]}
    return found


def _row(learner: Any, module: Any, held: Certification | None, company: str, days: Days) -> TeamRow | None:
    """A learner and a module; None where it is neither held nor required."""
    must = is_required(module.required_roles, learner.role)
    if held is None and not must:
        return None
    return TeamRow(
        learner_id=learner.id,
        name=learner.name,
        email=learner.email,
        role=learner.role,
        partner_id=learner.partner_id,
        organisation=learner.organisation or company,
        module_id=module.id,
        module=module.name,
        module_ar=module.name_ar,
        is_required=must,
        where=_where(held, days),
        certification_id=held.id if held else None,
        reference=held.reference if held else "",
        valid_until=held.valid_until if held else None,
        days_left=max(0, (held.valid_until - days.today).days) if held else 0,
    )


def _where(held: Certification | None, days: Days) -> Where:
    if held is None:
        return Where.MISSING
    if held.expires_at <= days.at:
        return Where.EXPIRED
    return Where.EXPIRING if held.expires_at <= days.expiring_until else Where.VALID
