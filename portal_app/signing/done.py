"""Step 4: signed; what it is called, where it is, what happens next."""

from datetime import timedelta

import streamlit as st

from core.clock import now
from core.format import day, instant
from core.nda.queries import SignedNda
from core.nda.steps import State
from portal_app import shell, unlocking
from portal_app.signing.page import Page


def draw(page: Page) -> None:
    """The reference, the copy, the next steps."""
    signed = page.view.signed
    if signed is None:
        return
    if words := st.session_state.get("nda.already"):
        st.info(words, icon=":material/history:")
    st.success(page.say("done.title", reference=signed.reference), icon=":material/verified:")
    st.write(said(page, signed))
    needs_code = page.is_resellers and shell.desk().asks_for_device
    with st.container(horizontal=True):
        _ways_on(page)
        if signed.document_id and not needs_code:
            st.link_button(page.say("done.pdf"), f"/documents/{signed.document_id}", icon=":material/download:")
    if needs_code:
        unlocking.draw(shell.desk(), page.language)
    if is_fresh(page):
        _what_next(page)


def _ways_on(page: Page) -> None:
    """Where to go from here: into the room, or back to the portal's first page."""
    if page.is_resellers:
        if st.button(page.say("done.home"), icon=":material/home:"):
            st.switch_page("views/home.py", query_params={"lang": page.language})
    elif st.button(page.say("done.room"), type="primary", icon=":material/meeting_room:"):
        st.switch_page("views/room.py", query_params={"lang": page.language})


def is_fresh(page: Page) -> bool:
    """Whether this is still the end of a signing; the portal's page stays, and later tells only what was signed."""
    signed = page.view.signed
    if signed is None or not page.is_resellers:
        return True
    return signed.signer == page.view.name and now() - signed.signed_at < timedelta(days=1)


def _what_next(page: Page) -> None:
    st.subheader(page.say("done.next"), anchor=False)
    steps = [
        page.say("done.mailed", email=page.view.email_masked),
        *([] if page.is_resellers else [page.say("done.next.documents")]),
        *([page.say("done.next.owner", owner=page.view.owner)] if page.view.owner else []),
        page.say("done.next.verify"),
    ]
    st.markdown("\n".join(f"1. {step}" for step in steps))


def viewing(page: Page) -> None:
    """What staff see who look as a principal while nothing is signed."""
    st.info(page.say("viewing", name=page.view.invited_name), icon=":material/visibility:")


def said(page: Page, signed: SignedNda) -> str:
    """Who signed when, and until when it is valid."""
    when = instant(signed.signed_at, language=page.language)
    until = day(signed.expires_at, language=page.language, year=True)
    return page.say("done.text", name=signed.signer, when=when, until=until)


def renewal(page: Page) -> None:
    """That the NDA in force ends soon, before the steps of its renewal."""
    old = page.view.renews
    if old is not None and old.state is State.EXPIRING:
        st.info(page.say("done.renew", days=(old.expires_at - now()).days), icon=":material/update:")
