"""Which partner has a proposal, how fresh is it, and can it be opened? A row opens the editor."""

from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.heading import heading
from core.actor import Act, Actor, actor_of, allowed
from core.companies import queries as companies
from core.db import Reads
from core.i18n import t
from core.proposals import queries
from core.proposals.queries import ProposalRow

SIZE = 50
TABLE = "proposals.table"


@dataclass(frozen=True)
class Look:
    """What the page needs, in one read."""

    me: Actor
    zone: str
    rows: list[ProposalRow]
    total: int
    owners: dict[UUID, str]


def look(session: Reads, text: str, owner: str, page: int) -> Look:
    """One page of proposals under the filters."""
    owners = companies.owners(session)
    owner_id = next((one for one in owners if str(one) == owner), None)
    rows, total = queries.proposals(session, text=text, owner_id=owner_id, page=page, size=SIZE)
    return Look(actor_of(session), companies.company(session).time_zone, rows, total, owners)


def keep(name: str) -> None:
    """Put a filter in the address, so that it can be passed on; the list begins at its start again."""
    st.query_params.pop("page", None)
    if value := st.session_state[f"proposals.{name}"]:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def turn() -> None:
    """Go to another page of the list."""
    st.query_params["page"] = str(st.session_state["proposals.page"])


def clear_filters() -> None:
    """Show every partner again."""
    for name in ("text", "owner", "page"):
        st.query_params.pop(name, None)


def draw_filters(owners: dict[UUID, str]) -> None:
    """One row; on a phone it wraps. The address is the truth, the inputs follow it."""
    names = {"": "Any owner"} | {str(one): name for one, name in owners.items()}
    st.session_state["proposals.text"] = text
    st.session_state["proposals.owner"] = owner if owner in names else ""
    with st.container(horizontal=True, gap="small"):
        st.text_input(
            "Search",
            key="proposals.text",
            placeholder="Partner",
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=keep,
            args=("text",),
            width=180,
        )
        st.selectbox(
            "Owner",
            list(names),
            format_func=lambda one: names[one],
            key="proposals.owner",
            label_visibility="collapsed",
            on_change=keep,
            args=("owner",),
            width=160,
        )


def draw_table(found: Look) -> None:
    """The partners of this page; a chosen row opens."""
    event = st.dataframe(
        {
            "Partner": [row.partner for row in found.rows],
            "Stage": [t(f"status.{row.status}") for row in found.rows],
            "Published": [published(row) for row in found.rows],
            "Since": [row.published_at for row in found.rows],
            "Draft": [row.draft_saved_at for row in found.rows],
            "Link until": [row.link_until for row in found.rows],
            "Owner": [found.owners.get(row.owner_id, "") if row.owner_id else "" for row in found.rows],
        },
        column_config={
            "Partner": st.column_config.TextColumn(width=230),
            "Since": date_column("When the version was published", found.zone),
            "Draft": date_column("When the draft was saved", found.zone),
            "Link until": date_column("The last day of the link that is in force", found.zone),
        },
        hide_index=True,
        height="content" if len(found.rows) < 16 else 600,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        key=TABLE,
        alt="Proposals",
    )
    if chosen := event["selection"]["rows"]:
        st.switch_page("views/proposal.py", query_params={"id": str(found.rows[chosen[0]].partner_id)})


def date_column(meaning: str, zone: str) -> Any:
    """A column of days, where the company is."""
    return st.column_config.DatetimeColumn(format="D MMM", timezone=zone, help=meaning, width=78)


def published(row: ProposalRow) -> str:
    """Which version partners read."""
    if row.published_number:
        return f"Version {row.published_number}"
    return "Draft only" if row.draft_saved_at else "Not written"


def draw_nothing() -> None:
    """Why no partner is shown, and what helps."""
    if text or owner:
        empty_state("No partner passes these filters.", action="Clear the filters", on_click=clear_filters)
    else:
        empty_state(
            "There are no partners yet, so there is nothing to propose.",
            action="Add a partner on the board" if allowed(found.me, Act.WORK_PIPELINE) else None,
            page="views/partnerships.py",
            icon=":material/article:",
        )


text, owner = st.query_params.get("text", ""), st.query_params.get("owner", "")
asked = st.query_params.get("page", "1")
page = max(1, int(asked)) if asked.isdecimal() else 1
found = shell.read(look, text, owner, page)

unsent = sum(1 for row in found.rows if row.published_number and not row.link_until)
facts = f"{found.total} partner{'s' * (found.total != 1)}" if found.total else "No partners"
heading("Proposals", facts=f"{facts}, {unsent} of them published without a link in force" if unsent else facts)
draw_filters(found.owners)
if not found.rows:
    draw_nothing()
else:
    draw_table(found)
    st.caption("Tick a row to open its proposal.")
if found.total > SIZE:
    st.session_state["proposals.page"] = min(page, ceil(found.total / SIZE))
    st.pagination(ceil(found.total / SIZE), key="proposals.page", on_change=turn)
