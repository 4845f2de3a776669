"""Beacons as they are sent: read, checked and credited."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engagement.beacons import LONGEST_MS, BeaconRejected, parse, read_visit, sign_visit
from core.engagement.crediting import MOST_STRIP, credited, drawn
from core.engagement.times import INDEX, N
from core.proposals.content import SECTIONS

VISIT, SESSION = uuid4(), uuid4()


def beacon(**changed: object) -> bytes:
    """A good beacon, but for what is changed."""
    good = {"v": sign_visit(VISIT, SESSION), "n": 3, "ms": {"hero": 5_200, "terms": 900}, "at": "terms", "human": True}
    return json.dumps({**good, **changed}).encode()


class TestSigning:
    def test_gives_back_the_visit_and_its_session(self):
        assert read_visit(sign_visit(VISIT, SESSION)) == (VISIT, SESSION)

    @given(st.integers(0, 95), st.sampled_from("0123456789abcdef"))
    def test_refuses_any_other_digit(self, place, digit):
        signed = sign_visit(VISIT, SESSION)
        forged = signed[:place] + digit + signed[place + 1 :]
        assert (read_visit(forged) is None) == (forged != signed)

    @given(st.text(max_size=100))
    def test_refuses_any_text(self, text):
        assert read_visit(text) is None

    def test_takes_what_an_older_key_signed(self, set_settings):
        set_settings(secret_keys="old:" + "a" * 40)
        signed = sign_visit(VISIT, SESSION)
        set_settings(secret_keys="new:" + "b" * 40 + ",old:" + "a" * 40)
        assert read_visit(signed) == (VISIT, SESSION)
        assert sign_visit(VISIT, SESSION) != signed
        set_settings(secret_keys="new:" + "b" * 40)
        assert read_visit(signed) is None


class TestParse:
    def test_reads_a_good_one(self):
        read = parse(beacon())
        assert (read.visit, read.session, read.n, read.human) == (VISIT, SESSION, 3, True)
        assert read.ms == {INDEX["hero"]: 5_200, INDEX["terms"]: 900}
        assert read.at == INDEX["terms"]

    @pytest.mark.parametrize(
        ("body", "reason"),
        (
            (b"", "json"),
            (b"{" * 1_900, "json"),
            (b"[" * 1_900, "json"),
            (b"\xff\xfe", "json"),
            (b"9" * 2_000, "shape"),
            (b"[]", "shape"),
            (b"null", "shape"),
            (b"x" * 1_000_000, "size"),
        ),
    )
    def test_says_why_it_will_not_use_a_body(self, body, reason):
        with pytest.raises(BeaconRejected) as refusal:
            parse(body)
        assert refusal.value.reason == reason

    @pytest.mark.parametrize(
        ("changed", "reason"),
        (
            ({"v": None}, "shape"),
            ({"v": "0" * 96}, "visit"),
            ({"v": "é" * 96}, "visit"),
            ({"n": -1}, "range"),
            ({"n": 2**63}, "range"),
            ({"n": True}, "shape"),
            ({"n": 1.5}, "shape"),
            ({"ms": []}, "shape"),
            ({"ms": {"hero": -1}}, "range"),
            ({"ms": {"hero": 10**12}}, "range"),
            ({"ms": {"hero": LONGEST_MS + 1}}, "range"),
            ({"ms": {"hero": True}}, "shape"),
            ({"ms": {"hero": "5"}}, "shape"),
            ({"ms": {"hero": float("nan")}}, "shape"),
            ({"ms": {"heroes": 5}}, "section"),
            ({"at": "nowhere"}, "section"),
            ({"at": []}, "section"),
            ({"human": "yes"}, "shape"),
            ({"human": None}, "shape"),
        ),
    )
    def test_says_why_it_will_not_use_a_value(self, changed, reason):
        with pytest.raises(BeaconRejected) as refusal:
            parse(beacon(**changed))
        assert refusal.value.reason == reason

    @given(st.binary(max_size=3_000))
    def test_never_fails_on_noise(self, noise):
        with pytest.raises(BeaconRejected):
            parse(noise)


times = st.lists(st.integers(0, 100_000), min_size=N, max_size=N)
claims = st.dictionaries(st.integers(0, N - 1), st.integers(0, LONGEST_MS))


class TestCredited:
    @given(times, claims, st.integers(-1_000, LONGEST_MS))
    def test_never_exceeds_the_time_that_passed(self, read, claimed, elapsed):
        grown = sum(read) + sum(credited(read, claimed, elapsed).values())
        assert grown <= max(sum(read), elapsed)

    @given(times, claims, st.integers(0, LONGEST_MS))
    def test_never_takes_back_and_never_exceeds_the_claim(self, read, claimed, elapsed):
        for index, growth in credited(read, claimed, elapsed).items():
            assert 0 < growth <= claimed[index] - read[index]

    @given(claims)
    def test_takes_the_larger_value_where_time_allows(self, claimed):
        read = [0] * N
        for index, growth in credited(read, claimed, 10**12).items():
            read[index] += growth
        assert {index: ms for index, ms in enumerate(read) if ms} == {i: ms for i, ms in claimed.items() if ms}
        assert credited(read, claimed, 10**12) == {}


class TestStrip:
    def test_joins_what_belongs_together(self):
        strip = drawn("[]", {0: 5_000}, 0, 5_000)
        strip = drawn(strip, {0: 1_000, 1: 4_000}, 1, 10_000)
        strip = drawn(strip, {0: 5_000}, 0, 60_000)
        assert json.loads(strip) == [[0, 0, 6_000], [1, 6, 4_000], [0, 55, 5_000]]

    @given(st.lists(st.tuples(st.integers(0, N - 1), st.integers(1, 9_000)), max_size=60))
    def test_holds_all_that_was_read_in_order(self, reads):
        strip, clock = "[]", 0
        for index, ms in reads:
            clock += ms + 200
            strip = drawn(strip, {index: ms}, index, clock)
        runs = json.loads(strip)
        assert sum(run[2] for run in runs) == sum(ms for _, ms in reads)
        assert [run[1] for run in runs] == sorted(run[1] for run in runs)

    def test_stays_short(self):
        strip = "[]"
        for second in range(0, 100_000, 20):
            strip = drawn(strip, {second // 20 % N: 5_000}, None, second * 1_000 + 5_000)
        assert len(strip) < MOST_STRIP + 40
        assert json.loads(strip)[0] == [0, 0, 5_000]


def test_sections_are_named_as_in_proposals():
    assert list(INDEX) == [section.value for section in SECTIONS]
