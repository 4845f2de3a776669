"""Protections over time as a picture: a bar each, the day of today across them. Pure: rows in, a chart out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import altair as alt
import pandas as pd

from core.deals.protection_queries import Window
from core.format import day

IN_FORCE, ENDING, OVER = "In force", "Ends within 30 days", "Over"
COLOURS = {IN_FORCE: "#1d7c85", ENDING: "#d08a1d", OVER: "#9aa7aa"}
MOST_BARS = 40


def state_of(window: Window, at: datetime) -> str:
    """What a protection is called at an instant."""
    if window.ended is not None or window.ends_at <= at:
        return OVER
    return ENDING if window.ends_at <= at + timedelta(days=30) else IN_FORCE


def build_calendar(
    windows: Sequence[Window], *, at: datetime, start: datetime, end: datetime, zone: str
) -> alt.LayerChart:
    """A bar for each protection, under the customer and whose it is, cut to the span that is shown."""
    labels = [_label(window, number) for number, window in enumerate(windows)]
    frame = pd.DataFrame(
        {
            "row": labels,
            "from": [max(window.starts_at, start) for window in windows],
            "to": [min(window.ends_at, end) for window in windows],
            "state": [state_of(window, at) for window in windows],
            "Customer": [window.customer for window in windows],
            "Partner": [window.partner for window in windows],
            "Product": [window.product for window in windows],
            "Territory": [window.territory for window in windows],
            "Since": [day(window.starts_at, zone=zone, year=True) for window in windows],
            "Until": [day(window.ends_at, zone=zone, year=True) for window in windows],
        }
    )
    names = alt.Axis(labelLimit=230, labelExpr="split(datum.label, '\\u2028')[0]")
    down = alt.Y("row:N", sort=labels, title=None, axis=names)
    across = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(domain=[_ms(start), _ms(end)]),
        axis=alt.Axis(format="%-d %b", tickCount=6),
    )
    colour = alt.Color("state:N", title=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
                       legend=alt.Legend(orient="top"))  # fmt: skip
    tips = ["Customer", "Partner", "Product", "Territory", "Since", "Until"]
    bars = (
        alt.Chart(frame).mark_bar(height=14, cornerRadius=3).encode(across, down, x2="to:T", color=colour, tooltip=tips)
    )
    today = alt.Chart(pd.DataFrame({"now": [at]})).mark_rule(color="#b0475f", strokeDash=[4, 3], size=2)
    chart: alt.LayerChart = (bars + today.encode(x="now:T", tooltip=alt.value("Today"))).properties(
        height=max(110, 26 * len(windows) + 60)
    )
    return chart


def _label(window: Window, number: int) -> str:
    """What stands beside a bar; the number behind the break keeps two of the same apart."""
    return f"{window.customer} · {window.partner}\u2028{number}"


def _ms(at: datetime) -> float:
    return at.timestamp() * 1_000
