"""What one beacon adds to a visit. Pure; the only clock is the server's."""

from collections.abc import Mapping

from core.engagement.times import Times

MOST_STRIP = 8_000
"""Characters of a strip; what is read after that is counted and not drawn."""
SAME_RUN_SECONDS = 8
"""A section left and taken up again within this time is one run of the strip."""


def credited(times: Times, claimed: Mapping[int, int], elapsed_ms: int) -> dict[int, int]:
    """What each section's time grows by: the larger value counts, and no more in all than has passed since the start.

    Where more is claimed than can have passed, every section's growth is cut by the same share.
    """
    growth = {index: ms - times[index] for index, ms in claimed.items() if ms > times[index]}
    room = max(0, elapsed_ms - sum(times))
    asked = sum(growth.values())
    if asked <= room:
        return growth
    cut = {index: ms * room // asked for index, ms in growth.items()}
    return {index: ms for index, ms in cut.items() if ms}


def drawn(strip: str, growth: Mapping[int, int], at: int | None, elapsed_ms: int) -> str:
    """The replay's strip with what was just read at its end; the section being read comes last."""
    if len(strip) > MOST_STRIP:
        return strip
    start = max(0, elapsed_ms - sum(growth.values()))
    for index in sorted(growth, key=lambda index: (index == at, index)):
        strip = _appended(strip, index, start // 1_000, growth[index])
        start += growth[index]
    return strip


def at_the_end(strip: str, growth: Mapping[int, int], elapsed_ms: int) -> int:
    """The time (ms since the start) at which growth would have ended, had it been read right after the strip's end."""
    _, began, lasted = map(int, strip.rpartition("[")[2].rstrip("]").split(",")) if strip != "[]" else (0, 0, 0)
    return min(elapsed_ms, began * 1_000 + lasted + sum(growth.values()))


def _appended(strip: str, index: int, second: int, ms: int) -> str:
    head, _, tail = strip.rpartition("[")
    if head:
        last, began, lasted = map(int, tail.rstrip("]").split(","))
        if last == index and second - (began + lasted // 1_000) <= SAME_RUN_SECONDS:
            return f"{head}[{index},{began},{lasted + ms}]]"
    runs = strip[:-1] + "," if head else "["
    return f"{runs}[{index},{second},{ms}]]"
