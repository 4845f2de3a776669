"""The people and their trainings: a page of them, filtered by the address, and the list as a file."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from admin_app.training_team import wording
from admin_app.training_team.asked import ROLES, Asked
from admin_app.widgets.filters import tied
from admin_app.widgets.picker import picker
from core import format as say
from core.export import MOST_ROWS
from core.training.my_modules import Where
from core.training.team import TeamRow
from core.training.team_figures import Figures, Standings

PARAM, TABLE = "row", "training_team.table"


def row_id(row: TeamRow) -> str:
    """What the address calls a row."""
    return f"{row.learner_id}.{row.module_id}"


def draw_filters(found: Standings, wanted: Asked) -> None:
    """Reseller, role, training and text in one row."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice("Reseller", {str(key): name for key, name in found.partners.items()}, "partner", wanted.partner_id)
        _choice("Role", {role: wording.role(role) for role in ROLES}, "role", wanted.role)
        _choice("Training", {str(key): name for key, name in found.modules.items()}, "module", wanted.module_id)
        st.text_input(
            "Find", placeholder="Name, e-mail, reseller", width=190,
            **tied("text", key="training_team.text", value=wanted.text, closes=PARAM),
        )  # fmt: skip


def _choice(label: str, options: Mapping[str, str], param: str, chosen: object) -> None:
    names = {"": "All"} | dict(options)
    value = str(chosen or "")
    names.setdefault(value, "Another one")
    st.selectbox(
        label, list(names), format_func=names.__getitem__, width=170,
        **tied(param, key=f"training_team.{param}", value=value, closes=PARAM),
    )  # fmt: skip


def draw_standings(figures: Figures, wanted: Asked) -> None:
    """Where they stand, with how many, to choose one."""
    counts = {
        Where.VALID: figures.valid, Where.EXPIRING: figures.expiring, Where.EXPIRED: figures.expired,
        Where.MISSING: figures.missing,
    }  # fmt: skip
    labels = {"": f"All {say.number(figures.every)}"}
    labels |= {where.value: f"{wording.STANDINGS[where]} {say.number(count)}" for where, count in counts.items()}
    chosen = wanted.standing.value if wanted.standing else ""
    st.pills(
        "State", list(labels), format_func=labels.__getitem__, wrap=True, label_visibility="collapsed",
        **tied("standing", key="training_team.standing", value=chosen, closes=PARAM),
    )  # fmt: skip


def draw_exports(wanted: Asked, total: int) -> None:
    """What is filtered as a file."""
    many = f"The first {say.number(MOST_ROWS)} of them" if total > MOST_ROWS else "What is filtered here"
    with st.container(horizontal=True, width="content", gap="small"):
        for kind in ("csv", "xlsx"):
            address = f"/export/certifications?{urlencode(wanted.params | {'format': kind})}"
            st.link_button(kind.upper(), address, icon=":material/download:", help=f"{many}; recorded")


def draw(rows: Sequence[TeamRow]) -> None:
    """The rows of a page; a chosen one opens."""
    picker(
        columns={
            "Name": [row.name for row in rows],
            "Company": [row.organisation for row in rows],
            "Role": [wording.role(row.role) for row in rows],
            "Training": [row.module for row in rows],
            "State": [wording.STANDINGS[row.where] for row in rows],
            "Valid until": [wording.until(row) for row in rows],
            "Days left": [row.days_left if row.where in (Where.VALID, Where.EXPIRING) else None for row in rows],
            "Certificate": [row.reference or None for row in rows],
            "Required": ["Yes" if row.is_required else "No" for row in rows],
        },
        ids=[row_id(row) for row in rows],
        param=PARAM,
        key=TABLE,
        config={
            "Name": st.column_config.TextColumn(pinned=True, width=150),
            "Company": st.column_config.TextColumn(width=150),
            "Role": st.column_config.TextColumn(width=95),
            "Training": st.column_config.TextColumn(width=200),
            "State": st.column_config.TextColumn(width=95),
            "Days left": st.column_config.NumberColumn(format="localized", width=75),
        },
        alt="People and trainings: name, company, role, training, state, valid until, days left, certificate, whether "
        "it is required",
    )
