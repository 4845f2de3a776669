"""Who fetched what from the library, as a list and as a file."""

from collections.abc import Mapping
from math import ceil
from uuid import UUID

import streamlit as st

from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.pager import extent
from core import format as say
from core.db import Reads
from core.errors import NotFound
from core.export import MOST_ROWS, Sheet
from core.library import queries
from core.vault.trail import PAGE, FetchRow

PAGE_KEY = "library.page"
HEADER = ("When (UTC)", "Who", "Reseller", "Document", "Version", "File", "SHA-256", "IP address", "Device")


def asked_page() -> int:
    """The page of the list that was asked for."""
    return int(st.session_state.get(PAGE_KEY, 1))


def draw(rows: list[FetchRow], total: int, *, exports: bool, zone: str, space_id: UUID | None = None) -> None:
    """The list, and the way to take it out; nothing to take out where there is none."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Who fetched what", anchor=False, width="content")
        if exports and total:
            _files(space_id)
    if not rows:
        return empty_state("Nobody downloaded anything yet. Every download is listed here.", icon=":material/download:")
    _table(rows, zone)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(extent(page=asked_page(), size=PAGE, total=total, noun="downloads"), width="content")
        if total > PAGE:
            st.pagination(ceil(total / PAGE), key=PAGE_KEY)
    return None


def _files(space_id: UUID | None) -> None:
    which = f"&space={space_id}" if space_id else ""
    with st.container(horizontal=True, width="content", gap="small"):
        for kind in ("csv", "xlsx"):
            address = f"/export/library_downloads?format={kind}{which}"
            st.link_button(kind.upper(), address, icon=":material/download:", help="Take out the whole list")


def _table(rows: list[FetchRow], zone: str) -> None:
    st.dataframe(
        {
            "When": [say.instant(row.at, zone=zone) for row in rows],
            "Who": [row.who for row in rows],
            "Reseller": [row.partner or "Our own team" for row in rows],
            "Document": [row.title for row in rows],
            "Version": [row.number for row in rows],
            "From": [row.ip for row in rows],
            "Device": [row.device for row in rows],
        },
        column_config={"Version": st.column_config.NumberColumn(width="small")},
        hide_index=True,
        height="content",
        alt="Downloads from the library, newest first: when, who, which document and version, from where",
    )


def library_downloads_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The downloads from one ``space`` of the library, or from all of it, newest first."""
    space_id = _id(params["space"]) if "space" in params else None
    found, _total = queries.fetches(session, space_id=space_id, size=MOST_ROWS)
    rows = [(f.at, f.who, f.partner, f.title, f.number, f.file_name, f.sha256, f.ip, f.device) for f in found]
    return Sheet("Downloads", HEADER, rows)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
