"""How many stand where, drawn: a bar for each training, reseller or role; pure builders, and the table behind."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from admin_app.training_team import wording
from admin_app.training_team.asked import Asked
from admin_app.widgets.filters import tied
from admin_app.widgets.reading_charts import ACCENT, SECOND
from core.training.my_modules import Where
from core.training.team_figures import Figures, Group, Line

MOST = 12
"""Bars at most: those with the most to do."""
COLOURS = {
    Where.VALID: ACCENT,
    Where.EXPIRING: SECOND,
    Where.EXPIRED: "#b0475f",
    Where.MISSING: "rgba(120, 138, 145, 0.45)",
}
AROUND = 150
"""What the legend, the numbers and their title take of a chart's height (px)."""
CHART, BAR = "training_team.chart", "bar"
PARAMS = {Group.MODULE: "module", Group.PARTNER: "partner", Group.ROLE: "role"}


def draw(lines: Sequence[Line], wanted: Asked) -> None:
    """The picture, what it tells apart, and its table; a bar that is pressed narrows the page to it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("How it stands", anchor=False, width="content")
        st.segmented_control(
            "Tell apart", list(wording.GROUPS), format_func=wording.GROUPS.__getitem__, required=True,
            label_visibility="collapsed", **tied("by", key="training_team.by", value=wanted.group),
        )  # fmt: skip
    shown = most_to_do(lines)
    told = f"The {MOST} with the most to do, of {len(lines)}. " if len(lines) > MOST else ""
    st.caption(f"{told}Press a bar to look at it alone.")
    pressed = st.altair_chart(
        build_standings(shown, wanted.group), width="stretch", on_select="rerun", selection_mode=BAR,
        key=f"{CHART}.{wanted.group}.{st.session_state.get(CHART, 0)}",
    )  # fmt: skip
    _follow(pressed.selection.get(BAR, []), wanted)
    with st.expander("As a table"):
        _table(lines, wanted.group)


def most_to_do(lines: Sequence[Line]) -> list[Line]:
    """Those with the most that is missing, ended or ending, in that order."""
    with_any = [line for line in lines if line.figures.every]
    return sorted(with_any, key=lambda line: (-to_do(line.figures), line.name))[:MOST]


def to_do(figures: Figures) -> int:
    """How many have to take the quiz now or soon."""
    return figures.missing + figures.expired + figures.expiring


def parts(figures: Figures) -> dict[Where, int]:
    """How many stand where."""
    counts = (figures.valid, figures.expiring, figures.expired, figures.missing)
    return dict(zip(COLOURS, counts, strict=True))


def named(line: Line, group: Group) -> str:
    """What a line is called."""
    return wording.role(line.name) if group is Group.ROLE else line.name


def build_standings(lines: Sequence[Line], group: Group) -> alt.Chart:
    """A bar for each line, its parts from certified to missing."""
    names, kinds = [named(line, group) for line in lines], [wording.STANDINGS[where] for where in COLOURS]
    rows: list[dict[str, Any]] = [
        {"key": line.key or "employee", "name": name, "kind": wording.STANDINGS[where], "order": place, "people": count}
        for line, name in zip(lines, names, strict=True)
        for place, (where, count) in enumerate(parts(line.figures).items())
        if count
    ]
    colour = alt.Color(
        "kind:N", title=None, sort=kinds, scale=alt.Scale(domain=kinds, range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", columns=2),
    )  # fmt: skip
    down = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False))
    across = alt.X("people:Q", title="People × trainings", axis=alt.Axis(tickMinStep=1, format="d"))
    if group is Group.MODULE:
        across = alt.X("people:Q", title="People", axis=alt.Axis(tickMinStep=1, format="d"))
    chosen = alt.selection_point(name=BAR, fields=["key"])
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=18, cursor="pointer")
        .encode(down, across, colour, order="order:Q", tooltip=["name", "kind", "people"])
        .add_params(chosen)
        .properties(height=30 * len(names) + AROUND)
    )
    return chart


def _follow(pressed: Sequence[dict[str, Any]], wanted: Asked) -> None:
    """Narrow the page to the bar that was pressed, or let it go when it is the one already."""
    if not pressed:
        return
    key, param = str(pressed[0]["key"]), PARAMS[wanted.group]
    st.session_state[CHART] = st.session_state.get(CHART, 0) + 1
    if key == "employee":
        param = "role"
    st.query_params.pop("page", None)
    if st.query_params.get(param) == key:
        st.query_params.pop(param)
    else:
        st.query_params[param] = key
    st.rerun()


def _table(lines: Sequence[Line], group: Group) -> None:
    st.dataframe(
        {
            wording.COLUMNS[group]: [named(line, group) for line in lines],
            "Must hold it" if group is Group.MODULE else "People": [line.figures.learners for line in lines],
            **{
                wording.STANDINGS[where]: [parts(line.figures)[where] for line in lines] for where in COLOURS
            },
        },
        hide_index=True,
        height="content" if len(lines) < 16 else 560,
        alt=f"{wording.GROUPS[group]}: how many are certified, ending soon, ended and missing",
    )  # fmt: skip
