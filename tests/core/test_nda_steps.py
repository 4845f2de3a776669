"""The pure rules of signing: whose name it is, how long was read, how far a clock is off, how long an NDA lasts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.nda.evidence import MUSCAT, expiry
from core.nda.steps import State, credited, drift, full_name, may_be_signed_anew, same_name, state_of

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
NAMES = (
    "Salim Ali", "سالم بن علي الكندي", "Jean-Luc D’Arcy", "José Núñez", "A. Ali", "O'Neil", "Ægir Þórsson",
    "مُحَمَّد", "Al",
)  # fmt: skip
NO_NAMES = (
    "", "   ", "x", "x" * 121, "a" * 500, "Salim\u202eAli", "Salim\nAli", "Salim\tAli", "Salim 2", "سالم ٢", "...", "-",
    "Salim <b>", "Иван Иванов", "山田太郎", "Sal\u200bim", "Sal\x00im", "Salim Ali\ud800", "S\ufeffalim", "😀 Ali",
    "a_b",
)  # fmt: skip


@dataclass(frozen=True)
class Lasting:
    expires_at: datetime
    superseded_at: datetime | None = None


class TestFullName:
    @pytest.mark.parametrize("typed", NAMES)
    def test_takes_latin_and_arabic_names(self, typed):
        assert full_name(f"  {typed.replace(' ', '  ')} ") == full_name(typed)
        assert full_name(typed)

    @pytest.mark.parametrize("typed", NO_NAMES, ids=range(len(NO_NAMES)))
    def test_takes_nothing_else(self, typed):
        assert full_name(typed) is None

    @given(st.text(max_size=200))
    def test_never_fails_and_changes_nothing_twice(self, typed):
        name = full_name(typed)
        if name is not None:
            assert 2 <= len(name) <= 120
            assert full_name(name) == name
            assert name.isprintable()


class TestSameName:
    @pytest.mark.parametrize(
        ("one", "other"),
        (
            ("Salim Ali", "salim  ALI"),
            ("Al-Kindi", "Al Kindi"),
            ("José Núñez", "Jose Nunez"),
            ("S. Ali", "S Ali"),
            ("D’Arcy", "D'Arcy"),
            ("مُحَمَّد علي", "محمد علي"),
            ("محـــمد", "محمد"),
            ("أحمد", "احمد"),
        ),
    )
    def test_overlooks_how_it_is_written(self, one, other):
        assert same_name(one, other)

    @pytest.mark.parametrize(
        ("one", "other"), (("A. Ali", "Salim Ali"), ("سالم علي", "Salim Ali"), ("Ali", "Salim Ali"))
    )
    def test_sees_another_name(self, one, other):
        assert not same_name(one, other)


class TestCredited:
    KNOWN = ("purpose", "term")

    def test_gives_no_more_than_the_time_that_passed(self):
        told = {"purpose": 10**9, "term": 1_500, "elsewhere": 5}
        assert credited(told, known=self.KNOWN, elapsed=timedelta(seconds=2)) == {"purpose": 2_000, "term": 1_500}

    @given(
        st.dictionaries(
            st.sampled_from(("purpose", "term", "elsewhere", "")),
            st.one_of(st.none(), st.booleans(), st.text(), st.integers(), st.floats(), st.lists(st.integers())),
        ),
        st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=9)),
    )
    def test_whatever_is_told(self, told: dict[str, Any], elapsed):
        found = credited(told, known=self.KNOWN, elapsed=elapsed)
        assert set(found) == set(told) & set(self.KNOWN)
        assert all(type(ms) is int and 0 <= ms <= max(0, elapsed.total_seconds() * 1000) for ms in found.values())


class TestDrift:
    def test_is_seconds_ahead_of_ours(self):
        assert drift("2026-11-24T08:00:00Z", AT) == 2 * 86_400
        assert drift("2026-11-22T11:59:30+04:00", AT) == -30
        assert drift("2026-11-22T08:00:00", AT) == 0

    @pytest.mark.parametrize("told", ("", "soon", "2026-13-01", "9" * 40))
    def test_of_no_instant_is_unknown(self, told):
        assert drift(told, AT) is None

    @given(st.text())
    def test_never_fails(self, told):
        assert drift(told, AT) is None or isinstance(drift(told, AT), int)


class TestLasting:
    def test_is_three_years_to_the_second(self):
        nda = Lasting(expiry(AT))
        assert nda.expires_at == datetime(2029, 11, 22, 8, tzinfo=UTC)
        assert state_of(nda, nda.expires_at - timedelta(microseconds=1)) is State.EXPIRING
        assert state_of(nda, nda.expires_at) is State.EXPIRED

    @pytest.mark.parametrize("zone", ("UTC", "Asia/Muscat", "America/Los_Angeles"))
    def test_from_a_29_february_ends_on_the_28th_in_muscat(self, zone):
        signed = datetime(2028, 2, 29, 0, 30, tzinfo=MUSCAT).astimezone(ZoneInfo(zone))
        assert expiry(signed).astimezone(MUSCAT) == datetime(2031, 2, 28, 0, 30, tzinfo=MUSCAT)

    @given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60 * 365)))
    def test_of_any_day_is_three_years(self, later):
        span = expiry(AT + later) - (AT + later)
        assert timedelta(days=3 * 365 - 1) <= span <= timedelta(days=3 * 365 + 1)

    def test_expires_soon_from_ninety_days_before(self):
        nda = Lasting(AT)
        assert state_of(nda, AT - timedelta(days=90)) is State.EXPIRING
        assert state_of(nda, AT - timedelta(days=90, microseconds=1)) is State.VALID

    def test_is_superseded_whatever_its_age(self):
        assert state_of(Lasting(AT, superseded_at=AT), AT - timedelta(days=900)) is State.SUPERSEDED

    def test_may_be_signed_anew_when_it_is_not_simply_valid(self):
        assert may_be_signed_anew(None, AT)
        assert not may_be_signed_anew(Lasting(AT + timedelta(days=91)), AT)
        assert may_be_signed_anew(Lasting(AT + timedelta(days=90)), AT)
        assert may_be_signed_anew(Lasting(AT), AT)
