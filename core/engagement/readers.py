"""Who reads: the views of each partner, its heat map, its visits, and each visit again as a strip of sections."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.engagement.filters import COUNTED, Filter, company_today, months_asked, partners_asked, visits_asked
from core.engagement.models import PartnerMonth, PartnerViews, Visit
from core.engagement.rollups import MS
from core.errors import NotFound
from core.partners.models import Partner
from core.proposals.content import SECTIONS

PAGE = 20
_VISIT_TIMES = [getattr(Visit, name) for name in MS]
_MOST_PARTNERS = 100
_MOST_VISITS = 50


@dataclass(frozen=True)
class Views:
    """How often a partner's proposal was read."""

    total: int
    today: int
    last_read_at: datetime | None
    devices: int


@dataclass(frozen=True)
class NeverReached:
    """A partner who opened the proposal and never got to its terms."""

    partner_id: UUID
    partner: str
    visits: int
    last_read_at: datetime | None


@dataclass(frozen=True)
class VisitRow:
    """One human visit. ``times``: visible ms by section; ``away_days``: since the partner's last reading before it."""

    id: UUID
    partner_id: UUID
    partner: str
    started_at: datetime
    day: date
    device: str
    new_device: bool
    read_before: bool
    away_days: int | None
    language: str
    version: int
    times: dict[str, int]

    @property
    def ms(self) -> int:
        """Visible ms in all."""
        return sum(self.times.values())


@dataclass(frozen=True)
class Run:
    """A stretch of a replay: a section, when it came into view (s since the visit began), visible ms."""

    section: str
    start: int
    ms: int


@permits(Act.READ_ENGAGEMENT)
def views_by_partner(session: Session) -> dict[UUID, Views]:
    """The views of every partner that has any."""
    read_today = dict(
        session.execute(
            select(Visit.partner_id, func.count())
            .where(COUNTED, Visit.day == company_today(session))
            .group_by(Visit.partner_id)
        ).all()
    )
    columns = (PartnerViews.partner_id, PartnerViews.visits, PartnerViews.last_read_at, PartnerViews.devices)
    return {
        partner: Views(total, read_today.get(partner, 0), last, devices)
        for partner, total, last, devices in session.execute(select(*columns)).all()
    }


@permits(Act.READ_ENGAGEMENT)
def heat_map(session: Session, asked: Filter, *, most: int = _MOST_PARTNERS) -> pd.DataFrame:
    """Partner × section: mean visible ms a visit, in whole calendar months; the partners with most visits first.

    Columns: partner_id, partner, visits, then the nine sections.
    """
    if asked.version is not None:
        return _read_heat_map(session, asked, most)
    visits = func.sum(PartnerMonth.visits)
    # The times of these few alone, by their keys: adding up everybody's is most of the work.
    most_read = months_asked(asked, PartnerMonth.partner_id).group_by(PartnerMonth.partner_id)
    rows = session.execute(
        select(PartnerMonth.partner_id, Partner.name, visits, *(func.sum(getattr(PartnerMonth, name)) for name in MS))
        .join(Partner, Partner.id == PartnerMonth.partner_id)
        .where(
            PartnerMonth.month.in_(asked.months),
            PartnerMonth.partner_id.in_(most_read.order_by(visits.desc()).limit(most)),
        )
        .group_by(PartnerMonth.partner_id, Partner.name)
        .order_by(visits.desc(), Partner.name)
    ).all()
    return _heat(rows)


def _read_heat_map(session: Session, asked: Filter, most: int) -> pd.DataFrame:
    rows = session.execute(visits_asked(asked, Visit.partner_id, *_VISIT_TIMES)).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=["partner_id", *MS]).assign(visits=1)
    sums = frame.groupby("partner_id")[["visits", *MS]].sum().sort_values("visits", ascending=False).head(most)
    names = dict(session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(sums.index))).all())
    return _heat([(partner, names[partner], *row) for partner, *row in sums.itertuples(name=None)])


def _heat(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """From rows of partner, name, visits and ms in each section."""
    sums = np.array([row[2:] for row in rows], np.int64).reshape(-1, 1 + len(MS))
    means = sums[:, 1:] / sums[:, :1]
    frame = pd.DataFrame(means, columns=[section.value for section in SECTIONS])
    frame.insert(0, "partner_id", [row[0] for row in rows])
    frame.insert(1, "partner", [row[1] for row in rows])
    frame.insert(2, "visits", sums[:, 0])
    return frame


@permits(Act.READ_ENGAGEMENT)
def never_reached_terms(session: Session, asked: Filter, *, most: int = _MOST_PARTNERS) -> list[NeverReached]:
    """Partners who read in these months and never reached the terms in them, the latest reader first."""
    visits, reached = func.sum(PartnerMonth.visits), func.sum(PartnerMonth.reached_terms)
    sums = months_asked(asked, PartnerMonth.partner_id, visits.label("visits")).group_by(PartnerMonth.partner_id)
    few = sums.having(reached == 0, visits > 0).subquery()
    rows = session.execute(
        select(Partner.id, Partner.name, few.c.visits, PartnerViews.last_read_at)
        .join(few, few.c.partner_id == Partner.id)
        .join(PartnerViews, PartnerViews.partner_id == Partner.id)
        .order_by(PartnerViews.last_read_at.desc())
        .limit(most)
    )
    return [NeverReached(row[0], row[1], int(row[2]), row[3]) for row in rows]


_ROW = (
    Visit.id, Visit.partner_id, Partner.name, Visit.started_at, Visit.day, Visit.device, Visit.new_device,
    Visit.read_before, Visit.away_days, Visit.language, Visit.version_number,
)  # fmt: skip
_NAMES = [field.name for field in fields(VisitRow)][: len(_ROW)]


def _visits(where: Sequence[ColumnElement[bool]]) -> Any:
    found = select(*_ROW, *_VISIT_TIMES).join(Partner, Partner.id == Visit.partner_id).where(COUNTED, *where)
    return found.order_by(Visit.day.desc(), Visit.started_at.desc())


def _visit(row: Any) -> VisitRow:
    read = {section.value: ms for section, ms in zip(SECTIONS, row[len(_ROW) :], strict=True)}
    return VisitRow(**dict(zip(_NAMES, row, strict=False)), times=read)


@permits(Act.READ_ENGAGEMENT)
def visits(session: Session, partner_id: UUID, *, page: int = 1) -> tuple[list[VisitRow], int]:
    """One page of a partner's visits, newest first, and how many there are in all."""
    total = session.scalar(select(PartnerViews.visits).where(PartnerViews.partner_id == partner_id)) or 0
    found = _visits([Visit.partner_id == partner_id]).limit(PAGE).offset((page - 1) * PAGE)
    return [_visit(row) for row in session.execute(found)], total


@permits(Act.READ_ENGAGEMENT)
def replay(session: Session, visit_id: UUID) -> tuple[VisitRow, list[Run]]:
    """A visit and what was in view when.

    Raises:
        NotFound: there is no such visit.
    """
    row = session.execute(_visits([Visit.id == visit_id])).one_or_none()
    strip = session.scalar(select(Visit.strip).where(Visit.id == visit_id))
    if row is None or strip is None:
        raise NotFound
    return _visit(row), [Run(SECTIONS[index].value, start, ms) for index, start, ms in json.loads(strip)]


@permits(Act.READ_ENGAGEMENT)
def returning(session: Session, asked: Filter, *, most: int = _MOST_VISITS) -> list[VisitRow]:
    """Visits by partners who had not read for a week or longer, newest first."""
    return _marked(session, asked, Visit.came_back.is_(True), most)


@permits(Act.READ_ENGAGEMENT)
def forwarded(session: Session, asked: Filter, *, most: int = _MOST_VISITS) -> list[VisitRow]:
    """Visits on a device that was new to a link used before on another one: forwarded, perhaps; newest first."""
    return _marked(session, asked, Visit.new_device.is_(True), most)


def _marked(session: Session, asked: Filter, mark: ColumnElement[bool], most: int) -> list[VisitRow]:
    where = [mark, Visit.day.between(asked.since, asked.until)]
    if asked.names_partners:
        where.append(Visit.partner_id.in_(partners_asked(asked)))
    if asked.version is not None:
        where.append(Visit.version_number == asked.version)
    return [_visit(row) for row in session.execute(_visits(where).limit(most))]
