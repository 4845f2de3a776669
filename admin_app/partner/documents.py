"""A partner's vault: what stands in it, who may open what, and who fetched what and when."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import one_document
from admin_app.partner.shelf import vault_of
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from admin_app.widgets.pager import extent
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.db import Reads
from core.partners.queries import Record
from core.vault import queries
from core.vault.models import Origin
from core.vault.queries import DocumentRow
from core.vault.trail import PAGE, FetchRow, VersionRow
from core.vault.visibility import State

PAGE_KEY = "documents.page"
MARKS = {State.OPEN: ("Open", "good"), State.GATED: ("After the NDA", "attention"), State.EXPIRED: ("Expired", "stop")}


@dataclass(frozen=True)
class Look:
    """The documents, one page of downloads and their number, and the versions of the document that is open."""

    documents: list[DocumentRow]
    fetches: list[FetchRow]
    total: int
    versions: list[VersionRow]


def look(session: Reads, partner_id: UUID, *, page: int, opened: str) -> Look:
    """What there is in a partner's vault."""
    documents = queries.partner_documents(session, partner_id)
    chosen = next((one.id for one in documents if str(one.id) == opened), None)
    fetches, total = queries.fetches(session, partner_id=partner_id, page=page)
    return Look(documents, fetches, total, queries.versions(session, chosen) if chosen else [])


def draw(record: Record, me: Actor) -> None:
    """The documents on top, then who fetched them; the one the address names opens beside."""
    opened, page = st.query_params.get(one_document.PARAM, ""), int(st.session_state.get(PAGE_KEY, 1))
    found = shell.read(look, record.id, page=page, opened=opened)
    manages = allowed(me, Act.MANAGE_VAULT)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Documents", anchor=False, width="content")
        if manages:
            st.button("Add document", type="primary", icon=":material/upload_file:", on_click=one_document.add)
    _documents(record, found.documents, manages=manages)
    _downloads(record, found, exports=allowed(me, Act.EXPORT))
    shelf = vault_of(record.id, plain(record.profile.name))
    one_document.ask_what_is_open(shelf, found.documents, found.versions, manages=manages)


def _documents(record: Record, rows: list[DocumentRow], *, manages: bool) -> None:
    if not rows:
        more = " Add the first one: a brochure, a price list, a draft MOU." if manages else ""
        return empty_state(f"Nothing is in this partner's vault yet.{more}", icon=":material/folder_open:")
    st.caption(_facts(record, rows))
    feed(
        entries=[_entry(record, row) for row in rows],
        label="Documents",
        key="documents.feed",
        on_open=one_document.open_one,
    )
    return None


def _facts(record: Record, rows: list[DocumentRow]) -> str:
    name, gated = plain(record.profile.name), sum(row.state is State.GATED for row in rows)
    parts = [f"{len(rows)} document{'s' if len(rows) > 1 else ''}"]
    if gated:
        waits = "waits" if gated == 1 else "wait"
        parts.append(f"{gated} {waits} for the NDA: {name} sees the title and a link to sign, not the file")
    if expired := sum(row.state is State.EXPIRED for row in rows):
        parts.append(f"{expired} expired")
    return " · ".join(parts)


def _entry(record: Record, row: DocumentRow) -> Entry:
    mark, tone = MARKS[row.state]
    facts = [f"{row.file_name}, {say.size(row.size)}"]
    if row.number > 1:
        facts.append(f"version {row.number}")
    if row.expires_on:
        facts.append(f"{'until' if row.state is not State.EXPIRED else 'ended'} {say.day(row.expires_on, year=True)}")
    facts.append(_fetched(row))
    return Entry(
        id=str(row.id),
        mark="Signed NDA" if row.origin is not Origin.UPLOAD else mark,
        tone=tone,
        title=row.title,
        text=" · ".join(facts) + (f"\n{row.note}" if row.note else ""),
        note=say.ago(row.changed_at, now()),
        hover=f"{say.instant(row.changed_at)}, {row.added_by}",
        href=f"/partner?id={record.id}&tab=Documents&{one_document.PARAM}={row.id}",
    )


def _fetched(row: DocumentRow) -> str:
    if not row.fetched_at:
        return "not downloaded by them yet"
    often = "once" if row.fetched == 1 else f"{row.fetched} times"
    return f"downloaded {often}, last {say.ago(row.fetched_at, now())}"


def _downloads(record: Record, found: Look, *, exports: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Who fetched what", anchor=False, width="content")
        if exports and found.total:
            with st.container(horizontal=True, width="content", gap="small"):
                for kind in ("csv", "xlsx"):
                    address = f"/export/downloads?partner={record.id}&format={kind}"
                    st.link_button(kind.upper(), address, icon=":material/download:", help="Take out the whole list")
    if not found.fetches:
        return empty_state("Nobody downloaded anything yet. Every download is listed here.", icon=":material/download:")
    _table(found.fetches)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        page = int(st.session_state.get(PAGE_KEY, 1))
        st.caption(extent(page=page, size=PAGE, total=found.total, noun="downloads"), width="content")
        if found.total > PAGE:
            st.pagination(ceil(found.total / PAGE), key=PAGE_KEY)
    return None


def _table(rows: list[FetchRow]) -> None:
    st.dataframe(
        {
            "When": [say.instant(row.at) for row in rows],
            "Who": [f"{row.who} (ours)" if row.is_staff else row.who for row in rows],
            "Document": [row.title for row in rows],
            "Version": [row.number for row in rows],
            "File": [row.file_name for row in rows],
            "From": [row.ip for row in rows],
            "Device": [row.device for row in rows],
        },
        column_config={"Version": st.column_config.NumberColumn(width="small")},
        hide_index=True,
        height="content",
        alt="Downloads, newest first: when, who, which document and version, from where",
    )
