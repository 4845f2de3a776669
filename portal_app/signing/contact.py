"""Step 1: who signs; or a colleague who signs instead."""

import streamlit as st

from core.access import limits
from core.nda import service
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.signing.page import Page


def draw(page: Page) -> None:
    """Name and title of whoever signs; the address is the one on record."""
    view = page.view
    if not view.email:
        st.warning(page.say("contact.no_email", owner=view.owner), icon=":material/mail:")
        return
    known = {"partner": page.name(view.partner), "email": view.email_masked}
    if view.is_known:
        known["name"] = view.invited_name
    st.write(plain_text(page.say("contact.known", **known)))
    st.session_state.setdefault("nda.name", view.name)
    st.session_state.setdefault("nda.job", view.title)
    with st.form("nda.contact", border=False):
        if not view.is_known:
            st.text_input(page.say("contact.name"), key="nda.name", max_chars=200, autocomplete="name")
        st.text_input(page.say("contact.job"), key="nda.job", max_chars=200, autocomplete="organization-title")
        st.form_submit_button(page.say("contact.continue"), type="primary", on_click=_go_on, args=(page,))
    if page.is_resellers:
        st.caption(page.say("contact.others"))
        return
    with st.expander(page.say("hand.title"), icon=":material/forward_to_inbox:"):
        _hand_over(page)


def _go_on(page: Page) -> None:
    """Keep who signs; the text is on screen from here on."""
    state = st.session_state
    if shell.attempt(service.give_contact, name=state["nda.name"], title=state["nda.job"], language=page.language):
        shell.attempt(service.show_text, number=page.view.text_number)
        state.pop("nda.back", None)


def _hand_over(page: Page) -> None:
    st.write(page.say("hand.text"))
    with st.form("nda.hand", border=False):
        st.text_input(page.say("hand.name"), key="nda.hand_name", max_chars=200)
        st.text_input(page.say("hand.email"), key="nda.hand_email", max_chars=254)
        st.text_input(page.say("hand.job"), key="nda.hand_job", max_chars=200)
        st.form_submit_button(page.say("hand.press"), on_click=_ask_colleague, args=(page,))


def _ask_colleague(page: Page) -> None:
    state = st.session_state
    name, email, title = (state[f"nda.hand_{field}"] for field in ("name", "email", "job"))
    if not shell.counted(limits.submitted_nda):
        return
    if shell.attempt(service.hand_over, name=name, email=email, title=title):
        state["nda.handed"] = page.say("handed", name=name.strip(), email=email.strip())
