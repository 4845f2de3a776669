"""How reading times are kept and summed: thresholds, histograms and their percentiles. Pure.

A histogram has buckets whose bounds grow by a twentieth, so that the middle of a bucket is within 2.5 % of every time
in it. One block holds ten of them, a row for each section and the last row for whole visits.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.proposals.content import SECTIONS

N = len(SECTIONS)
INDEX = {section.value: index for index, section in enumerate(SECTIONS)}
TERMS = INDEX["terms"]
END = _CTA, _DOCUMENTS = INDEX["cta"], INDEX["documents"]
"""Whoever reached the call to act or the documents has read to the end."""

REACHED_MS = 1_000
"""A section counts as reached once it was in view for a second; scrolling past it is less."""
GROWTH = 1.05
BUCKETS = 192
"""From one second to about three hours; longer times stand in the last bucket."""
_BOUNDS = [round(REACHED_MS * GROWTH**step) for step in range(1, BUCKETS)]
_BOUNDS_ARRAY = np.array(_BOUNDS)
_MIDDLES = np.array([REACHED_MS * GROWTH ** (step + 0.5) for step in range(BUCKETS)])

Block = NDArray[np.int32]
Times = Sequence[int]
"""Milliseconds in each of the nine sections."""


def bucket(ms: int) -> int:
    """The bucket of a time."""
    return bisect_right(_BOUNDS, ms)


def buckets(ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """The buckets of many times."""
    return np.searchsorted(_BOUNDS_ARRAY, ms, side="right")


def block(packed: bytes) -> Block:
    """A block to change, from its bytes; no bytes are an empty one."""
    if not packed:
        return np.zeros((N + 1, BUCKETS), np.int32)
    return np.frombuffer(packed, "<i4").reshape(N + 1, BUCKETS).astype(np.int32)


def packed(changed: Block) -> bytes:
    """The bytes of a block."""
    return changed.astype("<i4").tobytes()


def moved(changed: Block, moves: Mapping[int, int]) -> Block:
    """The block with visits added to (or taken from) places, each numbered row × BUCKETS + bucket."""
    flat = changed.reshape(-1)
    for place, count in moves.items():
        flat[place] += count
    return changed


def summed(blobs: Sequence[bytes], *, rows: int = N + 1) -> NDArray[np.int64]:
    """The sum of many blocks, or of some rows cut out of each."""
    total = np.zeros((rows, BUCKETS), np.int64)
    for each in blobs:
        if each:
            total += np.frombuffer(each, "<i4").reshape(rows, BUCKETS)
    return total


def percentile(counts: NDArray[np.int64], share: float) -> float | None:
    """The time (ms) that a share of the visits stayed under, from a row of buckets; None when there are none."""
    total = int(counts.sum())
    if not total:
        return None
    rank = max(1, int(np.ceil(share * total)))
    return float(_MIDDLES[int(np.searchsorted(np.cumsum(counts), rank))])


def exact_percentile(ms: NDArray[np.int64], share: float) -> float | None:
    """The same from the times themselves: the smallest that so many visits did not exceed."""
    return float(np.percentile(ms, share * 100, method="inverted_cdf")) if len(ms) else None


def places(times: Times) -> list[int]:
    """Where a visit stands in a block: one place for each section it reached, one for the whole."""
    found = [row * BUCKETS + bucket(ms) for row, ms in enumerate(times) if ms >= REACHED_MS]
    found.append(N * BUCKETS + bucket(sum(times)))
    return found


def furthest(times: Times) -> int | None:
    """The last section a visit reached."""
    for index in range(N - 1, -1, -1):
        if times[index] >= REACHED_MS:
            return index
    return None


def counts(times: Times) -> list[int]:
    """A visit as a summand: 1, nine times, nine marks of the sections reached, nine marks of the furthest one."""
    reached = [1 if ms >= REACHED_MS else 0 for ms in times]
    last = [0] * N
    for index in range(N - 1, -1, -1):
        if reached[index]:
            last[index] = 1
            break
    return [1, *times, *reached, *last]


def read_to_the_end(times: Times) -> int:
    """1 when a visit reached the end, else 0."""
    return 1 if times[_CTA] >= REACHED_MS or times[_DOCUMENTS] >= REACHED_MS else 0


def grown(before: Times, after: Times) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What a visit's growth changes: places of ``counts`` and places of a block, each with how much."""
    change: list[tuple[int, int]] = []
    moves: list[tuple[int, int]] = []
    crossed = False
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if new == old:
            continue
        change.append((1 + index, new - old))
        if new < REACHED_MS:
            continue
        if old >= REACHED_MS:
            moves += _moved(index, old, new)
        else:
            crossed = True
            change.append((1 + N + index, 1))
            moves.append((index * BUCKETS + bucket(new), 1))
    if crossed:
        first = 1 + 2 * N
        change += [
            (first + last, step) for last, step in ((furthest(before), -1), (furthest(after), 1)) if last is not None
        ]
    moves += _moved(N, sum(before), sum(after))
    return change, moves


def _moved(row: int, old: int, new: int) -> tuple[tuple[int, int], ...]:
    """A visit from one bucket of a row to another; most growth stays inside its bucket."""
    left, entered = bisect_right(_BOUNDS, old), bisect_right(_BOUNDS, new)
    return () if left == entered else ((row * BUCKETS + left, -1), (row * BUCKETS + entered, 1))
