"""What the address of the page about selling asks for, and the one row of filters that writes it."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from admin_app.widgets.filters import tied
from core.deals.analytics import Asked, By, Choices

PERIODS = {90: "Last 90 days", 180: "Last 6 months", 365: "Last 12 months", 0: "Since the beginning"}
GROUPS = {By.PARTNER: "Partner", By.OWNER: "Owner", By.TERRITORY: "Territory", By.MONTH: "Month"}
USUAL = 365


def asked(params: Mapping[str, str]) -> Asked:
    """What the parameters ask about; what they cannot mean is left out."""
    text = params.get("days", str(USUAL))
    days = int(text) if text in {str(days) for days in PERIODS} else USUAL
    return Asked(days, *(_id(params.get(name)) for name in ("partner", "owner", "territory")))


def group(params: Mapping[str, str]) -> By:
    """What the deals are told apart by."""
    wanted = params.get("by", By.PARTNER)
    return By(wanted) if wanted in set(By) else By.PARTNER


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def row(found: Asked, offered: Choices) -> None:
    """Draw the filters."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="analytics-filters"):
        st.selectbox(
            "Registered", list(PERIODS), format_func=PERIODS.__getitem__, width=160,
            **tied("days", key="analytics.days", value=found.days),
        )  # fmt: skip
        _choice("Partner", offered.partners, "partner", found.partner_id)
        _choice("Owner", offered.owners, "owner", found.owner_id)
        _choice("Territory", offered.territories, "territory", found.territory_id)


def _choice(label: str, options: dict[UUID, str], param: str, chosen: UUID | None) -> None:
    named = {str(key): name for key, name in options.items()}
    value = str(chosen) if chosen in options else None
    st.selectbox(
        label, list(named), format_func=named.__getitem__, placeholder="All", width=160,
        **tied(param, key=f"analytics.{param}", value=value),
    )  # fmt: skip
