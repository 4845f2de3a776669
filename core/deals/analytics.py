"""How selling through partners goes: how far deals come, how many are won, how long a decision takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, Select, case, cast, func, literal, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.deals.models import Quote, Review, Sale, Territory
from core.deals.states import QuoteKind, QuoteStatus, SaleStatus
from core.partners.models import Partner

TARGET = timedelta(hours=48)
WAITS = (12, 24, 48, 72, 120)
"""Where the groups of waiting times end (hours); the last group has no end."""
WON = (QuoteStatus.ACCEPTED, QuoteStatus.INVOICED)
LOST = (QuoteStatus.DECLINED, QuoteStatus.EXPIRED)
MONTHS = 12


class By(StrEnum):
    """What deals may be told apart by."""

    PARTNER = "partner"
    OWNER = "owner"
    TERRITORY = "territory"
    MONTH = "month"


@dataclass(frozen=True)
class Asked:
    """Which deals are looked at: those submitted in the last ``days`` (0: all), of a partner, an owner, a territory."""

    days: int = 365
    partner_id: UUID | None = None
    owner_id: UUID | None = None
    territory_id: UUID | None = None


@dataclass(frozen=True)
class Step:
    """How many deals came at least as far as a step of the way, and which part of all that is."""

    name: str
    deals: int
    share: float


@dataclass(frozen=True)
class Waits:
    """How long decisions took, in hours: ``groups`` counts those of up to so many, the last has no end.

    ``within``: the part decided within the target; None where nothing was decided.
    """

    decided: int
    median_hours: float | None
    within: float | None
    groups: tuple[tuple[int | None, int], ...]


@dataclass(frozen=True)
class Overview:
    """The first look. ``earned``: invoiced and not taken back, in the company's currency."""

    funnel: list[Step]
    won: int
    lost: int
    earned: Decimal
    currency: str
    other_currencies: int
    """How many invoices are in another currency and so not in ``earned``."""
    waits: Waits
    first_deal_days: float | None
    """Median days from becoming a reseller to the first deal registered."""
    first_win_days: float | None
    """The same to the first invoice."""

    @property
    def win_rate(self) -> float | None:
        """The part that was won of the approved deals that ended; None before the first did."""
        ended = self.won + self.lost
        return self.won / ended if ended else None


@dataclass(frozen=True)
class Line:
    """The deals of one partner, owner, territory or month; ``waited_hours`` is a mean."""

    name: str
    deals: int
    approved: int
    won: int
    lost: int
    earned: Decimal
    waited_hours: float | None

    @property
    def win_rate(self) -> float | None:
        """See ``Overview.win_rate``."""
        ended = self.won + self.lost
        return self.won / ended if ended else None


_TAKEN_BACK = (SaleStatus.REFUNDED, SaleStatus.CANCELLED)
_STEPS: dict[str, ColumnElement[bool]] = {
    "approved": Quote.kind == QuoteKind.QUOTE,
    "sent": Quote.sent_at.is_not(None),
    "accepted": Quote.status.in_(WON),
    "invoiced": Sale.id.is_not(None),
    "paid": Sale.status == SaleStatus.PAID,
}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@permits(Act.READ_DEALS)
def overview(session: Session, asked: Asked) -> Overview:
    """Everything of the first look, in five statements."""
    company = own_company(session)
    is_base = (Sale.currency == company.base_currency) & Sale.status.not_in(_TAKEN_BACK)
    measures: list[Any] = [_how_many(condition).label(name) for name, condition in _STEPS.items()]
    measures += [_how_many(Quote.status.in_(LOST)).label("lost"), _sum_of_sales(is_base).label("earned")]
    measures += [_how_many(Sale.currency != company.base_currency).label("others"), func.count().label("deals")]
    deals: Select[Any] = select(*measures).select_from(Quote)
    found: Any = session.execute(_narrowed(deals, asked, company)).one()
    first, win = _first_deals(session, asked)
    return Overview(
        funnel=[Step("submitted", found.deals, 1.0), *_funnel(found)],
        won=found.accepted,
        lost=found.lost,
        earned=Decimal(found.earned),
        currency=company.base_currency,
        other_currencies=found.others,
        waits=_waits(session, asked, company),
        first_deal_days=first,
        first_win_days=win,
    )


def _funnel(found: Any) -> Iterator[Step]:
    for name in _STEPS:
        deals = getattr(found, name)
        yield Step(name, deals, deals / found.deals if found.deals else 0.0)


def _sum_of_sales(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
    return func.coalesce(func.sum(case((condition, Sale.amount), else_=literal(Decimal(0), Sale.amount.type))), 0)


def _narrowed(found: Select[Any], asked: Asked, company: Company) -> Select[Any]:
    """The deals of partners that were asked about, each with its invoice if it has one."""
    found = found.join(Partner, Partner.id == Quote.partner_id).outerjoin(Sale, Sale.quote_id == Quote.id)
    return found.where(*_conditions(asked, company))


def _conditions(asked: Asked, company: Company) -> list[ColumnElement[bool]]:
    wanted = {Quote.partner_id: asked.partner_id, Quote.territory_id: asked.territory_id}
    found = [column == value for column, value in wanted.items() if value]
    if asked.owner_id:
        found.append(Partner.owner_id == asked.owner_id)
    if asked.days:
        found.append(Quote.submitted_at >= _midnight(_today(company) - timedelta(days=asked.days - 1), company))
    return found


def _today(company: Company) -> date:
    return now().astimezone(ZoneInfo(company.time_zone)).date()


def _midnight(day: date, company: Company) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(company.time_zone))


def _waits(session: Session, asked: Asked, company: Company) -> Waits:
    ends = [hours * 3_600 for hours in WAITS]
    group = case(*((Review.waited_s <= end, at) for at, end in enumerate(ends)), else_=len(ends))
    mine = _decisions(select(group.label("at"), func.count().label("times")), asked, company).group_by(group)
    times: dict[int, int] = {row.at: row.times for row in session.execute(mine)}
    decided, within = sum(times.values()), sum(times.get(at, 0) for at in range(WAITS.index(48) + 1))
    middle = _decisions(select(Review.waited_s), asked, company).order_by(Review.waited_s).offset(decided // 2).limit(1)
    seconds = session.scalar(middle) if decided else None
    return Waits(
        decided=decided,
        median_hours=None if seconds is None else seconds / 3_600,
        within=within / decided if decided else None,
        groups=tuple((hours, times.get(at, 0)) for at, hours in enumerate((*WAITS, None))),
    )


def _decisions(found: Select[Any], asked: Asked, company: Company) -> Select[Any]:
    found = found.select_from(Review).join(Quote, Quote.id == Review.quote_id)
    return found.join(Partner, Partner.id == Quote.partner_id).where(*_conditions(asked, company))


def _first_deals(session: Session, asked: Asked) -> tuple[float | None, float | None]:
    """Median days until a reseller's first deal and first invoice; every reseller that has one counts once."""
    firsts = select(Partner.reseller_since, func.min(Quote.submitted_at), func.min(Sale.invoiced_at))
    firsts = firsts.join(Quote, Quote.partner_id == Partner.id).outerjoin(Sale, Sale.quote_id == Quote.id)
    firsts = firsts.where(Partner.reseller_since.is_not(None))
    if asked.partner_id:
        firsts = firsts.where(Partner.id == asked.partner_id)
    rows = session.execute(firsts.group_by(Partner.id, Partner.reseller_since)).all()
    return _middle_days([(since, deal) for since, deal, _ in rows]), _middle_days([(s, sale) for s, _, sale in rows])


def _middle_days(spans: Sequence[tuple[datetime | None, datetime | None]]) -> float | None:
    days = [max((end - start) / timedelta(days=1), 0.0) for start, end in spans if start and end]
    return median(days) if days else None


@permits(Act.READ_DEALS)
def breakdown(session: Session, asked: Asked, *, group: By) -> list[Line]:
    """The deals told apart by something, the most deals first; months in their order, the newest twelve."""
    company = own_company(session)
    starts = _months(company)
    key: ColumnElement[Any] = _month_of(starts, company) if group is By.MONTH else _GROUPS[group]
    is_base = (Sale.currency == company.base_currency) & Sale.status.not_in(_TAKEN_BACK)
    waited = select(func.avg(Review.waited_s)).where(Review.quote_id == Quote.id).correlate(Quote).scalar_subquery()
    measures: list[Any] = [func.count().label("deals"), _how_many(_STEPS["approved"]).label("approved")]
    measures += [_how_many(_STEPS["accepted"]).label("won"), _how_many(Quote.status.in_(LOST)).label("lost")]
    measures += [_sum_of_sales(is_base).label("earned"), cast(func.avg(waited), Float).label("waited_s")]
    found = _narrowed(select(key.label("name"), *measures).select_from(Quote), asked, company)
    found = found.outerjoin(Staff, Staff.id == Partner.owner_id).join(Territory, Territory.id == Quote.territory_id)
    rows = session.execute(found.group_by(key).order_by(func.count().desc(), key)).all()
    if group is not By.MONTH:
        return [_line(row, row.name or "Nobody") for row in rows]
    kept = sorted((row for row in rows if row.name >= 0), key=lambda row: row.name)
    return [_line(row, f"{starts[row.name]:%b %Y}") for row in kept]


_GROUPS: dict[By, ColumnElement[Any]] = {
    By.PARTNER: Partner.name.expression,
    By.OWNER: Staff.name.expression,
    By.TERRITORY: Territory.name.expression,
}


def _line(row: Any, name: str) -> Line:
    hours = None if row.waited_s is None else row.waited_s / 3_600
    return Line(name, row.deals, row.approved, row.won, row.lost, Decimal(row.earned), hours)


def _months(company: Company) -> list[date]:
    """The first days of the newest months, the oldest first, and of the month to come."""
    first = _today(company).replace(day=1)
    found = [(first + timedelta(days=32)).replace(day=1), first]
    while len(found) <= MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def _month_of(starts: list[date], company: Company) -> ColumnElement[int]:
    """Which month a deal was submitted in, by the company's clock: its place in ``starts``, -1 before them."""
    at = Quote.submitted_at
    spans = [(_midnight(start, company), _midnight(end, company)) for start, end in pairwise(starts)]
    return case(*(((at >= start) & (at < end), place) for place, (start, end) in enumerate(spans)), else_=-1)


@dataclass(frozen=True)
class Choices:
    """What the deals may be narrowed to, by name: resellers, their owners, territories."""

    partners: dict[UUID, str]
    owners: dict[UUID, str]
    territories: dict[UUID, str]


@permits(Act.READ_DEALS)
def choices(session: Session) -> Choices:
    """What may be chosen on the page."""
    resellers = select(Partner.id, Partner.name).where(Partner.reseller_since.is_not(None)).order_by(Partner.name)
    owners = select(Staff.id, Staff.name).join(Partner, Partner.owner_id == Staff.id)
    owners = owners.where(Partner.reseller_since.is_not(None)).distinct().order_by(Staff.name)
    places = select(Territory.id, Territory.name).order_by(Territory.name)
    partners, people, territories = (
        {row[0]: row[1] for row in session.execute(found)} for found in (resellers, owners, places)
    )
    return Choices(partners, people, territories)
