"""Keeping what is written, and what to do when a colleague kept something else meanwhile. All from callbacks."""

import streamlit as st

from admin_app import shell
from admin_app.editor.desk import Desk
from core.i18n import t
from core.proposals import service
from core.proposals.content import Content, SectionKey
from core.proposals.queries import Workbench

SECTION, REFUSED = "editor.section", "editor.not_kept"


def save(desk: Desk, *, done: str = "Draft saved") -> bool:
    """Keep the form's text; False when it cannot be, and then it stays in the form."""
    desk.read_form()
    if desk.complaints():
        return False
    content = desk.composed()
    if content == desk.content:
        return True
    return keep(desk, content, done=done)


def save_pressed(desk: Desk) -> None:
    """The button was pressed."""
    save(desk)


def keep(desk: Desk, content: Content, *, done: str) -> bool:
    """Save a whole proposal as the draft; why that was refused is kept for the page to say in its place."""
    kept = shell.act(service.save_draft, desk.partner_id, content=content, version=desk.version, done=done)
    if kept is None:
        st.session_state[REFUSED] = shell.refusal()
        return False
    desk.version, desk.content = kept.version, content
    return True


def switch(desk: Desk) -> None:
    """Go to another section; what is written in this one is kept first, and when it cannot be, it stays open."""
    wanted = SectionKey(st.session_state[SECTION])
    if not save(desk, done=f"{t(f'section.{desk.section}', 'en')} saved"):
        st.session_state[SECTION] = desk.section
        return
    desk.open(wanted)
    st.query_params["section"] = wanted.value


def take_theirs(desk: Desk, bench: Workbench) -> None:
    """Give up the form's text for what is kept now."""
    desk.take(bench)


def keep_mine(desk: Desk, bench: Workbench) -> None:
    """Put this section's text over what is kept now; the other sections stay as the colleague left them."""
    desk.read_form()
    desk.version, desk.content = bench.draft_version, bench.content
    save(desk)
