"""Step 2: the agreement in both languages, read to its end."""

import streamlit as st

from core.nda import service
from core.nda.texts import Change
from portal_app import shell
from portal_app.signing.page import Page
from proposal_view.agreement import WORDS, Read, Shown, agreement


def draw(page: Page) -> None:
    """The text; before it, that it changed since it was read."""
    view = page.view
    if view.shown_at is None:
        _ask_to_read(page)
        return
    st.write(page.say("read.help"))
    changed = {change.key for change in view.changes if change.change is not Change.REMOVED}
    clauses = [
        Shown(
            clause.key,
            f"{number}. {clause.en.heading}",
            clause.en.body,
            f"{number}. {clause.ar.heading}",
            clause.ar.body,
            clause.key in changed or clause.key in st.session_state.get("nda.changed", ()),
        )
        for number, clause in enumerate(view.agreement.clauses, 1)
    ]
    agreement(
        clauses=clauses,
        version=f"{view.partner.name}:{view.text_number}",
        lead=page.language,
        words={word: page.say(f"read.{word}") for word in WORDS},
        on_read=_finish,
        key="nda.agreement",
    )


def _ask_to_read(page: Page) -> None:
    """The text that is in force was never on this screen: say why, and show it on a press."""
    if page.view.read_number:
        st.info(page.say("updated", number=page.view.text_number), icon=":material/update:")
    st.button(page.say("contact.continue"), type="primary", on_click=_show, args=(page,))


def _show(page: Page) -> None:
    st.session_state["nda.changed"] = [change.key for change in page.view.changes]
    shell.attempt(service.show_text, number=page.view.text_number)


def _finish(read: Read) -> None:
    if shell.attempt(service.finish_reading, clause_ms=read.clause_ms, clock=read.clock):
        st.session_state.pop("nda.back", None)
