"""Keys: version 7, in the order they were made, never one twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from core.ids import new_id
from tests.conftest import Clock


def test_they_sort_as_they_were_made_also_while_the_clock_stands(clock: Clock) -> None:
    made = []
    for _ in range(5):
        made += [new_id() for _ in range(1_000)]
        clock.forward(seconds=1)
    assert made == sorted(made)
    assert len(set(made)) == 5_000


def test_they_are_of_version_7_and_tell_their_millisecond(clock: Clock) -> None:
    key = new_id()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert key.int >> 80 == time.time_ns() // 1_000_000


def test_those_of_one_millisecond_are_far_apart(clock: Clock) -> None:
    made = [new_id().int for _ in range(1_000)]
    steps = [later - earlier for earlier, later in pairwise(made)]
    assert len(set(steps)) > 990
    assert sum(steps) / len(steps) > 2**30


def test_threads_never_get_the_same(clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == 20_000
