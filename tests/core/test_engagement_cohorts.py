"""Cohorts: how far the partners of each month came, and how long they stood in each stage."""

from datetime import date, timedelta

import pytest

from core.actor import system
from core.db import reading, transaction
from core.engagement import cohorts
from core.engagement.filters import Filter
from core.partners.models import Hop
from core.partners.pipeline import Status
from tests.core.engagement_world import publish


def _november(clock) -> Filter:
    """The last sixty days up to today."""
    today = (clock.now() + timedelta(hours=4)).date()
    return Filter(today - timedelta(days=59), today)


@pytest.fixture
def moved(company, clock) -> None:
    """Two partners sent a proposal in November; one of them came as far as the NDA, ten days later."""
    far, near = publish(company), publish(company)
    steps = [
        (far, Status.DRAFT, Status.PROPOSAL_SENT, 2),
        (near, Status.DRAFT, Status.PROPOSAL_SENT, 4),
        (far, Status.PROPOSAL_SENT, Status.MEETING_SCHEDULED, 4),
        (far, Status.MEETING_SCHEDULED, Status.NDA_SIGNED, 6),
    ]
    with transaction(system(company.id)) as session:
        for proposal, start, to, days in steps:
            hop = Hop(partner_id=proposal.partner, at=clock.now(), start=start, to=to, actor_name="Aisha")
            hop.seconds_in_stage = days * 86_400
            session.add(hop)


def test_count_how_far_each_month_came(moved, clock, aisha):
    with reading(aisha) as session:
        frame = cohorts.conversion(session, _november(clock))
    assert frame.to_dict("records") == [
        {
            "cohort": date(2026, 11, 1),
            "sent": 2,
            "meeting_scheduled": 1,
            "nda_signed": 1,
            "mou_signed": 0,
            "active": 0,
        }
    ]


def test_measure_the_time_in_each_stage(moved, clock, aisha):
    with reading(aisha) as session:
        frame = cohorts.time_in_stage(session, _november(clock))
    found = frame[["stage", "partners", "median_days"]].itertuples(index=False, name=None)
    assert list(found) == [("draft", 2, 3.0), ("proposal_sent", 1, 4.0), ("meeting_scheduled", 1, 6.0)]


def test_are_empty_before_anything_was_sent(session, company, clock):
    assert cohorts.conversion(session, _november(clock)).empty
    assert cohorts.time_in_stage(session, _november(clock)).empty
