"""Who reads what: the heat map, one partner's visits, a visit as it went."""

from uuid import UUID

import pandas as pd
import streamlit as st

from admin_app import shell
from admin_app.reading.nothing import nobody_read
from admin_app.widgets.reading_charts import build_heat_map, build_replay
from core.engagement.filters import Filter
from core.engagement.overview import by_partner
from core.engagement.readers import NeverReached, VisitRow, replay, visits
from core.format import day, duration, instant
from core.i18n import t


def draw(asked: Filter) -> None:
    """Draw the view."""
    found = shell.read(by_partner, asked)
    if found.heat.empty:
        nobody_read("months")
        return
    st.subheader("Time by partner and section", anchor=False)
    st.caption("Mean time a visit, in whole calendar months. Choose a cell to see that partner's visits.")
    with st.container(key="wide-chart"):
        chosen = st.altair_chart(
            build_heat_map(found.heat), width="stretch", on_select="rerun", selection_mode="cell", key="engagement.heat"
        )
    _chosen_partner(chosen.selection.get("cell", []), found.heat, asked)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Opened, never reached the terms", anchor=False)
        _never(found.never)
        st.subheader("Came back after a week or more", anchor=False)
        _visits(found.returning, "Nobody came back after a longer pause.")
    with right:
        st.subheader("New device: forwarded?", anchor=False)
        _visits(found.forwarded, "Every link was used on one device only.")


def _chosen_partner(cells: list[dict[str, str]], heat: pd.DataFrame, asked: Filter) -> None:
    """The visits of the partner whose cell was chosen, or of the one that is filtered for."""
    partner_id = UUID(cells[0]["partner_id"]) if cells else asked.partner_ids[0] if asked.partner_ids else None
    if partner_id is None:
        return
    rows, total = shell.read(visits, partner_id)
    name = rows[0].partner if rows else "This partner"
    st.subheader(f"Visits of {name}", anchor=False)
    with st.container(horizontal=True):
        st.page_link("views/partner.py", label="Open the partner", query_params={"id": str(partner_id)})
        st.caption(f"{total} in all; choose one to see how it went.")
    picked = st.dataframe(
        _frame(rows), hide_index=True, height="content", on_select="rerun", selection_mode="single-row",
        key=f"engagement.visits.{partner_id}",
    )  # fmt: skip
    if picked.selection.rows:
        draw_replay(rows[picked.selection.rows[0]].id)


def draw_replay(visit_id: UUID) -> None:
    """A visit as a strip of sections over time."""
    visit, runs = shell.read(replay, visit_id)
    st.markdown(f"**{instant(visit.started_at)}** · {visit.device} · {duration(visit.ms)}")
    if runs:
        st.altair_chart(build_replay(runs), width="stretch")
    else:
        st.caption("Nothing was in view long enough to be shown.")


def _frame(rows: list[VisitRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "When": [instant(row.started_at) for row in rows],
            "Time": [duration(row.ms) for row in rows],
            "Longest on": [t(f"section.{max(row.times, key=lambda key: row.times[key])}") for row in rows],
            "Device": [row.device + (" (new)" if row.new_device else "") for row in rows],
            "Language": [{"en": "English", "ar": "Arabic"}[row.language] for row in rows],
            "Version": [row.version for row in rows],
        }
    )


def _never(rows: list[NeverReached]) -> None:
    if not rows:
        st.caption("Everybody who opened a proposal reached its terms.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Partner": [f"/partner?id={row.partner_id}#{row.partner}" for row in rows],
                "Visits": [row.visits for row in rows],
                "Last read": [day(row.last_read_at) if row.last_read_at else "" for row in rows],
            }
        ),
        hide_index=True,
        height="content",
        column_config={"Partner": st.column_config.LinkColumn(display_text=r"#(.*)$")},
    )


def _visits(rows: list[VisitRow], nothing: str) -> None:
    if not rows:
        st.caption(nothing)
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Partner": [f"/partner?id={row.partner_id}#{row.partner}" for row in rows],
                "When": [day(row.started_at) for row in rows],
                "Device": [row.device for row in rows],
                "Time": [duration(row.ms) for row in rows],
            }
        ),
        hide_index=True,
        height="content",
        column_config={"Partner": st.column_config.LinkColumn(display_text=r"#(.*)$")},
    )
