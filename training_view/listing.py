"""What is there to learn, where does one stand in it, and which certificates does one hold?"""

from collections.abc import Sequence

import streamlit as st

from core.db import Reads
from core.proposals.content import plain_text
from core.training import my_modules
from core.training.held import CertificationRow
from core.training.my_modules import MyModule, Where
from training_view import certificates, wording
from training_view.learner import Learner


def look(session: Reads) -> tuple[list[MyModule], list[CertificationRow]]:
    """What is offered, and what is held and was."""
    return my_modules.my_modules(session), my_modules.my_certifications(session)


def draw(learner: Learner) -> None:
    """What is required first, then everything else, then the certificates."""
    modules, held = learner.read(look)
    required = [one for one in modules if one.is_required]
    st.title(plain_text(learner.title), anchor=False)
    if required:
        count = sum(one.where in (Where.VALID, Where.EXPIRING) for one in required)
        st.caption(learner.shown("facts", held=count, of=len(required)))
    if not modules:
        with st.container(border=True, key="training-empty"):
            st.markdown(learner.shown("empty"))
    _cards(learner, "required", required)
    _cards(learner, "offered", [one for one in modules if not one.is_required])
    if held:
        st.header(learner.shown("certificates"), anchor=False)
        certificates.draw_all(learner, held)


def _cards(learner: Learner, key: str, modules: Sequence[MyModule]) -> None:
    if not modules:
        return
    st.header(learner.shown(key), anchor=False)
    for one in modules:
        card(learner, one)


def card(learner: Learner, one: MyModule) -> None:
    """A module in a list: its name leads to it."""
    said, colour = wording.standing(learner, one)
    with st.container(border=True, key=f"training-card-{one.id}", gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            learner.way(learner.plain(learner.named(one.name, one.name_ar)), id=one.id)
            st.badge(learner.plain(said), color=colour)
        st.caption(wording.quiz(learner, one))
        if tried := wording.tries(learner, one):
            st.caption(learner.plain(tried))
        if one.open_attempt_id is not None:
            st.badge(learner.shown("begun"), icon=":material/edit_note:", color="blue")
        elif one.changed:
            st.badge(learner.shown("changed", count=one.changed), icon=":material/update:", color="blue")
