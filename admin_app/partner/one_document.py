"""One document of a vault or the library: looked at, added, replaced, changed, removed; each asked in a dialog."""

from pathlib import PurePath
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.partner.shelf import Shelf
from admin_app.widgets.plain import plain
from core import format as say
from core.errors import DomainError
from core.settings import settings
from core.vault.intake import ACCEPTED, Taken, take_in
from core.vault.keeping import KeptForTheRecord
from core.vault.models import Origin
from core.vault.queries import DocumentRow
from core.vault.storage import blobs
from core.vault.trail import VersionRow
from core.vault.visibility import State

PARAM = "document"
DOING, REFUSED = "document.doing", "document.refused"
ADD, REPLACE, EDIT, REMOVE = "add", "replace", "edit", "remove"
FIELDS = ("file", "title", "title_ar", "requires_nda", "expires_on", "note", "why")


def add(*, gated: bool = True) -> None:
    """Ask for a new document, from a callback. ``gated``: it waits for the NDA unless somebody says no."""
    _forget()
    st.session_state[DOING] = ADD
    st.session_state["document.requires_nda"] = gated


def open_one(document_id: str) -> None:
    """Open a document; from a callback."""
    _forget()
    st.query_params[PARAM] = document_id


def ask_what_is_open(shelf: Shelf, rows: list[DocumentRow], versions: list[VersionRow], *, manages: bool) -> None:
    """Show the dialog that is open, if there is one; at the end of the tab."""
    row = next((one for one in rows if str(one.id) == st.query_params.get(PARAM)), None)
    if st.session_state.get(DOING) == ADD and manages:
        st.dialog("Add document", width="medium", on_dismiss=_forget)(_adding)(shelf)
    elif row:
        st.dialog(plain(row.title), width="medium", on_dismiss=_forget)(_one)(shelf, row, versions, manages)


def _adding(shelf: Shelf) -> None:
    if st.session_state.get(DOING) != ADD:
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    st.markdown(shelf.finds)
    with st.form("document.add", border=False, enter_to_submit=False):
        _file_input("File")
        st.text_input("Title", key="document.title", max_chars=200, placeholder="As it is read in the portal")
        st.text_input("Title in Arabic", key="document.title_ar", max_chars=200, placeholder="Shown to Arabic readers")
        _rules(shelf)
        st.form_submit_button("Add document", type="primary", on_click=_add, args=(shelf,))


def _file_input(label: str) -> None:
    st.file_uploader(
        label,
        type=list(ACCEPTED),
        key="document.file",
        max_upload_size=settings().max_upload_mb,
        help="What it is is found out from its bytes, whatever its name says.",
    )


def _rules(shelf: Shelf) -> None:
    st.checkbox("Only after the NDA", key="document.requires_nda", help=shelf.gate_help)
    st.date_input("Last day", value=None, format="DD/MM/YYYY", key="document.expires_on", help="Empty: no end")
    st.text_area("Note for colleagues", key="document.note", height=80, max_chars=2_000)


def _one(shelf: Shelf, row: DocumentRow, versions: list[VersionRow], manages: bool) -> None:
    if st.query_params.get(PARAM) != str(row.id):
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    doing = st.session_state.get(DOING)
    if manages and doing == REPLACE:
        _replacing(shelf, row)
    elif manages and doing == EDIT:
        _editing(shelf, row)
    elif manages and doing == REMOVE:
        _removing(shelf, row, versions)
    else:
        _looking(shelf, row, versions, manages=manages)


def _looking(shelf: Shelf, row: DocumentRow, versions: list[VersionRow], *, manages: bool) -> None:
    st.markdown(_standing(shelf, row))
    if row.note:
        st.caption(f"Note: {plain(row.note)}")
    if row.title_ar:
        st.caption(f"In Arabic: {plain(row.title_ar)}")
    _versions(row, versions)
    with st.container(horizontal=True):
        st.link_button(
            "Download", f"/documents/{row.id}", icon=":material/download:", help="Your download goes on record too"
        )
        if manages and row.origin is Origin.UPLOAD:
            st.button("Replace file", icon=":material/upload_file:", on_click=_begin, args=(REPLACE,))
            st.button("Edit", icon=":material/edit:", on_click=_begin, args=(EDIT, row))
            st.button("Remove…", icon=":material/delete:", on_click=_begin, args=(REMOVE,))
        if shelf.more:
            st.button(shelf.more[0], icon=":material/history:", on_click=shelf.more[1], args=(row.id,))
    if row.origin is not Origin.UPLOAD:
        st.caption(f":material/verified_user: {KeptForTheRecord().message}")


def _standing(shelf: Shelf, row: DocumentRow) -> str:
    if row.state is State.EXPIRED and row.expires_on:
        return f"**Expired.** {shelf.readers} could open it until {say.day(row.expires_on, year=True)}."
    if row.state is State.GATED:
        return f"**Gated until the NDA is signed.** {shelf.gated}"
    until = f" until {say.day(row.expires_on, year=True)}" if row.expires_on else ""
    return f"**Open.** {shelf.readers} can download it{until}."


def _versions(row: DocumentRow, versions: list[VersionRow]) -> None:
    st.dataframe(
        {
            "Version": [f"/documents/{row.id}?version={one.number}" for one in versions],
            "File": [one.file_name for one in versions],
            "Size": [say.size(one.size) for one in versions],
            "Added": [f"{say.instant(one.added_at)}, {one.added_by}" for one in versions],
            "What changed": [one.note for one in versions],
            "Downloads": [one.fetched for one in versions],
        },
        column_config={
            "Version": st.column_config.LinkColumn(display_text=r"version=(\d+)", width="small", help="Download it"),
            "Downloads": st.column_config.NumberColumn(help="By the partner's people", width="small"),
        },
        hide_index=True,
        height="content",
        alt="Versions of this document, newest first",
    )


def _replacing(shelf: Shelf, row: DocumentRow) -> None:
    st.markdown(
        f"From now on **{shelf.readers}** gets the new file, marked as new. Version {row.number} stays on "
        "record; only colleagues can still download it."
    )
    with st.form("document.replace", border=False, enter_to_submit=False):
        _file_input("New file")
        st.text_input(
            "What changed",
            key="document.why",
            max_chars=500,
            placeholder="Prices for 2027",
            help=shelf.change_help or None,
        )
        st.form_submit_button("Replace file", type="primary", on_click=_replace, args=(shelf, row))
    st.button("Back", on_click=_begin, args=("",))


def _editing(shelf: Shelf, row: DocumentRow) -> None:
    with st.form("document.edit", border=False, enter_to_submit=False):
        st.text_input("Title", key="document.title", max_chars=200)
        st.text_input("Title in Arabic", key="document.title_ar", max_chars=200)
        _rules(shelf)
        st.form_submit_button("Save", type="primary", on_click=_change, args=(shelf, row))
    st.button("Back", on_click=_begin, args=("",))


def _removing(shelf: Shelf, row: DocumentRow, versions: list[VersionRow]) -> None:
    kept = "the file and who fetched it" if len(versions) == 1 else f"its {len(versions)} versions and who fetched them"
    st.warning(
        f"{shelf.readers} no longer sees it and cannot download it, from this moment. It leaves this list "
        f"too and cannot be put back; {kept} stay on record.",
        icon=":material/delete:",
    )
    with st.container(horizontal=True):
        st.button("Remove it", type="primary", on_click=_remove, args=(shelf, row))
        st.button("Keep it", on_click=_begin, args=("",))


def _begin(doing: str, row: DocumentRow | None = None) -> None:
    """Go to another part of the dialog; the fields of ``row`` are filled in."""
    _clear()
    st.session_state[DOING] = doing
    for name in ("title", "title_ar", "requires_nda", "expires_on", "note") if row else ():
        st.session_state[f"document.{name}"] = getattr(row, name)


def _add(shelf: Shelf) -> None:
    if st.session_state.get(DOING) != ADD or (taken := _taken()) is None:
        return
    fields = _fields()
    fields["title"] = str(fields["title"]).strip() or PurePath(taken.file_name).stem
    key = ("document", shelf.id, taken.sha256, str(fields))
    done = f"“{plain(str(fields['title']))}” is in {shelf.place}"
    _finish(act_once(key, shelf.add, shelf.id, file=taken, done=done, **fields))


def _replace(shelf: Shelf, row: DocumentRow) -> None:
    if st.session_state.get(DOING) != REPLACE or (taken := _taken()) is None:
        return
    done, why = f"Version {row.number + 1} is in place", st.session_state.get("document.why") or ""
    key = ("replace", row.id, row.version)
    _finish(act_once(key, shelf.replace, row.id, file=taken, version=row.version, note=why, done=done), stay=True)


def _change(shelf: Shelf, row: DocumentRow) -> None:
    fields = _fields()
    key = ("change", row.id, row.version, str(fields))
    _finish(act_once(key, shelf.change, row.id, version=row.version, done="Saved", **fields), stay=True)


def _remove(shelf: Shelf, row: DocumentRow) -> None:
    done = f"“{plain(row.title)}” was removed"
    _finish(act_once(("remove", row.id), shelf.remove, row.id, version=row.version, done=done))


def _fields() -> dict[str, object]:
    given = {name: st.session_state.get(f"document.{name}") for name in ("title", "title_ar", "note", "expires_on")}
    texts = {name: given[name] or "" for name in ("title", "title_ar", "note")}
    return {**texts, "expires_on": given["expires_on"], "requires_nda": bool(st.session_state["document.requires_nda"])}


def _taken() -> Taken | None:
    """The file that was chosen, checked and kept before any transaction begins; None: why not stands in the dialog."""
    given = st.session_state.get("document.file")
    if given is None:
        st.session_state[REFUSED] = "Choose a file first."
        return None
    try:
        taken = take_in(given.name, given.getvalue())
        blobs().keep(taken.data)
    except DomainError as refusal:
        st.session_state[REFUSED] = refusal.message
        return None
    return taken


def _finish(done: UUID | bool | None, *, stay: bool = False) -> None:
    """Close the dialog, or go back to its first part, once it is done; else say there why it was not."""
    if not done:
        st.session_state[REFUSED] = shell.refusal()
    elif stay:
        _begin("")
    else:
        _forget()


def _clear() -> None:
    for name in FIELDS:
        st.session_state.pop(f"document.{name}", None)
    st.session_state.pop(REFUSED, None)


def _forget() -> None:
    _clear()
    st.session_state.pop(DOING, None)
    st.query_params.pop(PARAM, None)
