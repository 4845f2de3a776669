"""Step 4: signed; what it is called, where it is, what happens next."""

import streamlit as st

from core.clock import now
from core.format import day, instant
from core.nda.queries import SignedNda
from core.nda.steps import State
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
    with st.container(horizontal=True):
        if st.button(page.say("done.room"), type="primary", icon=":material/meeting_room:"):
            st.switch_page("views/room.py", query_params={"lang": page.language})
        if signed.document_id:
            st.link_button(page.say("done.pdf"), f"/documents/{signed.document_id}", icon=":material/download:")
    st.subheader(page.say("done.next"), anchor=False)
    steps = [
        page.say("done.mailed", email=page.view.email_masked),
        page.say("done.next.documents"),
        page.say("done.next.owner", owner=page.view.owner),
        page.say("done.next.verify"),
    ]
    st.markdown("\n".join(f"1. {step}" for step in steps))


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
