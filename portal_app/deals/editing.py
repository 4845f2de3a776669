"""Changing a deal that was returned, and sending it again."""

from functools import partial

import streamlit as st

from core.deals import service
from core.deals.own_queries import MyDeal
from portal_app import shell
from portal_app.deals import fields
from portal_app.deals.form import Form, Offer, draft_of, offer
from portal_app.deals.page import Page

REFUSED = "deal.edit.refused"


def draw(page: Page, deal: MyDeal) -> None:
    """The form, filled with what was registered; what is typed stays until it is sent."""
    offered: Offer = shell.read(offer)
    form = Form(page, offered, f"deal.edit.{deal.row.id}", _nothing)
    form.fill(draft_of(deal))
    st.header(page.shown("edit"), anchor=False)
    st.caption(page.shown("edit.help"))
    fields.draw_identity(form)
    fields.draw_rest(form)
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    st.button(
        page.say("resubmit"), type="primary", icon=":material/send:", on_click=partial(_send, page, deal, form),
        key="deal.resubmit",
    )  # fmt: skip


def _nothing() -> None:
    """What is typed is kept on the page."""


def _send(page: Page, deal: MyDeal, form: Form) -> None:
    if not form.is_whole():
        return
    done = page.say("resubmitted")
    if shell.attempt(service.resubmit, deal.row.id, deal=form.deal(), version=deal.version, done=done):
        form.forget()
    else:
        st.session_state[REFUSED] = shell.refused()
