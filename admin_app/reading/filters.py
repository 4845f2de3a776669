"""The one row of filters of the Engagement screen; the page's address owns them."""

from uuid import UUID

import streamlit as st

from admin_app.reading.asked import PERIODS, period
from admin_app.widgets.filters import tied
from core.engagement.filters import Filter
from core.engagement.overview import Choices
from core.format import day
from core.i18n import t
from core.partners.pipeline import Status


def sentence(found: Filter) -> str:
    """The days that are looked at."""
    return f"{day(found.since, year=True)} to {day(found.until, year=True)}"


def row(found: Filter, offered: Choices) -> None:
    """Draw the filters."""
    partner = found.partner_ids[0] if found.partner_ids else None
    with st.container(horizontal=True, vertical_alignment="bottom", key="engagement-filters"):
        st.selectbox(
            "Period", list(PERIODS), format_func=PERIODS.__getitem__, width=165,
            **tied("days", key="engagement.days", value=period(st.query_params)),
        )  # fmt: skip
        if period(st.query_params) == 0:
            _days_input(found)
        _choice("Partner", {str(key): name for key, name in offered.partners.items()}, "partner", _text(partner))
        _choice("Owner", {str(key): name for key, name in offered.owners.items()}, "owner", _text(found.owner_id))
        _choice("Stage", {stage.value: t(f"status.{stage}") for stage in Status}, "stage", _text(found.stage))
        if partner:
            st.number_input(
                "Version", min_value=1, step=1, placeholder="All", width=110,
                **tied("version", key="engagement.version", value=found.version),
            )  # fmt: skip


def _text(value: UUID | Status | None) -> str | None:
    return str(value) if value is not None else None


def _choice(label: str, options: dict[str, str], param: str, value: str | None) -> None:
    st.selectbox(
        label, list(options), format_func=options.__getitem__, placeholder="All", width=165,
        **tied(param, key=f"engagement.{param}", value=value if value in options else None),
    )  # fmt: skip


def _days_input(found: Filter) -> None:
    st.session_state["engagement.range"] = (found.since, found.until)
    st.date_input("Days", key="engagement.range", on_change=_keep_days, width=240)


def _keep_days() -> None:
    chosen = st.session_state["engagement.range"]
    if len(chosen) == 2:
        st.query_params.update(since=chosen[0].isoformat(), until=chosen[1].isoformat())


def view(labels: dict[str, str]) -> str:
    """Which of the screen's views is looked at."""
    wanted = st.query_params.get("view", "")
    chosen = wanted if wanted in labels else next(iter(labels))
    st.segmented_control(
        "View", list(labels), format_func=labels.__getitem__, label_visibility="collapsed", required=True,
        **tied("view", key="engagement.view", value=chosen),
    )  # fmt: skip
    return chosen


def export_links() -> None:
    """What is shown, as files; with the filters of the address."""
    kept = "&".join(f"{name}={value}" for name, value in st.query_params.items() if name != "visit")
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.caption("Export what is shown:", width="content")
        for kind in ("csv", "xlsx"):
            st.link_button(
                kind.upper(), f"/export/engagement?format={kind}&{kept}", icon=":material/download:", type="tertiary"
            )
