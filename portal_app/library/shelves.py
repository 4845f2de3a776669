"""The spaces that somebody finds, each with its documents; every one opens by a plain address, on record."""

import streamlit as st

from core import format as say
from core.library.own_queries import MyDocument, MySpace
from core.vault.visibility import State
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger


def draw(page: Page, space: MySpace, *, zone: str, opens: bool) -> None:
    """One space. ``opens``: this device was confirmed, so that documents can be fetched on it."""
    name = page.named(space.name, space.name_ar)
    st.header(page.plain(name), anchor=False)
    if space.holds_prices:
        st.caption(page.shown("locked" if space.is_locked else "prices"))
    if space.documents:
        lines = [line(page, one, zone=zone, opens=opens) for one in space.documents]
        ledger(lines=lines, label=name, key=f"documents-{space.id}")
    elif not space.is_locked:
        st.caption(page.shown("space.empty"))


def line(page: Page, one: MyDocument, *, zone: str, opens: bool) -> Line:
    """A document: its title fetches it where it opens; what changed stands under it."""
    mark, tone = _mark(page, one)
    return Line(
        title=page.named(one.title, one.title_ar),
        text=_facts(page, one, zone),
        note="\n".join(page.say("changed", number=note.number, text=note.text) for note in one.notes),
        mark=mark,
        tone=tone,
        href=f"/documents/{one.id}" if opens and one.state is State.OPEN else "",
    )


def _mark(page: Page, one: MyDocument) -> tuple[str, str]:
    if one.state is State.EXPIRED:
        return page.say("expired"), ""
    if one.state is State.GATED:
        return page.say("gated"), "attention"
    return (page.say("new"), "news") if one.is_new else ("", "")


def _facts(page: Page, one: MyDocument, zone: str) -> str:
    until = say.day(one.expires_on, language=page.language, year=True) if one.expires_on else ""
    return page.joined(
        one.file_name.rpartition(".")[2].upper(),
        say.size(one.size),
        say.day(one.changed_at, zone=zone, language=page.language, year=True),
        page.say("version", number=one.number) if one.number > 1 else "",
        page.say("until" if one.state is not State.EXPIRED else "ended", day=until) if until else "",
    )
