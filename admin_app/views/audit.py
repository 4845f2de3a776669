"""Audit: what happened, by whom, and is the record intact?"""

from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

import streamlit as st

from admin_app import shell
from admin_app.record import acts, entry, verifying
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from admin_app.widgets.picker import picker
from core import format as shown
from core.actor import Act, Actor, actor_of, allowed
from core.audit import queries
from core.audit.queries import Entry, RecordState
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.export import MOST_ROWS


@dataclass(frozen=True)
class Found:
    """Everything this page shows."""

    actor: Actor
    company: CompanyRow
    state: RecordState
    rows: list[Entry]
    total: int
    opened: Entry | None


def _page(session: Reads, tag: str | None, text: str, page: int, seq: int) -> Found:
    rows, total = queries.entries(session, tag=tag, text=text, page=page)
    opened = next((row for row in rows if row.seq == seq), None)
    return Found(
        actor=actor_of(session),
        company=companies.company(session),
        state=queries.record_state(session),
        rows=rows,
        total=total,
        opened=opened or (queries.find_entry(session, seq) if seq else None),
    )


def _clear() -> None:
    st.query_params.clear()


with st.container():
    verifying.verify_when_asked()
tag, text = st.query_params.get("act", ""), st.query_params.get("text", "")
tag = tag if tag in acts.by_word() else ""
found = shell.read(_page, tag or None, text, number("page"), number(entry.PARAM, default=0))
zone, pages = found.company.time_zone, max(1, ceil(found.total / queries.PAGE))
heading(
    "Audit",
    facts=verifying.facts(found.state, zone=zone),
    action="Verify",
    icon=":material/verified_user:",
    on_click=verifying.begin,
)
with st.container():
    verifying.draw(found.state, zone=zone)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.text_input("Find", placeholder="Who, or to what", width=280, **tied("text", key="audit.text", value=text))
    st.selectbox(
        "Act",
        ["", *acts.by_word()],
        format_func=lambda value: acts.word(value) if value else "Every act",
        width=300,
        **tied("act", key="audit.act", value=tag),
    )
    if allowed(found.actor, Act.EXPORT) and found.total:
        filters = {name: value for name, value in (("act", tag), ("text", text)) if value}
        many = f"The newest {shown.number(MOST_ROWS)} of them" if found.total > MOST_ROWS else "What is filtered here"
        for kind in ("csv", "xlsx"):
            address = f"/export/audit?{urlencode(filters | {'format': kind})}"
            st.link_button(
                kind.upper(), address, icon=":material/download:", help=f"{many}, as {kind.upper()}; recorded"
            )

if found.rows:
    picker(
        columns={
            "When": [row.at for row in found.rows],
            "Who": [row.who for row in found.rows],
            "Act": [acts.word(row.tag) for row in found.rows],
            "To what": [row.subject for row in found.rows],
            "What changed": [entry.summary(row) for row in found.rows],
            "Entry": [row.seq for row in found.rows],
        },
        ids=[str(row.seq) for row in found.rows],
        param=entry.PARAM,
        key=entry.TABLE,
        config={
            "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss", timezone=zone),
            "Entry": st.column_config.NumberColumn(width="small"),
            "What changed": st.column_config.TextColumn(width="large"),
        },
        alt="Acts, newest first: when, by whom, what was done, to what, what changed, number of the entry",
    )
    pager(
        page=min(number("page"), pages),
        pages=pages,
        size=queries.PAGE,
        total=found.total,
        noun="acts",
        key="audit.page",
    )
elif tag or text:
    empty_state("No act is like this.", action="Show all acts", on_click=_clear, icon=":material/filter_alt_off:")
else:
    empty_state("Nothing was recorded yet. Every act stands here from the first one on.", icon=":material/history:")

if found.opened:
    entry.draw(found.opened, zone=zone)
