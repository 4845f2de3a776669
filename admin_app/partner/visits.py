"""The visits to a partner's proposal, newest first; each opens as it went, section by section."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from admin_app.reading.by_partner import draw_replay
from admin_app.widgets.feed import Entry, feed
from core import format as say
from core.clock import now
from core.engagement.readers import VisitRow
from core.i18n import t

PARAM = "visit"
CAME_BACK_DAYS = 7


def draw(rows: Sequence[VisitRow], *, key: str) -> None:
    """The list, and the visit the address names as it went."""
    feed(entries=[_entry(row) for row in rows], label="Visits", key=key, on_open=_open)
    if opened := next((row for row in rows if str(row.id) == st.query_params.get(PARAM)), None):
        st.dialog("A visit as it went", width="large", on_dismiss=_close)(_show)(opened.id)


def _show(visit_id: UUID) -> None:
    draw_replay(visit_id)


def _entry(row: VisitRow) -> Entry:
    mark, tone = _mark(row)
    longest = max(row.times, key=row.times.__getitem__)
    held = f"longest on {t(f'section.{longest}')}, {say.duration(row.times[longest])}" if row.ms else ""
    return Entry(
        id=str(row.id),
        mark=mark,
        tone=tone,
        title=f"{say.duration(row.ms)} on {row.device}",
        text=" · ".join(part for part in (held, f"version {row.version}") if part),
        note=say.ago(row.started_at, now()),
        hover=say.instant(row.started_at),
        href=f"/partner?id={row.partner_id}&tab=Engagement&{PARAM}={row.id}",
    )


def _mark(row: VisitRow) -> tuple[str, str]:
    if row.new_device:
        return "New device", "attention"
    if (row.away_days or 0) >= CAME_BACK_DAYS:
        return f"Back after {row.away_days} d", "good"
    return ("Read again", "") if row.read_before else ("First reading", "good")


def _open(visit_id: str) -> None:
    st.query_params[PARAM] = visit_id


def _close() -> None:
    st.query_params.pop(PARAM, None)
