"""For how long the customer is protected for the partner, and asking for longer."""

from functools import partial

import streamlit as st

from core.clock import now
from core.deals import protections
from core.deals.protection_queries import MyProtection
from core.deals.states import ExtensionState
from portal_app import shell
from portal_app.deals.page import Page

DOING, REFUSED = "deal.asking", "deal.ask_refused"
DAYS, WHY = "deal.ask_days", "deal.ask_why"
USUAL, MOST = 30, 365


def draw(page: Page, one: MyProtection) -> None:
    """Until when, how long that is, and how a wish for longer stands."""
    st.header(page.shown("protection"), anchor=False)
    left = (one.ends_at - now()).days
    said = page.say("protection.days", count=left) if left else page.say("protection.day")
    st.markdown(page.shown("protection.until", customer=one.customer, day=page.day(one.ends_at), left=said))
    if one.asked_state is not None:
        st.caption(page.shown(f"protection.{one.asked_state}", count=one.asked_days))
        if one.answer:
            st.caption(page.plain(one.answer))
    if page.writes and one.asked_state is not ExtensionState.ASKED:
        st.button(page.say("protection.ask"), on_click=_begin, icon=":material/more_time:")


def ask(page: Page, one: MyProtection) -> None:
    """The question, while it is open."""
    if st.session_state.get(DOING) and page.writes:
        st.dialog(page.shown("protection.ask.title"), on_dismiss=_forget)(_asking)(page, one)


def _asking(page: Page, one: MyProtection) -> None:
    if not st.session_state.get(DOING):
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    st.session_state.setdefault(DAYS, USUAL)
    st.number_input(page.say("protection.ask.days"), min_value=1, max_value=MOST, step=1, key=DAYS, width=200)
    st.text_area(page.say("protection.ask.why"), key=WHY, max_chars=2_000, placeholder=page.say("protection.ask.help"))
    st.button(page.say("protection.ask.press"), type="primary", on_click=partial(_ask, page, one))


def _ask(page: Page, one: MyProtection) -> None:
    days, why = int(st.session_state.get(DAYS) or 0), str(st.session_state.get(WHY) or "")
    done = page.say("protection.asked.done")
    if shell.attempt(protections.ask_extension, one.id, days=days, evidence=why, done=done):
        _forget()
    else:
        st.session_state[REFUSED] = shell.refused()


def _begin() -> None:
    st.session_state[DOING] = True


def _forget() -> None:
    for key in (DOING, REFUSED, DAYS, WHY):
        st.session_state.pop(key, None)
