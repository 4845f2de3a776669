"""Why to call a partner, in a table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engagement.reasons import Read, Reason, ReasonKey, reasons
from core.engagement.times import INDEX, N
from core.partners.pipeline import Status

TODAY = date(2026, 11, 22)


def read(days_ago: int = 0, *, came_back: int | None = None, new_device: bool = False, **ms: int) -> Read:
    """A visit some days ago: ``read(2, hero=5_000)``."""
    times = [0] * N
    for section, spent in ms.items():
        times[INDEX[section]] = spent
    day = TODAY - timedelta(days=days_ago)
    return Read(day, times, new_device, came_back is not None, came_back, "Safari on iPhone")


CASES = {
    "nobody read": ([], Status.PROPOSAL_SENT, []),
    "opened three times this week, long on the terms, no next steps": (
        [read(1, terms=200_000, why=2_000), read(2, terms=160_000), read(6, hero=9_000, terms=2_000)],
        Status.PROPOSAL_SENT,
        [Reason(ReasonKey.OPENED_OFTEN, {"times": 3, "section": "terms", "ms": 362_000, "missing": "next_steps"})],
    ),
    "opened often, to the end, after the meeting": (
        [read(1, terms=2_000, documents=3_000)] * 3,
        Status.MEETING_SCHEDULED,
        [Reason(ReasonKey.OPENED_OFTEN, {"times": 3, "section": "documents", "ms": 9_000, "missing": None})],
    ),
    "a week ago is not this week": (
        [read(1, terms=2_000), read(7, terms=2_000), read(8, terms=2_000)],
        Status.DRAFT,
        [],
    ),
    "read to the end, no meeting yet": (
        [read(2, terms=2_000), read(4, terms=9_000, cta=2_000)],
        Status.PROPOSAL_SENT,
        [Reason(ReasonKey.READ_TO_END, {"days": 4})],
    ),
    "read to the end, meeting agreed": ([read(4, terms=9_000, cta=2_000)], Status.MEETING_SCHEDULED, []),
    "came back after 16 days": (
        [read(0, came_back=16, terms=2_000), read(16, terms=2_000)],
        Status.PROPOSAL_SENT,
        [Reason(ReasonKey.CAME_BACK, {"days": 16})],
    ),
    "came back, two weeks ago": ([read(14, came_back=16, terms=2_000)], Status.PROPOSAL_SENT, []),
    "opened on a new device": (
        [read(1, terms=2_000), read(3, new_device=True, terms=2_000)],
        Status.NDA_SIGNED,
        [Reason(ReasonKey.NEW_DEVICE, {"device": "Safari on iPhone"})],
    ),
    "opened, never reached the terms": (
        [read(3, hero=4_000), read(5, hero=900)],
        Status.PROPOSAL_SENT,
        [Reason(ReasonKey.NEVER_TERMS, {"visits": 2, "furthest": "hero"})],
    ),
    "opened an hour ago, may still read on": ([read(0, hero=4_000)], Status.PROPOSAL_SENT, []),
    "opened and closed at once": (
        [read(9)],
        Status.PROPOSAL_SENT,
        [Reason(ReasonKey.NEVER_TERMS, {"visits": 1, "furthest": None})],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_reasons(case):
    reads, status, expected = CASES[case]
    assert reasons(reads, status=status, today=TODAY) == expected


some_reads = st.lists(
    st.builds(
        Read,
        st.dates(TODAY - timedelta(days=40), TODAY),
        st.lists(st.integers(0, 300_000), min_size=N, max_size=N),
        st.booleans(),
        st.booleans(),
        st.integers(0, 300),
        st.just("Chrome on Windows"),
    ),
    max_size=15,
).map(lambda found: sorted(found, key=lambda each: each.day, reverse=True))


@given(some_reads, st.sampled_from(Status))
def test_each_reason_is_given_once_and_in_order(reads, status):
    keys = [reason.key for reason in reasons(reads, status=status, today=TODAY)]
    assert keys == sorted(set(keys), key=list(ReasonKey).index)
