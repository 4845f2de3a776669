"""What one look at the Engagement screen needs, gathered in one read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pandas as pd
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.companies.queries import owners
from core.engagement import queries, readers
from core.engagement.calls import Call, call_list
from core.engagement.cohorts import conversion, time_in_stage
from core.engagement.filters import Filter, company_today
from core.engagement.queries import Figures, Sections, Step
from core.engagement.readers import NeverReached, VisitRow
from core.partners.queries import names


@dataclass(frozen=True)
class Choices:
    """What the filters offer: today where the company is, owners and partners by id."""

    today: date
    owners: dict[UUID, str]
    partners: dict[UUID, str]


@dataclass(frozen=True)
class Overview:
    """The answer at a glance: figures now and before, whom to call, where readers stop, what holds them."""

    figures: Figures
    before: Figures
    calls: list[Call]
    steps: tuple[Step, ...]
    sections: Sections
    excluded: dict[str, int]


@dataclass(frozen=True)
class ByPartner:
    """Who reads what: the heat map, and the visits and partners worth a second look."""

    heat: pd.DataFrame
    never: list[NeverReached]
    returning: list[VisitRow]
    forwarded: list[VisitRow]


@dataclass(frozen=True)
class OverTime:
    """How reading and the pipeline develop."""

    days: pd.DataFrame
    conversion: pd.DataFrame
    stages: pd.DataFrame


@permits(Act.READ_ENGAGEMENT)
def choices(session: Session) -> Choices:
    """What there is to filter by."""
    return Choices(company_today(session), owners(session), names(session))


@permits(Act.READ_ENGAGEMENT)
def overview(session: Session, asked: Filter) -> Overview:
    """The figures, the call list, the drop-off and the sections."""
    shared = queries.days(session, asked) if asked.is_open else None
    now, before = queries.figures(session, asked, shared=shared)
    return Overview(
        figures=now,
        before=before,
        calls=call_list(session, asked=asked),
        steps=queries.drop_off(session, asked, shared=shared),
        sections=queries.sections(session, asked, shared=shared),
        excluded=queries.excluded(session, asked, shared=shared),
    )


@permits(Act.READ_ENGAGEMENT)
def by_partner(session: Session, asked: Filter) -> ByPartner:
    """The heat map, who never reached the terms, who came back, which links were used on a new device."""
    return ByPartner(
        heat=readers.heat_map(session, asked),
        never=readers.never_reached_terms(session, asked),
        returning=readers.returning(session, asked),
        forwarded=readers.forwarded(session, asked),
    )


@permits(Act.READ_ENGAGEMENT)
def over_time(session: Session, asked: Filter) -> OverTime:
    """Visits by day, conversion and time in stage by cohort."""
    return OverTime(
        days=queries.visits_per_day(session, asked),
        conversion=conversion(session, asked),
        stages=time_in_stage(session, asked),
    )
