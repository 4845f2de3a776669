"""One module: what it teaches, where its learner stands, and what can be done about it now."""

import re
from typing import Literal
from uuid import UUID

import streamlit as st

from core.db import Reads
from core.proposals.content import plain_markdown
from core.training import learning, my_modules
from core.training.held import CertificationRow
from core.training.my_modules import Lesson, MyModule
from training_view import certificates, wording
from training_view.learner import Learner

_CODE = re.compile(r"^```[ \t]*([\w+#-]*)[ \t]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)


def look(session: Reads, module_id: UUID) -> tuple[Lesson, CertificationRow | None]:
    """A module with what it teaches, and the certificate that is held in it."""
    found = my_modules.my_module(session, module_id)
    held = my_modules.my_certifications(session) if found.about.certification_id else []
    return found, certificates.found(held, found.about.certification_id)


def draw(learner: Learner, module_id: UUID) -> None:
    """The page of one module."""
    learner.way(learner.shown("back"))
    found, held = learner.read(look, module_id)
    one = found.about
    said, colour = wording.standing(learner, one)
    st.title(learner.plain(learner.named(one.name, one.name_ar)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(learner.plain(said), color=colour)
        if one.is_required:
            st.caption(learner.shown("required"))
    content(learner.named(found.content, found.content_ar), key=str(one.id))
    st.header(learner.shown("quiz"), anchor=False)
    st.caption(wording.quiz(learner, one))
    if tried := wording.tries(learner, one):
        st.caption(learner.plain(tried))
    draw_begin(learner, one)
    if held is not None:
        certificates.draw_one(learner, held)


def content(text: str, *, key: str) -> None:
    """What is taught: markdown without HTML, and code between lines of three backticks."""
    parts = _CODE.split(text.replace("\r\n", "\n"))
    with st.container(key=f"training-text-{key}", gap="medium"):
        _written(parts[0])
        for language, code, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            st.code(code, language=language or None, wrap_lines=True)
            _written(after)


def _written(text: str) -> None:
    if text.strip():
        st.markdown(plain_markdown(text), anchors=False)


def draw_begin(learner: Learner, one: MyModule) -> None:
    """What can be done now: begin, go on, renew, answer what changed; or why nothing can, and from when on."""
    if not learner.writes:
        st.caption(learner.shown("looking"))
        return
    if one.open_attempt_id is not None:
        st.markdown(learner.shown("go_on.text"))
        _button(learner, "go_on", one, kind="primary")
        return
    if reason := wording.why_not(learner, one):
        st.info(learner.plain(reason), icon=":material/schedule:")
        return
    if one.is_delta:
        st.markdown(learner.shown("delta.text", count=one.changed))
    elif one.may_renew:
        st.markdown(learner.shown("renew.text"))
    with st.container(horizontal=True):
        _button(learner, _first(one), one, kind="primary")
        if one.is_delta and one.may_renew:
            _button(learner, "renew.whole", one, kind="secondary")


def _first(one: MyModule) -> str:
    if one.is_delta:
        return "delta"
    if one.may_renew:
        return "renew"
    return "again" if one.tries else "begin"


def _button(learner: Learner, label: str, one: MyModule, *, kind: Literal["primary", "secondary"]) -> None:
    key, renews = f"training.{label}.{one.id}", label == "renew.whole"
    st.button(learner.say(label), key=key, type=kind, on_click=_begin, args=(learner, one.id, renews))


def _begin(learner: Learner, module_id: UUID, renews: bool) -> None:
    """Begin, or go on with what is open, wherever it was begun."""
    attempt_id = learner.act(learning.begin, module_id, renews=renews)
    if attempt_id is not None:
        learner.go(attempt=attempt_id)
