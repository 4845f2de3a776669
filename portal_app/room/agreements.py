"""The NDA and its record, and what was agreed since."""

import streamlit as st

from core import format as say
from core.i18n import t
from core.nda.queries import SignedNda
from core.nda.steps import State
from portal_app.room.page import Page
from portal_app.widgets.ledger import Line, ledger

TONES = {State.VALID: "good", State.EXPIRING: "attention", State.EXPIRED: "stop", State.SUPERSEDED: ""}
IN_FORCE = (State.VALID, State.EXPIRING)


def draw_ndas(page: Page) -> None:
    """Every NDA that was signed; signing the first one, or the next, is a press away."""
    st.header(page.shown("nda"), anchor=False)
    signed = page.room.ndas
    if signed:
        ledger(lines=[_nda(page, one) for one in signed], label=page.say("nda"), key="room-ndas")
    else:
        st.caption(page.shown("nda.empty"))
    if not any(one.state is State.VALID for one in signed):
        address = f"/nda?lang={page.language}"
        st.link_button(
            page.say("nda.sign"), address, icon=":material/draw:", type="primary" if not signed else "secondary"
        )


def _nda(page: Page, one: SignedNda) -> Line:
    zone, language = page.room.host.time_zone, page.language
    day = say.day(one.signed_at, zone=zone, language=language, year=True)
    until = say.day(one.expires_at, zone=zone, language=language, year=True)
    opens = one.document_id is not None and not page.room.host.needs_code
    return Line(
        title=one.reference,
        text=page.say("nda.text", signer=one.signer, day=day, until=until),
        mark=t(f"nda.state.{one.state}", language),
        tone=TONES[one.state],
        href=f"/documents/{one.document_id}" if opens else "",
        link=page.say("nda.verify"),
        link_href=f"/verify?ref={one.reference}",
    )


def draw_decisions(page: Page) -> None:
    """What was agreed, the newest first."""
    st.header(page.shown("decisions"), anchor=False)
    lines = [
        Line(
            title=one.text,
            lead=say.day(one.decided_on, language=page.language),
            text=page.say("decisions.replaces", text=one.replaces) if one.replaces else "",
            mark=page.say("decisions.overruled") if one.overruled else "",
            struck=one.overruled,
        )
        for one in page.room.decisions
    ]
    if lines:
        ledger(lines=lines, label=page.say("decisions"), key="room-decisions")
    else:
        st.caption(page.shown("decisions.empty"))
