"""Writing down how partners are paid: a version of a commission plan. Rules of its brackets: ``core.deals.plans``."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.db import lock
from core.deals import money, plans
from core.deals.models import PlanVersion
from core.deals.plans import Bracket
from core.errors import Conflict, Invalid

_ZERO = re.compile(r"\s*[0٠۰]+(?:[.٫][0٠۰]+)?\s*")


class StartsTooEarly(Conflict):
    """Version {number} of {plan} counts from {day}. Let the new one begin on that day or later."""


class StartsInThePast(Conflict):
    """{plan} has counted until today as it is. Let its new version begin today or later."""


@dataclass(frozen=True)
class TypedBracket:
    """A bracket as it was typed, all of it text: where it begins, where it ends (empty: nowhere), its rate."""

    above: str
    up_to: str
    pct: str


@dataclass(frozen=True)
class NewPlan:
    """A version of a plan as it was typed; amounts are in the company's currency.

    ``is_marginal``: each bracket's rate counts for its part of the amount, else the one reached for all of it.
    """

    plan: str
    starts_on: date
    is_marginal: bool
    brackets: tuple[TypedBracket, ...]

    def read(self, currency: str) -> tuple[Bracket, ...]:
        """The brackets as numbers.

        Raises:
            Invalid: a figure cannot be read, or an amount would have no rate, or two; the message names the bracket.
        """
        found = tuple(_bracket(at, one, currency) for at, one in enumerate(self.brackets, 1))
        plans.check(found)
        return found


def _bracket(at: int, typed: TypedBracket, currency: str) -> Bracket:
    try:
        end = _edge(typed.up_to, currency) if typed.up_to.strip() else None
        return Bracket(_edge(typed.above, currency), end, money.percent(typed.pct))
    except Invalid as refusal:
        raise Invalid("Bracket {at}: {why}", at=at, why=refusal.message) from None


def _edge(text: str, currency: str) -> Decimal:
    return Decimal(0) if _ZERO.fullmatch(text) else money.amount(text, currency)


@permits(Act.MANAGE_RESELLERS)
def add_plan_version(session: Session, *, new_plan: NewPlan, by: Actor) -> PlanVersion:
    """Add a commission plan, or the next version of the one of that name. Deals keep the version they were given.

    Raises:
        Invalid: a value cannot be used, or the brackets leave an amount without exactly one rate.
        StartsTooEarly: the version before begins later. StartsInThePast: days that are over cannot be paid anew.
    """
    company = own_company(session)
    name = fields.line(new_plan.plan, name="Name of the plan", most=120)
    brackets = new_plan.read(company.base_currency)
    lock(session, f"plan:{company.id}")
    last = _last(session, name)
    if last is not None:
        _check_start(last, new_plan.starts_on, today(company.time_zone))
    row = PlanVersion(plan=last.plan if last else name, number=last.number + 1 if last else 1)
    row.starts_on, row.is_marginal, row.brackets = new_plan.starts_on, new_plan.is_marginal, plans.kept(brackets)
    row.added_at, row.added_by = now(), by.name
    session.add(row)
    session.flush()
    after = {"plan": row.plan, "number": row.number, "starts_on": row.starts_on, "is_marginal": row.is_marginal}
    record(session, Tag.PLAN_ADD, by=by, subject=row, after={**after, "brackets": row.brackets})
    return row


def _last(session: Session, name: str) -> PlanVersion | None:
    """The newest version of a plan, however its name is capitalised."""
    named = select(PlanVersion).where(func.lower(PlanVersion.plan) == name.lower())
    return session.scalars(named.order_by(PlanVersion.number.desc()).limit(1)).first()


def _check_start(last: PlanVersion, starts_on: date, this_day: date) -> None:
    if starts_on < last.starts_on:
        raise StartsTooEarly(number=last.number, plan=last.plan, day=last.starts_on)
    if starts_on < this_day:
        raise StartsInThePast(plan=last.plan)
