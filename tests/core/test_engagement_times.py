"""Reading times in histograms: how far off a percentile may be, and what is added can be taken away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engagement import times

reads = st.lists(st.integers(0, 9_000_000), min_size=times.N, max_size=times.N)


def block_of(visits: list[list[int]]) -> times.Block:
    """The histograms of some visits."""
    found = times.block(b"")
    for visit in visits:
        times.moved(found, dict.fromkeys(times.places(visit), 1))
    return found


class TestPercentile:
    @given(st.lists(st.integers(1_000, 10_000_000), min_size=1, max_size=300), st.sampled_from([0.5, 0.9, 0.95]))
    def test_is_within_three_percent_of_exact(self, spent, share):
        counts = np.bincount(times.buckets(np.array(spent)), minlength=times.BUCKETS)
        exact = times.exact_percentile(np.array(spent), share)
        assert times.percentile(counts, share) == pytest.approx(exact, rel=0.03)

    def test_of_nothing_is_nothing(self):
        assert times.percentile(np.zeros(times.BUCKETS, np.int64), 0.5) is None
        assert times.exact_percentile(np.array([], np.int64), 0.5) is None

    def test_of_more_than_the_last_bucket_is_the_last_bucket(self):
        assert times.bucket(10**9) == times.BUCKETS - 1


class TestBlock:
    @given(st.integers(0, 10**8))
    def test_finds_one_bucket_alone_and_among_many(self, ms):
        assert times.bucket(ms) == times.buckets(np.array([ms]))[0]

    @given(st.lists(reads, max_size=6))
    def test_comes_back_from_its_bytes(self, visits):
        found = block_of(visits)
        assert (times.block(times.packed(found)) == found).all()
        assert (times.summed([times.packed(found)] * 3) == 3 * found).all()

    @given(reads, reads)
    def test_forgets_what_is_taken_away(self, first, second):
        found = block_of([first, second])
        times.moved(found, dict.fromkeys(times.places(second), -1))
        assert (found == block_of([first])).all()


class TestCounts:
    def test_marks_what_was_reached_and_the_furthest(self):
        read = [5_000, 0, 999, 1_000, 0, 0, 0, 0, 0]
        visits, *rest = times.counts(read)
        assert (visits, rest[:9], rest[9:18], rest[18:]) == (
            1,
            read,
            [1, 0, 0, 1, 0, 0, 0, 0, 0],
            [0, 0, 0, 1, 0, 0, 0, 0, 0],
        )
        assert times.furthest(read) == 3

    def test_marks_no_furthest_where_nothing_was_reached(self):
        assert sum(times.counts([999] * times.N)[10:]) == 0
        assert times.furthest([999] * times.N) is None

    @pytest.mark.parametrize(("section", "ends"), ((6, 0), (7, 1), (8, 1)))
    def test_knows_the_end(self, section, ends):
        read = [0] * times.N
        read[section] = 4_000
        assert times.read_to_the_end(read) == ends
