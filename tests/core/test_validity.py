"""Certifications last to the day: leap days, midnights where the company is, clocks that change, renewals."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.validity import (
    NOTICES,
    RENEW_BEFORE,
    Standing,
    State,
    days_left,
    ends,
    last_day,
    may_renew,
    notices_due,
    standing,
)

MUSCAT = "Asia/Muscat"
ZONES = (
    MUSCAT, "UTC", "Asia/Dubai", "Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo", "Europe/London", "America/New_York",
    "America/Havana", "America/Santiago", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores",
)  # fmt: skip
INSTANT = timedelta(microseconds=1)
instants = st.integers(0, 60 * 366 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.sampled_from(ZONES)
lengths = st.integers(1, 3650)


@dataclass(frozen=True)
class Certificate:
    """As much of a certification as tells whether it counts."""

    valid_until: date
    expires_at: datetime
    revoked_at: datetime | None = None


def certificate(last, zone=MUSCAT, *, revoked_at=None):
    """One that counts until a day."""
    return Certificate(last, ends(last, zone), revoked_at)


def utc(text):
    """An instant in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")


class TestLastDay:
    @pytest.mark.parametrize(
        ("completed", "days", "last"),
        (
            ("2026-11-22T08:00", 365, "2027-11-22"),
            ("2026-11-22T19:59:59.999999", 365, "2027-11-22"),
            ("2026-11-22T20:00", 365, "2027-11-23"),
            ("2026-12-31T20:00", 1, "2027-01-02"),
            ("2028-02-29T08:00", 365, "2029-02-28"),
            ("2028-02-29T08:00", 366, "2029-03-01"),
            ("2028-02-28T20:00", 365, "2029-02-28"),
            ("2027-02-28T08:00", 365, "2028-02-28"),
            ("2027-03-01T08:00", 365, "2028-02-29"),
            ("2028-02-28T08:00", 1, "2028-02-29"),
            ("2026-11-22T08:00", 3650, "2036-11-19"),
        ),
    )
    def test_is_counted_in_days_of_muscat(self, completed, days, last):
        assert last_day(utc(completed), days=days, zone=MUSCAT) == date.fromisoformat(last)

    @given(instants, zones, lengths)
    def test_lasts_that_many_days_after_the_day_of_passing(self, completed, zone, days):
        last = last_day(completed, days=days, zone=zone)
        assert days_left(last, completed, zone) == days
        assert last - completed.astimezone(ZoneInfo(zone)).date() == timedelta(days=days)


class TestEnds:
    @pytest.mark.parametrize(
        ("last", "zone", "end"),
        (
            ("2027-11-22", MUSCAT, "2027-11-22T20:00"),
            ("2028-02-28", MUSCAT, "2028-02-28T20:00"),
            ("2028-02-29", MUSCAT, "2028-02-29T20:00"),
            ("2027-12-31", MUSCAT, "2027-12-31T20:00"),
            ("2027-03-13", "America/New_York", "2027-03-14T05:00"),
            ("2027-03-14", "America/New_York", "2027-03-15T04:00"),
            ("2027-11-07", "America/New_York", "2027-11-08T05:00"),
            ("2027-11-06", "America/Havana", "2027-11-07T04:00"),
            ("2027-03-27", "Asia/Beirut", "2027-03-27T22:00"),
            ("2018-02-17", "America/Sao_Paulo", "2018-02-18T03:00"),
            ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00"),
            ("2027-04-03", "Australia/Lord_Howe", "2027-04-03T13:00"),
        ),
    )
    def test_is_the_midnight_after_the_day(self, last, zone, end):
        assert ends(date.fromisoformat(last), zone) == utc(end)

    @given(instants, zones, lengths)
    def test_is_the_first_instant_that_is_not_that_day(self, completed, zone, days):
        last = last_day(completed, days=days, zone=zone)
        end = ends(last, zone)
        assert end.tzinfo is UTC
        assert completed < end
        assert (end - INSTANT).astimezone(ZoneInfo(zone)).date() == last
        assert end.astimezone(ZoneInfo(zone)).date() == last + timedelta(days=1)


class TestStanding:
    @pytest.mark.parametrize(
        ("at", "state", "days"),
        (
            ("2027-08-23T19:59:59", State.VALID, 91),
            ("2027-08-23T20:00", State.EXPIRING, 90),
            ("2027-11-20T20:00", State.EXPIRING, 1),
            ("2027-11-21T20:00", State.EXPIRING, 0),
            ("2027-11-22T19:59:59.999999", State.EXPIRING, 0),
            ("2027-11-22T20:00", State.EXPIRED, 0),
            ("2031-01-01T00:00", State.EXPIRED, 0),
        ),
    )
    def test_turns_at_midnight_in_muscat(self, at, state, days):
        assert standing(certificate(date(2027, 11, 22)), utc(at), zone=MUSCAT) == Standing(state, days)

    @given(instants, zones, lengths, st.timedeltas(timedelta(0), timedelta(days=4000)))
    def test_counts_until_its_end_and_never_after(self, completed, zone, days, later):
        cert = certificate(last_day(completed, days=days, zone=zone), zone)
        found = standing(cert, completed + later, zone=zone)
        assert found.counts is (completed + later < cert.expires_at)
        assert found.state is not State.REVOKED
        assert 0 <= found.days <= days
        assert standing(cert, cert.expires_at - INSTANT, zone=zone) == Standing(State.EXPIRING, 0)
        assert standing(cert, cert.expires_at, zone=zone) == Standing(State.EXPIRED, 0)

    @given(instants, zones, lengths)
    def test_loses_one_day_each_midnight(self, completed, zone, days):
        last = last_day(completed, days=days, zone=zone)
        midnight = ends(completed.astimezone(ZoneInfo(zone)).date(), zone)
        assert days_left(last, midnight - INSTANT, zone) == days
        assert days_left(last, midnight, zone) == days - 1

    def test_does_not_count_from_when_it_was_revoked(self):
        cert = certificate(date(2027, 11, 22), revoked_at=utc("2027-01-01T00:00"))
        assert standing(cert, utc("2026-12-31T23:59:59"), zone=MUSCAT).state is State.VALID
        assert standing(cert, utc("2027-01-01T00:00"), zone=MUSCAT) == Standing(State.REVOKED, 0)
        assert not standing(cert, utc("2029-01-01T00:00"), zone=MUSCAT).counts

    def test_keeps_its_end_when_the_company_moves(self):
        cert = certificate(date(2027, 11, 22), "Pacific/Pago_Pago")
        found = standing(cert, cert.expires_at - INSTANT, zone="Pacific/Kiritimati")
        assert found == Standing(State.EXPIRING, 0)


class TestNoticesDue:
    @pytest.mark.parametrize(
        ("days", "told", "due"),
        (
            (365, (), None), (91, (), None), (90, (), 90), (90, (90,), None), (61, (), 90), (60, (90,), 60),
            (60, (), 60), (31, (90, 60), None), (30, (90, 60), 30), (30, (), 30), (8, (90,), 30), (7, (90, 60, 30), 7),
            (7, (), 7), (0, (), 7), (0, (7,), None), (-1, (), None), (-400, (90, 60, 30), None),
        ),
    )  # fmt: skip
    def test_is_the_nearest_that_was_not_told(self, days, told, due):
        assert notices_due(days, told) == due

    @pytest.mark.parametrize(("lasts", "due"), ((5, None), (7, None), (8, 7), (30, 7), (365, 7)))
    def test_is_none_that_the_certification_is_too_short_for(self, lasts, due):
        assert notices_due(5, (), lasts=lasts) == due

    @given(st.lists(st.integers(-10, 400), min_size=1), st.sets(st.sampled_from(NOTICES)))
    def test_is_told_once_and_never_after_a_later_one(self, days, told):
        said: list[int] = []
        for left in sorted(days, reverse=True):
            due = notices_due(left, {*told, *said})
            if due is not None:
                assert 0 <= left <= due
                assert due not in told
                said.append(due)
        assert said == sorted(set(said), reverse=True)

    def test_comes_four_times_when_looked_at_daily(self):
        told: list[int] = []
        for left in range(365, -3, -1):
            due = notices_due(left, told, lasts=365)
            told += [] if due is None else [due]
        assert told == [90, 60, 30, 7]


class TestMayRenew:
    @pytest.mark.parametrize(
        ("at", "may"),
        (
            ("2026-11-22T08:00", False),
            ("2027-08-23T19:59:59.999999", False),
            ("2027-08-23T20:00", True),
            ("2027-11-22T19:59:59", True),
            ("2028-05-01T00:00", True),
        ),
    )
    def test_begins_90_days_before_the_end(self, at, may):
        assert may_renew(date(2027, 11, 22), utc(at), MUSCAT) is may

    @given(instants, zones, st.integers(RENEW_BEFORE + 1, 3650), st.timedeltas(timedelta(0), timedelta(days=4000)))
    def test_is_when_it_is_expiring_or_over_and_gains_days(self, completed, zone, days, later):
        last = last_day(completed, days=days, zone=zone)
        at = completed + later
        assert may_renew(last, at, zone) is (standing(certificate(last, zone), at, zone=zone).state is not State.VALID)
        if may_renew(last, at, zone):
            assert last_day(at, days=days, zone=zone) > last
