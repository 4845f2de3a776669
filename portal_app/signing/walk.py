"""The page on which an agreement is signed: four steps, each kept on the server, so that a reload loses nothing."""

import streamlit as st

from core.nda import queries
from core.nda.steps import Step
from portal_app import shell
from portal_app.signing import contact, done, sign, text
from portal_app.signing.page import Page

STEPS = {Step.CONTACT: contact.draw, Step.READ: text.draw, Step.SIGN: sign.draw, Step.DONE: done.draw}


def draw() -> None:
    """What whoever is here signs: the NDA, or as a reseller's principal the reseller agreement."""
    reader = shell.actor()
    view = shell.read(queries.my_signing)
    page = Page(view, shell.language_chosen(reader.language))
    st.title(page.say("title"), anchor=False)
    st.caption(page.say("between", company=page.name(view.company), partner=page.name(view.partner)))
    step = shown(view.step)
    if reader.viewer is not None and step is not Step.DONE:
        return done.viewing(page)
    if done.is_fresh(page):
        _draw_steps(page, step)
    with st.container():
        if words := st.session_state.get("nda.handed"):
            st.success(words, icon=":material/forward_to_inbox:")
        if view.declined_at and step is Step.CONTACT:
            st.info(page.say("declined", company=page.name(view.company)), icon=":material/block:")
        done.renewal(page)
    return STEPS[step](page)


def shown(reached: Step) -> Step:
    """The step to show: the one that was reached, or an earlier one that somebody went back to."""
    order, wished = list(STEPS), Step(st.session_state.get("nda.back", reached))
    is_earlier = order.index(wished) < order.index(reached)
    return wished if is_earlier and reached is not Step.DONE else reached


def _draw_steps(page: Page, at: Step) -> None:
    """Where somebody is on the way."""
    names = {step: page.say(f"step.{step}") for step in STEPS}
    place = list(STEPS).index(at)
    st.progress((place + 1) / len(STEPS), text=page.say("step.of", n=place + 1, name=names[at]))
