"""Which resellers there are, who of their people is in, and what they bring; who could become one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.actor import Act, permits
from core.clock import today
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.deals.models import Quote
from core.deals.states import OPEN, QuoteStatus
from core.partners.models import Partner, TaxForm
from core.partners.rows import get_partner

WON = (QuoteStatus.ACCEPTED, QuoteStatus.INVOICED)


@dataclass(frozen=True)
class ResellerRow:
    """A reseller. ``active``: contacts who have come in; ``invited``: those who have not yet; the disabled count in
    neither. ``waiting``: deals in review; ``open``: those and all others still worked on. ``won``: amounts of the deals
    won this calendar year, by currency. ``last_activity``: of its people, a visit or a deal."""

    id: UUID
    name: str
    since: datetime | None
    commission_pct: Decimal
    active: int
    invited: int
    waiting: int
    open: int
    won_count: int
    won: dict[str, Decimal]
    last_activity: datetime | None


@dataclass(frozen=True)
class ResellerTerms:
    """What is agreed with a partner as a reseller. ``since``: None: it is none; ``version``: of the partner."""

    since: datetime | None
    commission_pct: Decimal
    registration: str
    tax_form: TaxForm
    version: int


@permits(Act.READ_RESELLERS)
def terms(session: Session, partner_id: UUID) -> ResellerTerms:
    """The terms of one partner."""
    row = get_partner(session, partner_id)
    return ResellerTerms(row.reseller_since, row.default_commission_pct, row.registration, row.tax_form, row.version)


@permits(Act.READ_RESELLERS)
def resellers(session: Session) -> list[ResellerRow]:
    """Every reseller, by name. Five statements, however many there are."""
    people, seen = _people(session)
    deals, submitted = _deals(session), _submitted(session)
    partners = session.execute(
        select(Partner.id, Partner.name, Partner.reseller_since, Partner.default_commission_pct)
        .where(Partner.reseller_since.is_not(None))
        .order_by(func.lower(Partner.name), Partner.id)
    )
    rows = []
    for partner_id, name, since, pct in partners:
        active, invited = people.get(partner_id, (0, 0))
        mine = deals.get(partner_id, _Deals())
        last = max(filter(None, (seen.get(partner_id), submitted.get(partner_id))), default=None)
        rows.append(
            ResellerRow(
                partner_id, name, since, pct, active, invited, mine.waiting, mine.open, mine.won_count, mine.won, last
            )
        )
    return rows


def _people(session: Session) -> tuple[dict[UUID, tuple[int, int]], dict[UUID, datetime]]:
    """By partner: how many contacts came in and how many were asked to, and when one was seen last."""
    enabled, came = Contact.disabled_at.is_(None), Contact.entered_at.is_not(None)
    visit = select(AccessSession.contact_id, func.max(AccessSession.last_used_at).label("at"))
    own = (AccessSession.contact_id.is_not(None), AccessSession.viewer_id.is_(None))
    visits = visit.where(*own).group_by(AccessSession.contact_id).subquery()
    rows = session.execute(
        select(
            Contact.partner_id,
            func.count().filter(and_(enabled, came)),
            func.count().filter(and_(enabled, ~came)),
            func.max(visits.c.at),
        )
        .outerjoin(visits, visits.c.contact_id == Contact.id)
        .group_by(Contact.partner_id)
    ).all()
    counts = {partner: (active, invited) for partner, active, invited, _ in rows}
    return counts, {partner: at for partner, _, _, at in rows if at}


class _Deals:
    """The deals of one reseller, added up."""

    def __init__(self) -> None:
        self.waiting = self.open = self.won_count = 0
        self.won: dict[str, Decimal] = {}

    def add(self, currency: str, *, waiting: int, still_open: int, won_count: int, amount: Decimal) -> None:
        """Those of one currency."""
        self.waiting, self.open, self.won_count = (
            self.waiting + waiting,
            self.open + still_open,
            self.won_count + won_count,
        )
        if won_count:
            self.won[currency] = Decimal(amount)


def _deals(session: Session) -> dict[UUID | None, _Deals]:
    """By partner; the database adds up those of each currency."""
    won = and_(Quote.status.in_(WON), Quote.answered_at >= _new_year(session))
    rows = session.execute(
        select(
            Quote.partner_id,
            Quote.currency,
            _count(Quote.status == QuoteStatus.PENDING).label("waiting"),
            _count(Quote.status.in_(OPEN)).label("still_open"),
            _count(won).label("won_count"),
            func.sum(case((won, Quote.amount), else_=Decimal(0))).label("amount"),
        )
        .where(Quote.partner_id.is_not(None), Quote.status.in_(OPEN | set(WON)))
        .group_by(Quote.partner_id, Quote.currency)
    )
    found: dict[UUID | None, _Deals] = {}
    for partner_id, currency, *figures in rows:
        mine = found.setdefault(partner_id, _Deals())
        mine.add(currency, **dict(zip(("waiting", "still_open", "won_count", "amount"), figures, strict=True)))
    return found


def _submitted(session: Session) -> dict[UUID | None, datetime]:
    """By partner: when its last deal was submitted."""
    rows = session.execute(
        select(Quote.partner_id, func.max(Quote.submitted_at).label("at"))
        .where(Quote.partner_id.is_not(None))
        .group_by(Quote.partner_id)
    )
    return {row.partner_id: row.at for row in rows}


def _count(which: ColumnElement[bool]) -> Any:
    return func.count().filter(which)


def _new_year(session: Session) -> datetime:
    """The first instant of this year, where the company is."""
    zone = own_company(session).time_zone
    return datetime(today(zone).year, 1, 1, tzinfo=ZoneInfo(zone))


@permits(Act.READ_RESELLERS)
def reseller_names(session: Session) -> dict[UUID, str]:
    """The resellers by name, to choose one from."""
    return _names(session, Partner.reseller_since.is_not(None))


@permits(Act.READ_RESELLERS)
def not_resellers(session: Session) -> dict[UUID, str]:
    """The partners that are no resellers, by name, to make one of them a reseller."""
    return _names(session, Partner.reseller_since.is_(None))


def _names(session: Session, which: ColumnElement[bool]) -> dict[UUID, str]:
    rows = session.execute(select(Partner.id, Partner.name).where(which).order_by(func.lower(Partner.name), Partner.id))
    return {row.id: row.name for row in rows}
