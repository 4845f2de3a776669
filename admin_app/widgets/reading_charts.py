"""How reading is drawn: pure builders, plain rows in, a chart out. Times are ms, shown in seconds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from core.engagement.queries import SectionReading, Step
from core.engagement.readers import Run
from core.format import duration
from core.i18n import t
from core.proposals.content import SECTIONS

ACCENT, SECOND, QUIET = "#1d7c85", "#d08a1d", "#6b7b7f"
PALETTE = ("#1d7c85", "#d08a1d", "#5b6ee1", "#b0475f", "#6b8e23", "#8a5fbf", "#3f8fce", "#a0722a", "#5f6b6e")
"""Nine colours told apart by colour-blind readers too, since neighbours differ in lightness."""
FAINT, DEEP = "#e4f1f2", "#0d5e67"
WHITE_ON = 0.77
"""From which part of the way between faint and deep white text reads better than black."""


def _names(keys: Sequence[str]) -> list[str]:
    return [t(f"section.{key}") for key in keys]


@dataclass(frozen=True)
class Drawing:
    """Rows, and the Vega-Lite that draws them."""

    rows: pd.DataFrame
    spec: dict[str, Any]


def _spec_of(chart: alt.LayerChart) -> str:
    """A chart without its rows, as JSON. Altair takes tens of ms to check it, so it is kept, and parsed each time."""
    with alt.theme.enable("none"):
        spec = chart.to_dict()
    return json.dumps({name: part for name, part in spec.items() if name not in ("data", "datasets")})


_ROWS = alt.NamedData("rows")


def build_drop_off(steps: Sequence[Step]) -> Drawing:
    """How many visits got as far as each section, as a falling curve with its numbers."""
    names = _names([step.section for step in steps])
    shares, visits = [step.share for step in steps], [step.visits for step in steps]
    return Drawing(pd.DataFrame({"section": names, "share": shares, "visits": visits}), json.loads(_drop_off()))


@cache
def _drop_off() -> str:
    across = alt.X("section:N", sort=_names(SECTIONS), title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=False))
    up = alt.Y("share:Q", title="Share of visits", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    share = alt.Tooltip("share:Q", format=".0%", title="share of visits")
    base = alt.Chart(_ROWS).encode(across, up, tooltip=["section:N", "visits:Q", share])
    area = base.mark_area(color=ACCENT, opacity=0.15, interpolate="monotone")
    line = base.mark_line(color=ACCENT, point=alt.OverlayMarkDef(color=ACCENT, size=45), interpolate="monotone")
    text = base.mark_text(dy=-12, color=QUIET).encode(text=alt.Text("share:Q", format=".0%"))
    return _spec_of((area + line + text).properties(height=300))


def build_sections(rows: Sequence[SectionReading]) -> Drawing:
    """Median time per section as a bar, the ninetieth percentile as a tick."""
    frame = pd.DataFrame(
        {
            "section": _names([row.section for row in rows]),
            "median": [(row.median_ms or 0) / 1000 for row in rows],
            "p90": [(row.p90_ms or 0) / 1000 for row in rows],
            "Median": [duration(row.median_ms or 0) for row in rows],
            "Slowest tenth": [duration(row.p90_ms or 0) for row in rows],
            "Reached by": [f"{row.reach:.0%}" for row in rows],
        }
    )
    return Drawing(frame, json.loads(_sections()))


@cache
def _sections() -> str:
    down = alt.Y("section:N", sort=_names(SECTIONS), title=None)
    base = alt.Chart(_ROWS).encode(down, tooltip=["section:N", "Median:N", "Slowest tenth:N", "Reached by:N"])
    bars = base.mark_bar(color=ACCENT, height=14, cornerRadiusEnd=3).encode(alt.X("median:Q", title="Seconds"))
    ticks = base.mark_tick(color=SECOND, thickness=3, height=18).encode(alt.X("p90:Q"))
    return _spec_of((bars + ticks).properties(height=300))


def build_heat_map(frame: pd.DataFrame) -> alt.LayerChart:
    """Partner × section, mean time a visit; a click on a cell chooses it."""
    sections = [column for column in frame.columns if column not in ("partner_id", "partner", "visits")]
    long = frame.melt(["partner_id", "partner", "visits"], sections, var_name="key", value_name="ms")
    long = long.assign(
        partner_id=long["partner_id"].astype(str),
        section=[t(f"section.{key}") for key in long["key"]],
        seconds=long["ms"] / 1000,
        time=[duration(ms) if ms >= 1000 else "–" for ms in long["ms"]],
    ).drop(columns="ms")
    across = alt.X("section:N", sort=_names(sections), title=None, axis=_column_names())
    down = alt.Y("partner:N", sort=list(frame["partner"]), title=None, axis=alt.Axis(labelLimit=170))
    colour = alt.Color("seconds:Q", legend=None, scale=_shades(type="sqrt", domainMin=0))
    chosen = alt.selection_point(name="cell", fields=["partner_id", "key"])
    base = alt.Chart(long).encode(across, down, tooltip=["partner", "section", "time", "visits"])
    cells = base.mark_rect(cornerRadius=2, stroke="white", strokeWidth=1, cursor="pointer").encode(colour)
    is_dark = f"datum.seconds > {max(long['seconds'].max() * WHITE_ON**2, 1):.1f}"
    texts = base.mark_text(fontSize=11).encode(text="time:N", color=_ink(is_dark))
    chart: alt.LayerChart = (cells.add_params(chosen) + texts).properties(height=max(140, 34 * len(frame) + 50))
    return chart


def _column_names() -> alt.Axis:
    """Names above the columns of a grid, one word a line, so that they stand upright over narrow cells."""
    return alt.Axis(
        orient="top", labelAngle=0, labelOverlap=False, labelFlush=False, labelExpr="split(datum.label, ' ')"
    )


def _shades(**more: Any) -> alt.Scale:
    return alt.Scale(range=[FAINT, DEEP], interpolate="rgb", **more)


def _ink(is_dark: str) -> Any:
    return alt.condition(is_dark, alt.value("white"), alt.value("black"))


def build_days(frame: pd.DataFrame) -> alt.Chart:
    """Visits by day, first readings and returning ones."""
    each = frame[["day", "first", "returned"]]
    long = each.melt(["day"], var_name="kind", value_name="visits")
    long = long.assign(
        day=pd.to_datetime(long["day"]).dt.strftime("%Y-%m-%d"),
        kind=long["kind"].map({"first": "First on this device", "returned": "Returning"}).astype(object),
    )
    chart: alt.Chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b", tickCount=8)),
            alt.Y("visits:Q", title="Visits", axis=alt.Axis(tickMinStep=1, format="d")),
            alt.Color("kind:N", title=None, scale=alt.Scale(range=[ACCENT, SECOND]), legend=alt.Legend(orient="top")),
            tooltip=[alt.Tooltip("day:T", format="%-d %b %Y"), "kind", "visits"],
        )
        .properties(height=260)
    )
    return chart


def build_replay(runs: Sequence[Run]) -> alt.Chart:
    """One visit as a strip of sections over time."""
    keys = list(dict.fromkeys(run.section for run in runs))
    rows: list[dict[str, Any]] = [
        {
            "section": t(f"section.{run.section}"),
            "from": run.start,
            "to": run.start + max(run.ms / 1000, 0.5),
            "time": duration(run.ms),
        }
        for run in runs
    ]
    names = _names(keys)
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=22, cornerRadius=2)
        .encode(
            alt.X("from:Q", title="Seconds since the visit began"),
            alt.X2("to:Q"),
            alt.Y("section:N", sort=names, title=None),
            alt.Color("section:N", sort=names, scale=alt.Scale(range=list(PALETTE)), legend=None),
            tooltip=["section", "time"],
        )
        .properties(height=34 * len(keys) + 50)
    )
    return chart


def build_conversion(frame: pd.DataFrame) -> alt.LayerChart:
    """Month × stage: of the proposals first sent in a month, how many got to each stage; deeper is a greater share."""
    stages = [column for column in frame.columns if column != "cohort"]
    labels = {stage: "Proposal sent" if stage == "sent" else t(f"status.{stage}") for stage in stages}
    months = [f"{cohort:%b %Y}" for cohort in frame["cohort"]]
    sent = dict(zip(months, frame[stages[0]], strict=True))
    long = frame.assign(month=months).melt(["month"], stages, var_name="stage", value_name="partners")
    long = long.assign(
        stage=long["stage"].map(labels).astype(object),
        share=[count / max(sent[month], 1) for month, count in zip(long["month"], long["partners"], strict=True)],
    )
    across = alt.X("stage:N", sort=list(labels.values()), title=None, axis=_column_names())
    down = alt.Y("month:N", sort=months, title=None)
    colour = alt.Color("share:Q", legend=None, scale=_shades(domain=[0, 1]))
    share = alt.Tooltip("share:Q", format=".0%", title="share of those sent")
    base = alt.Chart(long).encode(across, down, tooltip=["month", "stage", "partners", share])
    cells = base.mark_rect(cornerRadius=2, stroke="white", strokeWidth=1).encode(colour)
    texts = base.mark_text().encode(text="partners:Q", color=_ink(f"datum.share > {WHITE_ON}"))
    chart: alt.LayerChart = (cells + texts).properties(height=34 * len(frame) + 50)
    return chart
