"""Reading protections: what is protected for whom until when, which wishes wait, who waits for whose end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.clock import now
from core.deals.models import Extension, Product, Protection, Quote, Territory, Waiting
from core.deals.rows import shown_to
from core.deals.states import ExtensionState, ProtectionEnd
from core.deals.turns import UNDECIDED
from core.partners.models import Partner

_SOON = timedelta(days=30)
MOST_SHOWN = 300
"""Windows of a calendar; more are counted, not read."""


@dataclass(frozen=True)
class Window:
    """One protection. ``waiting``: how many deals wait for its end; ``ended`` None: it is in force."""

    id: UUID
    quote_id: UUID
    reference: str
    partner_id: UUID
    partner: str
    customer: str
    product: str
    territory: str
    starts_at: datetime
    ends_at: datetime
    ended: ProtectionEnd | None
    waiting: int


@dataclass(frozen=True)
class Calendar:
    """The protections that touch a span, the ones that end first, first; ``total`` counts those not shown too."""

    windows: list[Window]
    total: int
    in_force: int
    """How many of all, whatever is filtered, are in force now."""
    ending: int
    """How many of those end within 30 days."""


@dataclass(frozen=True)
class Choices:
    """What the calendar can be narrowed to: id and name."""

    partners: dict[UUID, str]
    territories: dict[UUID, str]


@dataclass(frozen=True)
class Wish:
    """A wish for longer protection."""

    id: UUID
    window: Window
    days: int
    evidence: str
    state: ExtensionState
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True)
class Queued:
    """A deal that waits for a protection to end. ``told_at``: when its partner was told that its turn came."""

    quote_id: UUID
    reference: str
    partner: str
    customer: str
    since: datetime
    told_at: datetime | None


@dataclass(frozen=True)
class MyProtection:
    """A protection as its partner reads it. ``asked_days``: of the wish that waits, or of the last one; None: none."""

    id: UUID
    quote_id: UUID
    reference: str
    customer: str
    product: str
    territory: str
    starts_at: datetime
    ends_at: datetime
    asked_days: int | None
    asked_state: ExtensionState | None
    answer: str


@permits(Act.READ_DEALS)
def calendar(
    session: Session,
    *,
    start: datetime,
    end: datetime,
    partner_id: UUID | None = None,
    territory_id: UUID | None = None,
) -> Calendar:
    """The protections that count at some time from ``start`` until ``end``, at most 300 of them."""
    touching = _windows().where(Protection.starts_at < end, Protection.ends_at > start)
    if partner_id:
        touching = touching.where(Protection.partner_id == partner_id)
    if territory_id:
        touching = touching.where(Protection.territory_id == territory_id)
    rows = session.execute(touching.order_by(Protection.ends_at, Protection.id).limit(MOST_SHOWN + 1)).all()
    total = len(rows)
    if total > MOST_SHOWN:
        total = session.scalar(select(func.count()).select_from(touching.subquery())) or total
    in_force, ending = _standing(session)
    return Calendar([_window(row) for row in rows[:MOST_SHOWN]], total, in_force, ending)


@permits(Act.READ_DEALS)
def choices(session: Session) -> Choices:
    """The partners and territories that have or had protections."""
    partners = select(Partner.id, Partner.name).where(Partner.id.in_(select(Protection.partner_id)))
    territories = select(Territory.id, Territory.name).where(Territory.id.in_(select(Protection.territory_id)))
    return Choices(
        dict(session.execute(partners.order_by(Partner.name)).all()),
        dict(session.execute(territories.order_by(Territory.name)).all()),
    )


@permits(Act.READ_DEALS)
def window(session: Session, protection_id: UUID) -> Window | None:
    """One protection; None: there is none."""
    row = session.execute(_windows().where(Protection.id == protection_id)).one_or_none()
    return _window(row) if row else None


@permits(Act.READ_DEALS)
def extensions(session: Session, *, protection_id: UUID | None = None) -> list[Wish]:
    """The wishes that wait for an answer, the oldest first, at most 100."""
    asked = _windows().join(Extension, Extension.protection_id == Protection.id).add_columns(
        Extension.id.label("extension_id"), Extension.days, Extension.evidence, Extension.state, Extension.asked_at,
        Extension.asked_by,
    )  # fmt: skip
    asked = asked.where(Extension.state == ExtensionState.ASKED, Protection.ended.is_(None))
    if protection_id:
        asked = asked.where(Protection.id == protection_id)
    rows = session.execute(asked.order_by(Extension.asked_at, Extension.id).limit(100))
    return [
        Wish(row.extension_id, _window(row), row.days, row.evidence, row.state, row.asked_at, row.asked_by)
        for row in rows
    ]


@permits(Act.READ_DEALS)
def queue(session: Session, protection_id: UUID) -> list[Queued]:
    """Who waits for a protection to end, the first in turn first."""
    found = (
        select(Waiting.quote_id, Quote.reference, Partner.name, Quote.customer_name, Waiting.since, Waiting.told_at)
        .join(Quote, Quote.id == Waiting.quote_id)
        .join(Partner, Partner.id == Quote.partner_id)
        .where(Waiting.protection_id == protection_id, Quote.status.in_(UNDECIDED))
        .order_by(Waiting.since, Waiting.id)
        .limit(100)
    )
    return [Queued(*row) for row in session.execute(found)]


@permits(Act.SEE_DEALS)
def my_protections(session: Session, *, quote_id: UUID | None = None) -> list[MyProtection]:
    """The protections in force of the deals the actor sees, the one that ends first, first; at most 200."""
    latest = (
        select(Extension.protection_id, func.max(Extension.asked_at).label("at"))
        .group_by(Extension.protection_id)
        .subquery()
    )
    found = (
        select(
            Protection.id, Protection.quote_id, Quote.reference, Quote.customer_name, Product.name.label("product"),
            Territory.name.label("territory"), Protection.starts_at, Protection.ends_at, Extension.days,
            Extension.state, func.coalesce(Extension.note, ""),
        )
        .join(Quote, Quote.id == Protection.quote_id)
        .join(Product, Product.id == Protection.product_id)
        .join(Territory, Territory.id == Protection.territory_id)
        .outerjoin(latest, latest.c.protection_id == Protection.id)
        .outerjoin(Extension, (Extension.protection_id == Protection.id) & (Extension.asked_at == latest.c.at))
        .where(*shown_to(actor_of(session)), Protection.ended.is_(None), Protection.ends_at > now())
        .order_by(Protection.ends_at, Protection.id)
        .limit(200)
    )  # fmt: skip
    if quote_id:
        found = found.where(Protection.quote_id == quote_id)
    return [_mine(row) for row in session.execute(found)]


def _mine(row: Row[*tuple[Any, ...]]) -> MyProtection:
    return MyProtection(*row)


def _windows() -> Select[*tuple[Any, ...]]:
    waiting = (
        select(func.count())
        .select_from(Waiting)
        .join(Quote, Quote.id == Waiting.quote_id)
        .where(Waiting.protection_id == Protection.id, Quote.status.in_(UNDECIDED))
        .correlate(Protection)
        .scalar_subquery()
    )
    return (
        select(
            Protection.id, Protection.quote_id, Quote.reference, Protection.partner_id, Partner.name.label("partner"),
            Quote.customer_name, Product.name.label("product"), Territory.name.label("territory"),
            Protection.starts_at, Protection.ends_at, Protection.ended, waiting.label("waiting"),
        )
        .join(Quote, Quote.id == Protection.quote_id)
        .join(Partner, Partner.id == Protection.partner_id)
        .join(Product, Product.id == Protection.product_id)
        .join(Territory, Territory.id == Protection.territory_id)
    )  # fmt: skip


def _window(row: Row[*tuple[Any, ...]]) -> Window:
    return Window(*row[:12])


def _standing(session: Session) -> tuple[int, int]:
    """How many protections are in force now, and how many of them end within 30 days."""
    at = now()
    soon = func.sum(case((Protection.ends_at <= at + _SOON, 1), else_=0))
    counts = (Protection.ended.is_(None), Protection.starts_at <= at, Protection.ends_at > at)
    row = session.execute(select(func.count(), soon).where(*counts)).one()
    return row[0], row[1] or 0
