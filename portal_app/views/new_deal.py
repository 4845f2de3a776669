"""Is this customer free, and what do I need to say so that the deal is reviewed soon?"""

import streamlit as st

from core.db import Reads
from core.deals import own_queries, service
from core.deals.own_queries import MyDraft
from core.format import clock_time
from portal_app import going, shell
from portal_app.deals import checking, fields, files
from portal_app.deals.form import Form, Offer, offer
from portal_app.deals.page import Page
from portal_app.deals.style import quiet

REFUSED = "new_deal.refused"


def look(session: Reads) -> tuple[Offer, MyDraft | None]:
    """What can be chosen, and what was typed before."""
    return offer(session), own_queries.my_draft(session)


def save() -> None:
    """Keep what is typed, from a callback."""
    shell.attempt(service.save_draft, content={**form.content(), **checking.kept()})


def start_over() -> None:
    """Forget what was typed."""
    shell.attempt(service.save_draft, content={})
    form.forget()
    checking.forget()


def submit() -> None:
    """Send the deal for review, then its files."""
    if going.is_leaving() or not form.is_whole():
        return
    sent = shell.attempt(service.submit, deal=form.deal())
    if sent is None:
        st.session_state[REFUSED] = shell.refused()
        return
    said = files.attach_all(page, sent.id, key="new_deal.files")
    shell.say_done(page.say("submitted", reference=sent.reference))
    if said:
        shell.say(page.say("unsent_files", why=said))
    form.forget()
    checking.forget()
    going.begin("deal", sent.id)


reader = shell.actor()
page = Page("new_deal", shell.language_chosen(reader.language), reader)
offered, draft = shell.read(look)
form = Form(page, offered, "new_deal", save)
content = draft.content if draft else {}
form.fill(content)
checking.fill(content)
quiet()

with st.container(key="new-deal"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.shown("title"), anchor=False, width="content")
        if draft:
            st.button(page.say("clear"), on_click=start_over, type="tertiary", icon=":material/restart_alt:")
    if not offered.products or not offered.places:
        st.info(page.shown("no_catalogue"), icon=":material/inventory_2:")
        st.stop()
    at = clock_time(draft.saved_at) if draft else ""
    st.caption(page.shown("draft", time=at) if draft else page.shown("draft.none"))
    st.header(page.shown("step.check"), anchor=False)
    checking.draw(form, save=save)
    if checking.kept():
        st.header(page.shown("step.form"), anchor=False)
        fields.draw_rest(form)
        files.chooser(page, key="new_deal.files", label=page.say("files"))
        shell.say_refusal(st.session_state.pop(REFUSED, ""))
        st.button(page.say("submit"), type="primary", on_click=submit, icon=":material/send:")
