"""Who at a reseller is certified and who lacks what, beside its contacts: one line, and the way to all of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from admin_app.widgets.plain import plain
from core.db import Reads
from core.training import team_queries
from core.training.my_modules import Where
from core.training.team import TeamRow

FEW = 4
"""Names at most; the page of certificates has all of them."""
MOST = 10_000
"""More people and trainings than any reseller has."""


def look(session: Reads, partner_id: UUID) -> list[TeamRow]:
    """The reseller's people with the trainings they must hold or hold."""
    return team_queries.everybody(session, partner_id=partner_id, size=MOST)


def marks(team: Sequence[TeamRow]) -> Mapping[UUID, str]:
    """What a list says of each person: how many of their trainings count."""
    mine: dict[UUID, list[TeamRow]] = {}
    for row in team:
        mine.setdefault(row.learner_id, []).append(row)
    return {person: f"{sum(map(_counts, rows))} of {len(rows)}" for person, rows in mine.items()}


def draw(team: Sequence[TeamRow], partner_id: UUID) -> None:
    """The line; nothing where nobody learns."""
    if not team:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"**Training:** {facts(team)}", width="content")
        st.page_link(
            "views/training_team.py", label="Their certifications", icon=":material/workspace_premium:",
            query_params={"partner": str(partner_id)}, width="content",
        )  # fmt: skip


def facts(team: Sequence[TeamRow]) -> str:
    """How many certificates count, and who lacks which."""
    held = sum(map(_counts, team))
    lacking = [row for row in team if not _counts(row) and (row.is_required or row.where is Where.EXPIRED)]
    parts = [f"{held} certificate{'' if held == 1 else 's'} valid"]
    if soon := sum(row.where is Where.EXPIRING for row in team):
        parts.append(f"{soon} ending within 90 days")
    return " · ".join([*parts, f"lacking: {_named(lacking)}" if lacking else "nobody lacks one"])


def _named(rows: Sequence[TeamRow]) -> str:
    named = [f"{plain(row.name)} ({plain(row.module)}{', ended' if _ended(row) else ''})" for row in rows[:FEW]]
    more = f" and {len(rows) - FEW} more" if len(rows) > FEW else ""
    return f"{', '.join(named)}{more}"


def _counts(row: TeamRow) -> bool:
    return row.where in (Where.VALID, Where.EXPIRING)


def _ended(row: TeamRow) -> bool:
    return row.where is Where.EXPIRED
