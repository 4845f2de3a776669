"""The spaces of the library: who sees what, how many documents, fetched how often; and all downloads."""

from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.library import downloads, space_form
from admin_app.library.wording import counted, whom
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.heading import heading
from admin_app.widgets.picker import picker
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.companies import queries as companies
from core.db import Reads
from core.library import queries
from core.library.queries import SpaceRow
from core.vault.trail import FetchRow

PARAM, TABLE = "space", "library.spaces"


@dataclass(frozen=True)
class Look:
    """What the page shows: the spaces, one page of downloads and how many there are."""

    me: Actor
    spaces: list[SpaceRow]
    fetches: list[FetchRow]
    total: int
    time_zone: str


def look(session: Reads, *, page: int) -> Look:
    """What there is in the library."""
    fetches, total = queries.fetches(session, page=page)
    zone = companies.company(session).time_zone
    return Look(actor_of(session), queries.spaces(session), fetches, total, zone)


def draw() -> None:
    """The list of spaces, then the downloads."""
    found = shell.read(look, page=downloads.asked_page())
    manages = allowed(found.me, Act.MANAGE_LIBRARY)
    action = "Open a space" if manages else ""
    heading("Documents", facts=_facts(found.spaces), action=action, on_click=space_form.begin, icon=":material/add:")
    if not found.spaces:
        text = "The library is empty. A space holds documents for one reseller or all of them, by role."
        empty_state(
            text, action="Open the first space" if manages else None, on_click=space_form.begin,
            icon=":material/library_books:",
        )  # fmt: skip
    else:
        _table(found.spaces, found.time_zone)
        st.caption("Tick a row to open the space.")
        downloads.draw(found.fetches, found.total, exports=allowed(found.me, Act.EXPORT), zone=found.time_zone)
    if manages:
        space_form.ask_when_open(None)


def _facts(rows: list[SpaceRow]) -> str:
    if not rows:
        return "What resellers' people find under Documents in the portal"
    offered = [row for row in rows if row.withdrawn_at is None]
    documents, fetched = sum(row.documents for row in offered), sum(row.fetched for row in rows)
    parts = [_many(len(offered), "space"), _many(documents, "document"), f"{_many(fetched, 'download')} by resellers"]
    if withdrawn := len(rows) - len(offered):
        parts.append(f"{withdrawn} withdrawn")
    return " · ".join(parts)


def _many(count: int, noun: str) -> str:
    return f"{say.number(count)} {noun}{'' if count == 1 else 's'}"


def _table(rows: list[SpaceRow], zone: str) -> None:
    picker(
        columns={
            "Space": [f"{row.name} (prices)" if row.audience.holds_prices else row.name for row in rows],
            "Who sees it": [
                f"Nobody: withdrawn {say.day(row.withdrawn_at, zone=zone)}" if row.withdrawn_at
                else whom(row.audience, row.partner) for row in rows
            ],
            "People now": [counted(row.reached) if row.withdrawn_at is None else None for row in rows],
            "Documents": [row.documents for row in rows],
            "Downloads": [row.fetched for row in rows],
            "Last download": [say.ago(row.fetched_at, now()) if row.fetched_at else None for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=PARAM,
        key=TABLE,
        config={
            "Space": st.column_config.TextColumn(pinned=True),
            "People now": st.column_config.TextColumn(help="How many people that is now"),
            "Documents": st.column_config.NumberColumn(),
            "Downloads": st.column_config.NumberColumn(help="By resellers' people"),
        },
        alt="The spaces of the library: name, who sees it, how many that is, documents, downloads",
    )  # fmt: skip
