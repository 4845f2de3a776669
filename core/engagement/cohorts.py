"""How far the partners of each month got through the pipeline, and how long they stood in each stage."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.companies.models import Company
from core.engagement.filters import Filter, partners_asked
from core.partners.models import Hop
from core.partners.pipeline import STAGES, Status

_AFTER = STAGES[1:]
_DAY = 86_400


@permits(Act.READ_ENGAGEMENT)
def conversion(session: Session, asked: Filter) -> pd.DataFrame:
    """A row for each month in which proposals were first sent: cohort (its first day), sent, then how many of those
    partners reached each later stage so far, under the stage's name.
    """
    hops = _hops(session, asked)
    columns = ["cohort", "sent", *(stage.value for stage in _AFTER[1:])]
    if hops.empty:
        return pd.DataFrame(columns=columns)
    furthest = hops[hops["to"].isin(_AFTER)].assign(place=lambda frame: frame["to"].map(_AFTER.index))
    best = furthest.groupby(["cohort", "partner_id"])["place"].max().reset_index()
    rows = [
        (cohort, len(of), *(int((of["place"] >= place).sum()) for place in range(1, len(_AFTER))))
        for cohort, of in best.groupby("cohort")
    ]
    return pd.DataFrame(rows, columns=columns)


@permits(Act.READ_ENGAGEMENT)
def time_in_stage(session: Session, asked: Filter) -> pd.DataFrame:
    """How long stages lasted that were left, by cohort: cohort, stage, partners, median_days, p90_days."""
    hops = _hops(session, asked)
    columns = ["cohort", "stage", "partners", "median_days", "p90_days"]
    left = hops[hops["start"].notna()] if not hops.empty else hops
    if left.empty:
        return pd.DataFrame(columns=columns)
    rows = [
        (cohort, stage, of["partner_id"].nunique(), of["days"].median(), of["days"].quantile(0.9))
        for (cohort, stage), of in left.groupby(["cohort", "start"])
    ]
    order = {stage.value: place for place, stage in enumerate((*STAGES, Status.ON_HOLD))}
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["cohort", "stage"], key=lambda column: column.map(order) if column.name == "stage" else column
    )


def _hops(session: Session, asked: Filter) -> pd.DataFrame:
    """The hops of the partners whose proposal was first sent in the days asked about, with their cohort."""
    found = select(Hop.partner_id, Hop.at, Hop.start, Hop.to, Hop.seconds_in_stage)
    if asked.names_partners:
        found = found.where(Hop.partner_id.in_(partners_asked(asked)))
    frame = pd.DataFrame(
        [
            (row[0], row[1], row[2].value if row[2] else None, row[3].value, row[4] / _DAY)
            for row in session.execute(found)
        ],
        columns=["partner_id", "at", "start", "to", "days"],
    )
    sent = frame[frame["to"] == Status.PROPOSAL_SENT.value].groupby("partner_id")["at"].min()
    zone = _zone(session)
    days = {partner: at.astimezone(zone).date() for partner, at in sent.items()}
    cohorts = {partner: day.replace(day=1) for partner, day in days.items() if asked.since <= day <= asked.until}
    return _with_cohort(frame, cohorts)


def _with_cohort(frame: pd.DataFrame, cohorts: dict[Any, date]) -> pd.DataFrame:
    known = frame[frame["partner_id"].isin(list(cohorts))]
    return known.assign(cohort=[cohorts[partner] for partner in known["partner_id"]])


def _zone(session: Session) -> ZoneInfo:
    company = actor_of(session).company
    if company is None:
        raise ValueError("which company?")
    return ZoneInfo(session.get_one(Company, company).time_zone)
