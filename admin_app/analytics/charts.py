"""How deals are drawn: pure builders, plain rows in, a chart out."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from admin_app.widgets.reading_charts import ACCENT, QUIET, SECOND
from core.deals.analytics import Line, Step, Waits

STEPS = {
    "submitted": "Registered",
    "approved": "Approved",
    "sent": "Quote sent",
    "accepted": "Won",
    "invoiced": "Invoiced",
    "paid": "Paid",
}
AROUND = 150
"""What the legend, the numbers and their title take of a chart's height (px)."""


def build_funnel(steps: Sequence[Step]) -> alt.LayerChart:
    """How many deals came as far as each step, and which part of all that is."""
    rows: dict[str, Any] = {
        "step": [STEPS[step.name] for step in steps],
        "deals": [step.deals for step in steps],
        "share": [f"{step.deals} · {step.share:.0%}" for step in steps],
    }
    down = alt.Y("step:N", sort=rows["step"], title=None)
    base = alt.Chart(pd.DataFrame(rows)).encode(down, alt.X("deals:Q", title="Deals"), tooltip=["step", "deals"])
    bars = base.mark_bar(color=ACCENT, height=22, cornerRadiusEnd=3)
    texts = base.mark_text(align="left", dx=6, color=QUIET).encode(text="share:N")
    chart: alt.LayerChart = (bars + texts).properties(height=40 * len(steps) + 40)
    return chart


def named_waits(waits: Waits) -> list[tuple[str, int, bool]]:
    """Each group of waiting times as people say it, how many decisions fell in it, and whether it kept the target."""
    ends = [hours for hours, _ in waits.groups]
    starts = [None, *ends]
    found = []
    for (end, times), start in zip(waits.groups, starts, strict=False):
        name = f"over {start} h" if end is None else f"up to {end} h" if start is None else f"{start}–{end} h"
        found.append((name, times, end is not None and end <= 48))
    return found


def build_waits(waits: Waits) -> alt.Chart:
    """How long decisions took, in groups; those within the target in one colour, the late ones in another."""
    groups = named_waits(waits)
    rows: dict[str, Any] = {
        "wait": [name for name, _, _ in groups],
        "decisions": [times for _, times, _ in groups],
        "kept": ["within 48 h" if kept else "late" for _, _, kept in groups],
    }
    colour = alt.Color(
        "kept:N",
        title=None,
        scale=alt.Scale(domain=["within 48 h", "late"], range=[ACCENT, SECOND]),
        legend=alt.Legend(orient="top"),
    )
    across = alt.X("wait:N", sort=rows["wait"], title="Waited for a decision", axis=alt.Axis(labelAngle=0))
    up = alt.Y("decisions:Q", title="Decisions", axis=alt.Axis(tickMinStep=1, format="d"))
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cornerRadiusEnd=3)
        .encode(across, up, colour, tooltip=["wait", "decisions"])
        .properties(height=280)
    )
    return chart


def build_lines(lines: Sequence[Line], *, in_order: bool) -> alt.Chart:
    """Deals won, lost and still under way, by what they are told apart by; the fifteen with the most."""
    shown = lines if in_order else lines[:15]
    parts = {"Won": "won", "Lost": "lost", "Under way or refused": "rest"}
    rows = [
        {"name": line.name, "kind": kind, "deals": count}
        for line in shown
        for kind, count in zip(parts, (line.won, line.lost, line.deals - line.won - line.lost), strict=True)
    ]
    colour = alt.Color(
        "kind:N",
        title=None,
        sort=list(parts),
        scale=alt.Scale(domain=list(parts), range=[ACCENT, SECOND, "#b9c4c6"]),
        legend=alt.Legend(orient="top", columns=2),
    )
    names = [line.name for line in shown]
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=18)
        .encode(
            alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=200)),
            alt.X("deals:Q", title="Deals", axis=alt.Axis(tickMinStep=1, format="d")),
            colour,
            tooltip=["name", "kind", "deals"],
        )
        .properties(height=30 * len(shown) + AROUND)
    )
    return chart
