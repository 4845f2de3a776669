"""Reading what is sold: for staff with everything, for partners' people what they may offer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.clock import today
from core.companies.rows import own_company
from core.contacts.money import sees_money
from core.deals.models import PlanVersion, Product, Territory
from core.deals.plans import Bracket, in_force, read
from core.partners.models import Partner
from core.training.holders import lacking
from core.training.models import TrainingModule


@dataclass(frozen=True)
class ProductRow:
    """A product. ``withdrawn_at``: since when it is offered no more."""

    id: UUID
    code: str
    name: str
    name_ar: str
    price: Decimal
    currency: str
    unit: str
    unit_ar: str
    withdrawn_at: datetime | None
    version: int
    certificate_module_id: UUID | None = None
    certificate_module: str = ""
    """The training that must be held before its deals are registered."""


@dataclass(frozen=True)
class TerritoryRow:
    """A territory, and the reseller it belongs to alone, if it does."""

    id: UUID
    name: str
    name_ar: str
    exclusive_partner_id: UUID | None
    exclusive_partner: str
    withdrawn_at: datetime | None
    version: int


@dataclass(frozen=True)
class PlanRow:
    """A version of a commission plan. ``until``: the last day it counts, where another version follows; before
    ``starts_on`` if that began on the same day. ``counts``: it is the one of its plan that counts today;
    ``is_over``: it did once; ``is_newest``: the one added last."""

    id: UUID
    plan: str
    number: int
    starts_on: date
    until: date | None
    is_marginal: bool
    brackets: tuple[Bracket, ...]
    added_at: datetime
    added_by: str
    counts: bool
    is_over: bool
    is_newest: bool


@dataclass(frozen=True)
class OfferRow:
    """A product as a partner's people find it on the price list; ``price``: None before the device is confirmed.

    ``lacks``: the training in which somebody at the partner must be certified first, and nobody is; empty: nothing is
    in the way. ``lacks_id``: of its page.
    """

    id: UUID
    code: str
    name: str
    name_ar: str
    price: Decimal | None
    currency: str
    unit: str
    unit_ar: str
    lacks_id: UUID | None = None
    lacks: str = ""
    lacks_ar: str = ""


@dataclass(frozen=True)
class PlaceRow:
    """A territory as a partner's people may choose it. ``is_ours``: nobody else sells there; ``is_taken``: it is
    another partner's alone."""

    id: UUID
    name: str
    name_ar: str
    is_ours: bool
    is_taken: bool


@permits(Act.READ_DEALS)
def products(session: Session) -> list[ProductRow]:
    """Every product, those on the price list first, by name."""
    told = select(Product, TrainingModule.name).outerjoin(
        TrainingModule, TrainingModule.id == Product.certificate_module_id
    )
    rows = session.execute(told.order_by(Product.withdrawn_at.is_not(None), Product.name, Product.id))
    return [
        ProductRow(
            row.id, row.code, row.name, row.name_ar, row.price, row.currency, row.unit, row.unit_ar, row.withdrawn_at,
            row.version, row.certificate_module_id, training or "",
        )
        for row, training in rows
    ]  # fmt: skip


@permits(Act.READ_DEALS)
def trainings(session: Session) -> dict[UUID, str]:
    """The trainings that can be taken, by name: what a product may ask to be certified in."""
    offered = TrainingModule.published_at.is_not(None), TrainingModule.withdrawn_at.is_(None)
    named = select(TrainingModule.id, TrainingModule.name).where(*offered).order_by(func.lower(TrainingModule.name))
    return {row[0]: row[1] for row in session.execute(named)}


@permits(Act.READ_DEALS)
def territories(session: Session) -> list[TerritoryRow]:
    """Every territory, those that are offered first, by name."""
    rows = session.execute(
        select(Territory, Partner.name)
        .outerjoin(Partner, Partner.id == Territory.exclusive_partner_id)
        .order_by(Territory.withdrawn_at.is_not(None), Territory.name)
    )
    return [
        TerritoryRow(
            row.id, row.name, row.name_ar, row.exclusive_partner_id, holder or "", row.withdrawn_at, row.version
        )
        for row, holder in rows
    ]


@permits(Act.READ_DEALS)
def plans(session: Session) -> list[PlanRow]:
    """Every version of every commission plan: the plans by name, the newest version first."""
    day = today(own_company(session).time_zone)
    order = (func.lower(PlanVersion.plan), PlanVersion.number.desc())
    by_plan: dict[str, list[PlanVersion]] = {}
    for row in session.scalars(select(PlanVersion).order_by(*order)):
        by_plan.setdefault(row.plan, []).append(row)
    return [one for versions in by_plan.values() for one in _plan_rows(versions, day)]


def _plan_rows(versions: list[PlanVersion], day: date) -> Iterable[PlanRow]:
    """The versions of one plan; they come newest first."""
    counting = in_force(versions, day)
    until: date | None = None
    for row in versions:
        yield PlanRow(
            id=row.id,
            plan=row.plan,
            number=row.number,
            starts_on=row.starts_on,
            until=until,
            is_marginal=row.is_marginal,
            brackets=read(row.brackets),
            added_at=row.added_at,
            added_by=row.added_by,
            counts=row is counting,
            is_over=until is not None and until < day,
            is_newest=row is versions[0],
        )
        until = row.starts_on - timedelta(days=1)


@permits(Act.SUBMIT_DEALS)
def price_list(session: Session) -> list[OfferRow]:
    """The products that can be offered now, by name."""
    offered = select(Product).where(Product.withdrawn_at.is_(None)).order_by(Product.name, Product.id)
    rows, has_prices = session.scalars(offered).all(), sees_money(session)
    missing = lacking(session, actor_of(session).partner, [row.certificate_module_id for row in rows])
    return [_offer(row, missing.get(row.certificate_module_id or row.id), has_prices=has_prices) for row in rows]


def _offer(row: Product, lacks: TrainingModule | None, *, has_prices: bool) -> OfferRow:
    price = row.price if has_prices else None
    offer = OfferRow(row.id, row.code, row.name, row.name_ar, price, row.currency, row.unit, row.unit_ar)
    return offer if lacks is None else replace(offer, lacks_id=lacks.id, lacks=lacks.name, lacks_ar=lacks.name_ar)


@permits(Act.SUBMIT_DEALS)
def places(session: Session) -> list[PlaceRow]:
    """The territories a deal may be in, by name; whose another one is alone is not told."""
    mine = actor_of(session).partner
    rows = session.scalars(select(Territory).where(Territory.withdrawn_at.is_(None)).order_by(Territory.name))
    return [
        PlaceRow(
            row.id,
            row.name,
            row.name_ar,
            is_ours=row.exclusive_partner_id is not None and row.exclusive_partner_id == mine,
            is_taken=row.exclusive_partner_id not in (None, mine),
        )
        for row in rows
    ]
