"""Taking a deal back, asked for once more before it is done."""

import streamlit as st

from core.deals import service
from core.deals.own_queries import MyDeal
from portal_app import shell
from portal_app.deals.page import Page

DOING = "deal.withdrawing"


def begin() -> None:
    """Ask; from a callback."""
    st.session_state[DOING] = True


def ask(page: Page, deal: MyDeal) -> None:
    """The question, while it is open."""
    if st.session_state.get(DOING) and deal.may_withdraw:
        title = page.shown("withdraw.title", reference=deal.row.reference)
        st.dialog(title, on_dismiss=_forget)(_asking)(page, deal)


def _asking(page: Page, deal: MyDeal) -> None:
    if not st.session_state.get(DOING):
        st.rerun()
    st.markdown(page.shown("withdraw.text", customer=deal.row.customer))
    with st.container(horizontal=True):
        st.button(page.say("withdraw.press"), type="primary", on_click=_withdraw, args=(page, deal))
        st.button(page.say("keep"), on_click=_forget)


def _withdraw(page: Page, deal: MyDeal) -> None:
    _forget()
    done = page.say("withdraw.done", reference=deal.row.reference)
    shell.attempt(service.withdraw, deal.row.id, done=done)


def _forget() -> None:
    st.session_state.pop(DOING, None)
