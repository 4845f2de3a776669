"""A figure of several rounds, as the tables show it."""

import statistics
from collections.abc import Iterable, Sequence


def spread(values: Sequence[float], shape: str = "{:,.0f}") -> str:
    """The median and the range: ``12 (11–15)``."""
    low, high = min(values), max(values)
    return f"{shape.format(statistics.median(values))} ({shape.format(low)}–{shape.format(high)})"


def row(cells: Iterable[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
