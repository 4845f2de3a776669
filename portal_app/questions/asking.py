"""The form of a new question: what it is about, the details, the files. What was typed survives every refusal."""

from uuid import UUID, uuid4

import streamlit as st

from core.questions import service
from core.questions.asking import NewQuestion
from core.questions.own_queries import Subjects
from portal_app import going, shell
from portal_app.deals.page import Page
from portal_app.questions import files

SUBJECT, BODY, ABOUT, FILES, KEY = (f"new_question.{name}" for name in ("subject", "body", "about", "files", "key"))
REFUSED = "new_question.refused"
DEAL, DOCUMENT = "deal", "document"
PAUSE = "0.6s"
"""After how long without a key the question counts as typed, and is searched for."""


def names(page: Page, found: Subjects) -> dict[str, str]:
    """What can be chosen to ask about, by ``deal:<id>`` and ``document:<id>``."""
    deals = {f"{DEAL}:{one.id}": page.say("about.deal", name=one.text) for one in found.deals}
    return deals | {f"{DOCUMENT}:{one.id}": page.say("about.document", name=one.text) for one in found.documents}


def wanted(known: dict[str, str]) -> str | None:
    """What the address asks about."""
    for kind in (DEAL, DOCUMENT):
        named = f"{kind}:{st.query_params.get(kind, '')}"
        if named in known:
            return named
    return None


def draw(page: Page, found: Subjects) -> None:
    """The fields and the button."""
    known = names(page, found)
    st.session_state.setdefault(KEY, uuid4().hex)
    if known:
        st.session_state.setdefault(ABOUT, wanted(known))
        st.selectbox(
            page.say("about"), list(known), index=None, key=ABOUT, format_func=known.__getitem__,
            placeholder=page.say("about.none"),
        )  # fmt: skip
    st.text_area(page.say("body"), key=BODY, height=180, max_chars=10_000, placeholder=page.say("body.help"))
    files.draw(page, key=FILES)
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    st.button(page.say("ask"), type="primary", icon=":material/send:", on_click=_ask, args=(page,))
    st.caption(page.shown("promise"))


def _ask(page: Page) -> None:
    if going.is_leaving():
        return
    taken, why = files.chosen(page, key=FILES)
    if why:
        st.session_state[REFUSED] = why
        return
    asked = shell.attempt(service.ask, question=_question(), files=taken)
    if asked is None:
        st.session_state[REFUSED] = shell.refused()
        return
    shell.say_done(page.say("asked", reference=asked.reference))
    for key in (SUBJECT, BODY, ABOUT, KEY):
        st.session_state.pop(key, None)
    files.forget()
    going.begin("question", asked.id)


def _question() -> NewQuestion:
    state = st.session_state
    kind, _, named = str(state.get(ABOUT) or "").partition(":")
    return NewQuestion(
        str(state.get(SUBJECT, "")), str(state.get(BODY, "")), key=str(state.get(KEY, "")),
        quote_id=UUID(named) if kind == DEAL else None, document_id=UUID(named) if kind == DOCUMENT else None,
    )  # fmt: skip
