"""How far do our partners' deals come, how many do we win, and how long do we let partners wait?"""

import pandas as pd
import streamlit as st

from admin_app import shell
from admin_app.analytics import asked as address
from admin_app.analytics.charts import STEPS, build_funnel, build_lines, build_waits, named_waits
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import tied
from admin_app.widgets.heading import heading
from core.actor import Act
from core.deals.analytics import By, Line, Overview, breakdown, choices, overview
from core.format import money


def days(value: float | None) -> str:
    """A number of days as people say it."""
    return "–" if value is None else f"{value:.0f} d"


def share(value: float | None) -> str:
    """A part of all, or a dash where there is nothing to take it of."""
    return "–" if value is None else f"{value:.0%}"


def figures(found: Overview) -> None:
    """The row of figures."""
    waits = found.waits
    others = f"{found.other_currencies} invoices in other currencies are not in it" if found.other_currencies else None
    wait = "–" if waits.median_hours is None else f"{waits.median_hours:.0f} h"
    to_first = "Median, from becoming a reseller"
    first, middle, last = st.columns(3)
    first.metric("Win rate", share(found.win_rate), border=True, help="Won, of the approved deals that ended")
    middle.metric("Invoiced", money(found.earned, found.currency), border=True, help=others)
    last.metric("Decided within 48 h", share(waits.within), border=True)
    first.metric("Median wait for a decision", wait, border=True)
    middle.metric("To the first deal", days(found.first_deal_days), border=True, help=to_first)
    last.metric("To the first invoice", days(found.first_win_days), border=True, help=to_first)


def tables(found: Overview) -> None:
    """The funnel and the waits as tables."""
    with st.expander("As tables"):
        left, right = st.columns(2)
        steps = {
            "Step": [STEPS[step.name] for step in found.funnel],
            "Deals": [step.deals for step in found.funnel],
            "Share": [f"{step.share:.0%}" for step in found.funnel],
        }
        left.dataframe(pd.DataFrame(steps), hide_index=True, height="content")
        waits = named_waits(found.waits)
        rows = {"Waited": [name for name, _, _ in waits], "Decisions": [times for _, times, _ in waits]}
        right.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


def compared(lines: list[Line], group: By, currency: str) -> None:
    """Picture first, the table behind it."""
    st.altair_chart(build_lines(lines, in_order=group is By.MONTH), width="stretch")
    rows = {
        address.GROUPS[group]: [line.name for line in lines],
        "Deals": [line.deals for line in lines],
        "Approved": [line.approved for line in lines],
        "Won": [line.won for line in lines],
        "Lost": [line.lost for line in lines],
        "Win rate": [share(line.win_rate) for line in lines],
        f"Invoiced ({currency})": [money(line.earned, currency) for line in lines],
        "Mean wait": ["–" if line.waited_hours is None else f"{line.waited_hours:.0f} h" for line in lines],
    }
    with st.expander("As a table", expanded=True):
        st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


def export_links() -> None:
    """What is shown, as files."""
    kept = "&".join(f"{name}={value}" for name, value in st.query_params.items())
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.caption("Export what is shown:", width="content")
        for kind in ("csv", "xlsx"):
            link = f"/export/deal_analytics?format={kind}&{kept}"
            st.link_button(kind.upper(), link, icon=":material/download:", type="tertiary")


asked, offered = address.asked(st.query_params), shell.read(choices)
found = shell.read(overview, asked)
heading("Deal analytics", facts=f"{found.funnel[0].deals} deals registered · {found.won} won · {found.lost} lost")
address.row(asked, offered)
if not found.funnel[0].deals:
    empty_state("No partner registered a deal in this time. Choose a longer one above.", icon=":material/monitoring:")
    st.stop()

figures(found)
left, right = st.columns(2, gap="large")
with left:
    st.subheader("How far deals come", anchor=False)
    st.altair_chart(build_funnel(found.funnel), width="stretch")
with right:
    st.subheader("How long partners wait", anchor=False)
    st.altair_chart(build_waits(found.waits), width="stretch")
tables(found)

group = address.group(st.query_params)
st.subheader("Compared", anchor=False)
st.segmented_control(
    "By", list(address.GROUPS), format_func=address.GROUPS.__getitem__, required=True, label_visibility="collapsed",
    **tied("by", key="analytics.by", value=group),
)  # fmt: skip
compared(shell.read(breakdown, asked, group=group), group, found.currency)
if shell.may(Act.EXPORT):
    export_links()
