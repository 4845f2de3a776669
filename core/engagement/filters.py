"""Which visits a question is about. The one place that says which visits count."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from core.actor import actor_of
from core.clock import today
from core.companies.models import Company
from core.engagement.models import PartnerMonth, Reader, Visit
from core.partners.models import Partner
from core.partners.pipeline import Status

COUNTED: ColumnElement[bool] = Visit.reader == Reader.HUMAN
"""Only people's visits count; every number and list of visits is filtered by this."""
NEWEST = 20_000
"""A filtered question is answered from the newest so many visits at most; answers say when that happened."""


@dataclass(frozen=True)
class Filter:
    """Days (both included, in the company's time zone) and, if wanted, partners, owner, stage, version."""

    since: date
    until: date
    partner_ids: tuple[UUID, ...] | None = None
    owner_id: UUID | None = None
    stage: Status | None = None
    version: int | None = None

    @property
    def names_partners(self) -> bool:
        """Whether only some partners are asked about."""
        return not (self.partner_ids is None and self.owner_id is None and self.stage is None)

    @property
    def is_open(self) -> bool:
        """Whether all visits of the days are asked about, so that the days' sums answer."""
        return self.version is None and not self.names_partners

    @property
    def months(self) -> list[date]:
        """The first days of the calendar months that the days touch."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.since, self.until))
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]

    @property
    def before(self) -> "Filter":
        """The same question about as many days just before."""
        length = self.until - self.since
        last = self.since - timedelta(days=1)
        return replace(self, since=last - length, until=last)


def last_days(session: Session, days: int, **others: Any) -> Filter:
    """The filter for so many days up to today, where the company is."""
    until = company_today(session)
    return Filter(since=until - timedelta(days=days - 1), until=until, **others)


def company_today(session: Session) -> date:
    """Today, where the session's company is."""
    company = actor_of(session).company
    if company is None:
        raise ValueError("which company?")
    return today(session.get_one(Company, company).time_zone)


def partners_asked(asked: Filter) -> Select[Any]:
    """The partners a filter names."""
    chosen = select(Partner.id)
    if asked.partner_ids is not None:
        chosen = chosen.where(Partner.id.in_(asked.partner_ids))
    if asked.owner_id is not None:
        chosen = chosen.where(Partner.owner_id == asked.owner_id)
    if asked.stage is not None:
        chosen = chosen.where(Partner.status == asked.stage)
    return chosen


def visits_asked(asked: Filter, *columns: Any) -> Select[Any]:
    """The visits that count and that a filter asks about, newest first, ``NEWEST`` at most."""
    found = select(*columns).where(COUNTED, Visit.day.between(asked.since, asked.until))
    if asked.names_partners:
        found = found.where(Visit.partner_id.in_(partners_asked(asked)))
    if asked.version is not None:
        found = found.where(Visit.version_number == asked.version)
    return found.order_by(Visit.day.desc(), Visit.started_at.desc()).limit(NEWEST)


def months_asked(asked: Filter, *columns: Any) -> Select[Any]:
    """The partners' months that a filter touches."""
    found = select(*columns).where(PartnerMonth.month.between(asked.since.replace(day=1), asked.until))
    return found.where(PartnerMonth.partner_id.in_(partners_asked(asked))) if asked.names_partners else found


def day_bits(month: date, asked: Filter) -> int:
    """The days of a month that a filter asks about, as ``PartnerMonth.days`` keeps them."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    first = max(asked.since, month)
    last = min(asked.until, following - timedelta(days=1))
    if last < first:
        return 0
    return ((1 << (last.day - first.day + 1)) - 1) << (first.day - 1)
