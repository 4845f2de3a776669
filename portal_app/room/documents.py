"""The documents both sides share: what opens, and what opens the others."""

import streamlit as st

from core import format as say
from core.vault.queries import RoomDocument
from core.vault.visibility import State
from portal_app.room import device
from portal_app.room.page import Page
from portal_app.widgets.ledger import Line, ledger


def draw(page: Page, *, with_device: bool) -> None:
    """The list; before it, on a device that is not known, what opens documents on it."""
    st.header(page.shown("documents"), anchor=False)
    if not page.room.documents:
        st.caption(page.shown("documents.empty"))
        return
    if with_device and page.room.host.needs_code:
        device.draw(page)
    ledger(lines=[line(page, one) for one in page.room.documents], label=page.say("documents"), key="room-documents")


def line(page: Page, one: RoomDocument) -> Line:
    """A document: a link where it opens for this person on this device."""
    mark, tone = _mark(page, one)
    opens = one.is_open and not page.room.host.needs_code
    return Line(
        title=one.title_ar if page.language == "ar" and one.title_ar else one.title,
        text=_facts(page, one),
        mark=mark,
        tone=tone,
        href=f"/documents/{one.id}" if opens else "",
    )


def _mark(page: Page, one: RoomDocument) -> tuple[str, str]:
    if one.state is State.EXPIRED:
        return page.say("documents.expired"), ""
    if one.state is State.GATED:
        return page.say("documents.gated"), "attention"
    return (page.say("documents.new"), "news") if one.is_new else ("", "")


def _facts(page: Page, one: RoomDocument) -> str:
    zone, language = page.room.host.time_zone, page.language
    until = say.day(one.expires_on, language=language, year=True) if one.expires_on else ""
    return page.joined(
        one.file_name.rpartition(".")[2].upper(),
        say.size(one.size),
        say.day(one.changed_at, zone=zone, language=language, year=True),
        page.say("documents.version", number=one.number) if one.number > 1 else "",
        page.say("documents.until", day=until) if until and one.state is not State.EXPIRED else "",
    )
