"""The blind question before a deal is registered: is the customer free? What was answered stays with the draft."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import streamlit as st

from core.access import limits
from core.deals import pre_check
from core.deals.pre_check import Answer
from portal_app import shell
from portal_app.deals import fields
from portal_app.deals.form import Form

IDENTITY = ("customer", "product", "territory")
ASKED, ANSWER, UNTIL = "asked", "answer", "until"
KEPT = "new_deal.check"
REFUSED = "new_deal.check_refused"
LOOKS = {"clear": (st.success, "task_alt"), "contested": (st.warning, "groups"), "protected": (st.warning, "shield")}


def fill(content: Mapping[str, str]) -> None:
    """Take the last answer over from a draft."""
    st.session_state.setdefault(KEPT, {name: content[name] for name in (ASKED, ANSWER, UNTIL) if name in content})


def kept() -> dict[str, str]:
    """The last answer, as it is kept in the draft; empty before one asked."""
    found: dict[str, str] = st.session_state.get(KEPT, {})
    return found


def forget() -> None:
    """Forget the last answer."""
    st.session_state.pop(KEPT, None)


def draw(form: Form, *, save: Callable[[], None]) -> None:
    """The question, and the answer beside it."""
    fields.draw_identity(form)
    page, found = form.page, kept()
    is_asked = found.get(ASKED) == asked(form)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            page.say("check"),
            type="secondary" if found else "primary",
            icon=":material/search:",
            on_click=_ask,
            args=(form, save),
            disabled=is_asked,
            key="new_deal.ask",
        )
        st.caption(page.shown("check.help"), width="content")
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    if is_asked and ANSWER in found:
        _say(form, found)
    elif found:
        st.info(page.shown("answer.stale"), icon=":material/update:")


def asked(form: Form) -> str:
    """What a question is about: the customer, the product, the territory."""
    found = form.content()
    return "|".join(found.get(field, "") for field in IDENTITY)


def _ask(form: Form, save: Callable[[], None]) -> None:
    """Ask; where it may not be asked so often, the deal can be registered all the same."""
    if not form.is_whole(IDENTITY):
        return
    found, about = form.content(), asked(form)
    answer = None
    if shell.counted(limits.asked_pre_check):
        answer = shell.attempt(
            pre_check.pre_check,
            customer=found["customer"],
            product_id=UUID(found["product"]),
            territory_id=UUID(found["territory"]),
        )
    if answer is None:
        st.session_state[REFUSED] = shell.refused()
    st.session_state[KEPT] = {ASKED: about, **_noted(answer)}
    save()


def _noted(answer: Answer | None) -> dict[str, str]:
    if answer is None:
        return {}
    until = {UNTIL: answer.until.isoformat()} if answer.until else {}
    return {ANSWER: answer.verdict.value, **until}


def _say(form: Form, found: dict[str, str]) -> None:
    drawn, icon = LOOKS[found[ANSWER]]
    page = form.page
    day = page.day(datetime.fromisoformat(found[UNTIL])) if UNTIL in found else ""
    customer = form.content().get("customer", "")
    drawn(page.shown(f"answer.{found[ANSWER]}", customer=customer, day=day), icon=f":material/{icon}:")
