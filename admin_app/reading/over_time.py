"""How reading and the pipeline develop: visits by day, conversion and time in stage by cohort."""

import pandas as pd
import streamlit as st

from admin_app import shell
from admin_app.reading.nothing import nobody_read
from admin_app.widgets.reading_charts import build_conversion, build_days
from core.engagement.filters import Filter
from core.engagement.overview import OverTime, over_time
from core.i18n import t


def draw(asked: Filter) -> None:
    """Draw the view."""
    found = shell.read(over_time, asked)
    st.subheader("Visits by day", anchor=False)
    if found.days[["first", "returned"]].to_numpy().any():
        st.altair_chart(build_days(found.days), width="stretch")
    else:
        nobody_read("days")
    if found.conversion.empty:
        st.caption("No proposal was first sent in these days, so there is no cohort to follow.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("From proposal to active", anchor=False)
        st.caption("Partners by the month their proposal was first sent, and how many have come as far as each stage.")
        st.altair_chart(build_conversion(found.conversion), width="stretch")
    with right:
        st.subheader("Days in each stage", anchor=False)
        _stages(found)


def _stages(found: OverTime) -> None:
    if found.stages.empty:
        st.caption("No stage was left yet.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Sent in": [f"{cohort:%b %Y}" for cohort in found.stages["cohort"]],
                "Stage": [t(f"status.{stage}") for stage in found.stages["stage"]],
                "Partners": list(found.stages["partners"]),
                "Median days": [round(days, 1) for days in found.stages["median_days"]],
                "Slowest tenth": [round(days, 1) for days in found.stages["p90_days"]],
            }
        ),
        hide_index=True,
        height="content",
    )
