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
AROUND = 140
"""What the days and the legend take of the height (px)."""


def state_of(window: Window, at: datetime) -> str:
    """What a protection is called at an instant."""
    if window.ended is not None or window.ends_at <= at:
        return OVER
    return ENDING if window.ends_at <= at + timedelta(days=30) else IN_FORCE


def build_calendar(
    windows: Sequence[Window], *, at: datetime, start: datetime, end: datetime, zone: str
) -> alt.LayerChart:
    """A bar for each protection, beside the customer and whose it is, cut to the span that is shown."""
    labels = [f"{window.customer} · {window.partner} · {window.reference}" for window in windows]
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
    down = alt.Y("row:N", sort=labels, title=None, axis=alt.Axis(labelLimit=180))
    days = alt.Axis(format="%-d %b", tickCount=6)
    across = alt.X("from:T", title=None, scale=alt.Scale(nice=False), axis=days)
    colour = alt.Color("state:N", title=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
                       legend=alt.Legend(orient="bottom", columns=1))  # fmt: skip
    tips = ["Customer", "Partner", "Product", "Territory", "Since", "Until"]
    bars = (
        alt.Chart(frame).mark_bar(height=14, cornerRadius=3).encode(across, down, x2="to:T", color=colour, tooltip=tips)
    )
    edges = pd.DataFrame({"at": [at, start, end], "shown": [1, 0, 0]})
    today = alt.Chart(edges).mark_rule(color="#b0475f", strokeDash=[4, 3], size=2)
    today = today.encode(x="at:T", opacity=alt.Opacity("shown:Q", scale=None, legend=None))
    chart: alt.LayerChart = (bars + today).properties(height=30 * len(windows) + AROUND)
    return chart
