"""Step 3: the typed signature, the mailed code, the consent; or declining."""

import streamlit as st

from core.access import limits
from core.access.codes import Verdict
from core.actor import Actor
from core.format import instant
from core.nda import ceremony, queries, service
from core.nda.readiness import ConsentNeeded, checked_name
from core.nda.steps import full_name, same_name
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.signing.page import Page


def draw(page: Page) -> None:
    """Everything that makes the signature, and the one button."""
    view = page.view
    st.session_state.setdefault("nda.signature", view.signature)
    st.text_input(
        page.say("sign.signature"), key="nda.signature", max_chars=600, on_change=_keep_draft, placeholder=view.name
    )
    typed = st.session_state["nda.signature"].strip()
    with st.container():
        if typed:
            st.markdown(f"## *{plain_text(typed)}*")
        if differs(typed, (view.invited_name, view.name)):
            st.checkbox(page.say("sign.other", name=typed), key="nda.other")
    with st.container():
        _code(page)
    st.checkbox(view.consent.ar if page.language == "ar" else view.consent.en, key="nda.consent")
    with st.container(horizontal=True):
        st.button(page.say("sign.press"), type="primary", icon=":material/draw:", on_click=_sign, args=(page,))
        st.button(page.say("sign.reread"), type="tertiary", on_click=_back, args=("read",))
        st.button(page.say("sign.back"), type="tertiary", on_click=_back, args=("contact",))
    with st.expander(page.say("decline.title")):
        _decline(page)


def differs(typed: str, expected: tuple[str, ...]) -> bool:
    """Whether a typed name is one, and not the one that is expected; then the page asks for a confirmation."""
    name = full_name(typed)
    return name is not None and any(each and not same_name(name, each) for each in expected)


def _code(page: Page) -> None:
    """The code that proves the mailbox: ask for it, type it."""
    code = page.view.code
    if code.verified_at:
        st.success(page.say("sign.verified", address=page.view.email_masked), icon=":material/mark_email_read:")
        return
    waiting = code.sent_at is not None and code.expires_at is not None
    with st.container():
        if waiting:
            st.info(page.say("sign.sent", address=page.view.email_masked), icon=":material/mail:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if waiting:
            st.text_input(page.say("sign.code"), key="nda.code", max_chars=20, autocomplete="one-time-code", width=220)
        again = "sign.send_again" if waiting else "sign.send"
        st.button(page.say(again), icon=":material/mail:", on_click=_send_code, args=(page.language,))


def _keep_draft() -> None:
    shell.attempt(service.save_signature_draft, signature=st.session_state["nda.signature"])


def _send_code(language: str) -> None:
    if shell.counted(limits.asked_for_code):
        shell.attempt(service.send_code, language=language)


def _back(step: str) -> None:
    st.session_state["nda.back"] = step


def _sign(page: Page) -> None:
    """One press: what is typed is looked at, the code is tried on its own; then everything else is one counted act."""
    state = st.session_state
    if not shell.ask(_is_whole, page=page):
        return
    if not page.view.code.verified_at and not _prove_mailbox(page):
        return
    if not shell.counted(limits.submitted_nda):
        return
    signed = shell.ask(
        ceremony.sign,
        signature=state["nda.signature"],
        confirmed_name=bool(state.get("nda.other")),
        consent=bool(state["nda.consent"]),
        text_number=page.view.text_number,
        origin=shell.origin(),
    )
    if signed and signed.already:
        at = instant(signed.signed_at, language=page.language)
        state["nda.already"] = page.say("already_signed", reference=signed.reference, at=at)


def _is_whole(*, page: Page, by: Actor) -> bool:
    """Whether all is typed and ticked that a signature needs; what is missing is said, and counts as no submission."""
    state, view = st.session_state, page.view
    if not state["nda.consent"]:
        raise ConsentNeeded
    expected = (view.invited_name, view.name)
    return bool(checked_name(state["nda.signature"], expected=expected, confirmed=bool(state.get("nda.other"))))


def _prove_mailbox(page: Page) -> bool:
    outcome = shell.attempt(service.enter_code, text=st.session_state.get("nda.code", ""))
    if outcome is None or outcome.is_right or (outcome.verdict is Verdict.NONE and _is_proved_elsewhere()):
        return outcome is not None
    shell.say(outcome.said(page.language))
    return False


def _is_proved_elsewhere() -> bool:
    """Whether another tab has typed the code meanwhile, or signed already."""
    view = shell.read(queries.my_signing)
    return view.code.verified_at is not None or view.signed is not None


def _decline(page: Page) -> None:
    st.write(page.say("decline.text", company=page.name(page.view.company)))
    st.text_area(page.say("decline.reason"), key="nda.reason", max_chars=1_000)
    st.button(page.say("decline.press"), on_click=_say_no, args=(page.language,))


def _say_no(language: str) -> None:
    if shell.counted(limits.submitted_nda):
        shell.attempt(service.decline, reason=st.session_state["nda.reason"], language=language)
