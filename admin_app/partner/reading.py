"""How one partner reads its proposal: each section, and every visit."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import visits
from admin_app.widgets.empty_state import empty_state
from core import format as say
from core.actor import Actor
from core.clock import now
from core.db import Reads
from core.engagement import queries, readers
from core.engagement.filters import last_days
from core.engagement.queries import SectionReading, Sections
from core.engagement.readers import VisitRow
from core.i18n import t
from core.partners.queries import Record

DAYS = 365


@dataclass(frozen=True)
class Look:
    """The sections and one page of visits, in one read."""

    sections: Sections
    visits: list[VisitRow]
    total: int


def look(session: Reads, partner_id: UUID, page: int) -> Look:
    """What is known of a partner's reading: the sections in the last year, the visits ever."""
    asked = last_days(session, DAYS, partner_ids=(partner_id,))
    rows, total = readers.visits(session, partner_id, page=page)
    return Look(queries.sections(session, asked), rows, total)


def draw(record: Record, me: Actor) -> None:
    """How often, section by section, visit by visit."""
    page = int(st.session_state.get("reading.page", 1))
    found = shell.read(look, record.id, page)
    if not found.visits:
        return empty_state("Nobody has read this proposal yet. Visits show up here as they happen.")
    st.markdown(_summary(found, page))
    st.subheader("Time in each section", anchor=False)
    _sections(found.sections.rows)
    st.subheader("Visits", anchor=False)
    visits.draw(found.visits, key="reading.visits")
    if found.total > readers.PAGE:
        st.pagination(ceil(found.total / readers.PAGE), key="reading.page")
    return None


def _summary(found: Look, page: int) -> str:
    visits = f"**{found.total}** visit{'s' * (found.total != 1)}"
    return f"{visits}, the last **{say.ago(found.visits[0].started_at, now())}**." if page == 1 else f"{visits}."


def _sections(rows: tuple[SectionReading, ...]) -> None:
    longest = max((row.median_ms or 0) for row in rows)
    st.dataframe(
        {
            "Section": [t(f"section.{row.section}") for row in rows],
            "Reached": [say.percent(row.reach) for row in rows],
            "Median time": [say.duration(row.median_ms) if row.median_ms else "–" for row in rows],
            "Slowest tenth": [say.duration(row.p90_ms) if row.p90_ms else "–" for row in rows],
            "Time": [(row.median_ms or 0) / 1000 for row in rows],
        },
        column_config={
            "Reached": st.column_config.TextColumn(help="Share of the visits that got here", alignment="right"),
            "Median time": st.column_config.TextColumn(help="Of the visits that got here"),
            "Slowest tenth": st.column_config.TextColumn(help="A tenth of the visits took longer"),
            "Time": st.column_config.ProgressColumn(
                "Median, compared", format=" ", min_value=0, max_value=max(longest / 1000, 1), width="large"
            ),
        },
        hide_index=True,
        height="content",
        alt="Time in each section of the proposal",
    )
