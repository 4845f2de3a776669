"""One space of the library: who sees it, its documents, whom it was for earlier, and who fetched what."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.library import downloads, going, space_form
from admin_app.library.wording import counted, rule_of, whom
from admin_app.partner import one_document
from admin_app.partner.shelf import Shelf
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.db import Reads
from core.library import queries, service
from core.library.queries import SpacePage, SpaceRow
from core.vault.queries import DocumentRow
from core.vault.trail import FetchRow, VersionRow
from core.vault.visibility import State

MARKS = {State.OPEN: ("Open", "good"), State.GATED: ("After the NDA", "attention"), State.EXPIRED: ("Expired", "stop")}
WITHDRAWING = "library.withdrawing"


@dataclass(frozen=True)
class Look:
    """A space, one page of its downloads, and the versions of the document that is open."""

    me: Actor
    page: SpacePage
    fetches: list[FetchRow]
    total: int
    versions: list[VersionRow]


def look(session: Reads, space_id: UUID, *, page: int, opened: str) -> Look:
    """What there is in a space."""
    found = queries.space(session, space_id)
    chosen = next((one.id for one in found.documents if str(one.id) == opened), None)
    fetches, total = queries.fetches(session, space_id=space_id, page=page)
    return Look(actor_of(session), found, fetches, total, queries.versions(session, chosen) if chosen else [])


def draw(space_id: UUID) -> None:
    """The page of a space."""
    opened = st.query_params.get(one_document.PARAM, "")
    found = shell.read(look, space_id, page=downloads.asked_page(), opened=opened)
    row, zone = found.page.space, found.page.time_zone
    manages = allowed(found.me, Act.MANAGE_LIBRARY)
    going.back("All spaces")
    _head(row, zone, manages=manages)
    _documents(row, found.page.documents, manages=manages)
    _removed(found.page)
    _rules(found.page)
    downloads.draw(found.fetches, found.total, exports=allowed(found.me, Act.EXPORT), zone=zone, space_id=row.id)
    one_document.ask_what_is_open(_shelf(row), found.page.documents, found.versions, manages=manages)
    if manages:
        space_form.ask_when_open(row)
        _ask_to_withdraw(row)


def _head(row: SpaceRow, zone: str, *, manages: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="content", gap="xxsmall"):
            st.title(plain(row.name), anchor=False, width="content")
            st.caption(_facts(row, zone), width="content")
        if manages:
            with st.container(horizontal=True, width="content", gap="small"):
                _actions(row)


def _facts(row: SpaceRow, zone: str) -> str:
    if row.withdrawn_at:
        return f":red-badge[:material/block: Withdrawn] Nobody sees it since {say.day(row.withdrawn_at, zone=zone)}"
    parts = [f"{plain(whom(row.audience, row.partner))}: {counted(row.reached)}"]
    if row.audience.holds_prices:
        parts.append(":orange-badge[:material/sell: Holds prices]")
    return " · ".join(parts)


def _actions(row: SpaceRow) -> None:
    if row.withdrawn_at:
        st.button("Open it again", icon=":material/undo:", on_click=_open_again, args=(row,))
        return
    st.button("Add document", type="primary", icon=":material/upload_file:", on_click=_add_document)
    st.button("Who sees it", icon=":material/visibility:", on_click=space_form.begin)
    st.button("Withdraw…", icon=":material/block:", on_click=_begin_to_withdraw)


def _add_document() -> None:
    one_document.add(gated=False)


def _shelf(row: SpaceRow) -> Shelf:
    readers = plain(whom(row.audience, row.partner)) if row.withdrawn_at is None else "Nobody"
    return Shelf(
        id=row.id,
        readers=readers,
        finds=f"In the portal at once for: **{readers}**, {counted(row.reached)}. Nothing is mailed.",
        gated="Resellers without one see that it exists.",
        place=plain(row.name),
        gate_help="Opens for a reseller once its NDA is valid, and for active ones. Until then only the title shows.",
        change_help="Resellers read this beside the document.",
        add=service.put,
        replace=service.replace,
        change=service.change,
        remove=service.remove,
        more=("Who could see it when", going.to_seen),
    )


def _documents(row: SpaceRow, documents: list[DocumentRow], *, manages: bool) -> None:
    st.subheader("Documents", anchor=False)
    if not documents:
        offers = manages and row.withdrawn_at is None
        action = "Add the first document" if offers else None
        return empty_state(
            "There is nothing in this space yet.", action=action, on_click=_add_document, icon=":material/folder_open:"
        )
    feed(
        entries=[_entry(row, one) for one in documents],
        label="Documents",
        key="library.documents",
        on_open=one_document.open_one,
    )
    return None


def _entry(row: SpaceRow, one: DocumentRow) -> Entry:
    mark, tone = MARKS[one.state]
    facts = [f"{one.file_name}, {say.size(one.size)}"]
    if one.number > 1:
        facts.append(f"version {one.number}")
    if one.expires_on:
        facts.append(f"{'ended' if one.state is State.EXPIRED else 'until'} {say.day(one.expires_on, year=True)}")
    facts.append(_fetched(one))
    return Entry(
        id=str(one.id),
        mark=mark,
        tone=tone,
        title=one.title,
        text=" · ".join(facts) + (f"\n{one.note}" if one.note else ""),
        note=say.ago(one.changed_at, now()),
        hover=f"{say.instant(one.changed_at)}, {one.added_by}",
        href=f"/library?space={row.id}&{one_document.PARAM}={one.id}",
    )


def _fetched(one: DocumentRow) -> str:
    if not one.fetched_at:
        return "not downloaded yet"
    often = "once" if one.fetched == 1 else f"{one.fetched} times"
    return f"downloaded {often}, last {say.ago(one.fetched_at, now())}"


def _rules(page: SpacePage) -> None:
    """Whom the space was for since when, the newest first."""
    with st.expander(f"Who this space was for ({len(page.rules)})", icon=":material/history:"):
        for rule in page.rules:
            st.markdown(f"- {plain(rule_of(rule, page.partners, page.time_zone))}")


def _removed(page: SpacePage) -> None:
    """What was taken out, and the way to who could see it."""
    if page.removed:
        with st.expander(f"Removed documents ({len(page.removed)})", icon=":material/delete:"):
            for one in page.removed:
                day = say.day(one.removed_at, zone=page.time_zone, year=True)
                st.button(
                    f"{plain(one.title)}, removed {day}", type="tertiary", icon=":material/history:",
                    key=f"library.removed.{one.id}", on_click=going.to_seen, args=(one.id,),
                )  # fmt: skip


def _begin_to_withdraw() -> None:
    st.session_state[WITHDRAWING] = True


def _ask_to_withdraw(row: SpaceRow) -> None:
    if st.session_state.get(WITHDRAWING):
        st.dialog("Withdraw this space", icon=":material/block:", on_dismiss=_keep)(_withdrawing)(row)


def _withdrawing(row: SpaceRow) -> None:
    if not st.session_state.get(WITHDRAWING):
        st.rerun()
    st.warning(
        f"{plain(row.name)} disappears for {counted(row.reached)} at their next click, and its documents cannot be "
        "downloaded any more. You can open it again; documents and downloads stay on record.",
        icon=":material/block:",
    )
    with st.container(horizontal=True):
        st.button("Withdraw it", type="primary", on_click=_withdraw, args=(row,))
        st.button("Keep it", on_click=_keep)


def _withdraw(row: SpaceRow) -> None:
    _keep()
    shell.act(service.withdraw_space, row.id, version=row.version, done=f"{plain(row.name)} is withdrawn")


def _open_again(row: SpaceRow) -> None:
    shell.act(service.open_space_again, row.id, version=row.version, done=f"{plain(row.name)} is open again")


def _keep() -> None:
    st.session_state.pop(WITHDRAWING, None)
