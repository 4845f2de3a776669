"""The answer at a glance: figures, whom to call, where readers stop, what holds them."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from admin_app import shell
from admin_app.reading.filters import export_links
from admin_app.reading.nothing import nobody_read
from admin_app.widgets.reading_charts import build_drop_off, build_sections
from core.actor import Act
from core.clock import now
from core.engagement.calls import Call
from core.engagement.filters import NEWEST, Filter
from core.engagement.overview import Overview, overview
from core.engagement.queries import Figures
from core.engagement.wording import why
from core.format import ago, duration, number
from core.i18n import t


def draw(asked: Filter) -> None:
    """Draw the view."""
    found = shell.read(overview, asked)
    if not found.figures.visits:
        _nothing(found)
        return
    _figures(found.figures, found.before)
    _calls(found.calls)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("How far readers get", anchor=False)
        st.caption("The share of visits that got as far as each section.")
        curve = build_drop_off(found.steps)
        st.vega_lite_chart(curve.rows, curve.spec, width="stretch")
        _table(
            {
                "Section": [t(f"section.{step.section}") for step in found.steps],
                "Visits": [step.visits for step in found.steps],
                "Share": [f"{step.share:.0%}" for step in found.steps],
            }
        )
    with right:
        st.subheader("What holds them", anchor=False)
        st.caption("Bar: half of the readers stayed longer. Tick: the slowest tenth did.")
        bars = build_sections(found.sections.rows)
        st.vega_lite_chart(bars.rows, bars.spec, width="stretch")
        rows = found.sections.rows
        _table(
            {
                "Section": [t(f"section.{row.section}") for row in rows],
                "Reached by": [f"{row.reach:.0%}" for row in rows],
                "Median": [duration(row.median_ms or 0) for row in rows],
                "Mean": [duration(row.mean_ms or 0) for row in rows],
                "Slowest tenth": [duration(row.p90_ms or 0) for row in rows],
            }
        )
    _left_out(found)


def _nothing(found: Overview) -> None:
    nobody_read("days")
    if any(found.excluded.values()):
        _left_out(found)


def _figures(current: Figures, before: Figures) -> None:
    with st.container(horizontal=True, key="engagement-figures"):
        _metric("Partners who read", current.partners, before.partners)
        _metric("Visits", current.visits, before.visits)
        middle, earlier = current.median_ms or 0, before.median_ms or 0
        change = f"{'+' if middle >= earlier else '-'}{duration(abs(middle - earlier))}" if earlier else None
        st.metric("Median time of a visit", duration(middle), change, border=True, help="Against the period before")
        _metric("Reached the terms", current.reached_terms, before.reached_terms)
        _metric("Reached the end", current.reached_end, before.reached_end)


def _metric(label: str, value: int, before: int) -> None:
    st.metric(label, number(value), value - before, border=True, help="Against the period before")


def _calls(calls: list[Call]) -> None:
    st.subheader("Whom to call", anchor=False)
    if not calls:
        st.caption("Nobody's reading asks for a call today.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Partner": [f"/partner?id={call.partner_id}#{call.partner}" for call in calls],
                "Why": [_sentence(call) for call in calls],
                "Stage": [t(f"status.{call.status}") for call in calls],
                "Owner": [call.owner for call in calls],
                "Last read": [ago(call.last_read_at, now()) for call in calls],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            "Partner": st.column_config.LinkColumn(display_text=r"#(.*)$", width="medium"),
            "Why": st.column_config.TextColumn(width=430),
        },
        alt="Partners to call, with the reasons",
    )


def _sentence(call: Call) -> str:
    words = "; ".join(why(reason) for reason in call.reasons)
    return words[:1].upper() + words[1:]


def _table(columns: Mapping[str, Sequence[object]]) -> None:
    with st.expander("As a table"):
        st.dataframe(pd.DataFrame(dict(columns)), hide_index=True, height="content")


def _left_out(found: Overview) -> None:
    """One line that says what is not counted, and how much of it."""
    parts = [f"{number(count)} {t(f'excluded.{kind}')}" for kind, count in found.excluded.items() if count]
    words = f"Not counted: {', '.join(parts)}." if parts else "Every visit of these days is counted."
    if found.figures.newest_only or found.sections.newest_only:
        words += f" Times are those of the newest {number(NEWEST)} visits."
    st.caption(words)
    if shell.may(Act.EXPORT):
        export_links()
