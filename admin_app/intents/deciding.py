"""Deciding one deal: the commission is chosen beside the evidence, a dialog says what the decision does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.intents import wording
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.deals import catalogue_queries, service
from core.deals.queries import Intent
from core.deals.states import TermsKind, Verdict
from core.deals.terms import Terms, flat

ASKING, AFTER = "intents.asking", "intents.after"
HOW, PCT, PLAN, NOTE, DAYS, WHY = (f"intents.{name}" for name in ("how", "pct", "plan", "note", "days", "override"))
FLAT, BY_PLAN = "Flat rate", "A plan"
VERBS = {Verdict.APPROVED: "Approve", Verdict.REJECTED: "Reject", Verdict.RETURNED: "Return"}
OPERATIONS: dict[Verdict, Callable[..., Any]] = {
    Verdict.APPROVED: service.approve,
    Verdict.REJECTED: service.reject,
    Verdict.RETURNED: service.return_,
}
_FIELDS = (HOW, PCT, PLAN, NOTE, DAYS, WHY)


@dataclass(frozen=True)
class Question:
    """A decision that waits to be confirmed: on which deal as it was seen, and what it would be."""

    quote_id: UUID
    version: int
    verdict: Verdict


def draw(found: Intent) -> None:
    """The commission, and the three ways to decide."""
    _begin_with(found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("Commission", [FLAT, BY_PLAN], key=HOW, required=True, width="content")
        if st.session_state[HOW] == FLAT:
            st.text_input("Percent", key=PCT, width=90, max_chars=12)
        else:
            _choose_plan()
    with st.container(horizontal=True):
        for verdict, icon in ((Verdict.APPROVED, "check"), (Verdict.RETURNED, "undo"), (Verdict.REJECTED, "close")):
            st.button(
                f"{VERBS[verdict]}…",
                key=button_of(verdict),
                type="primary" if verdict is Verdict.APPROVED else "secondary",
                icon=f":material/{icon}:",
                on_click=begin,
                args=(found, verdict),
            )


def button_of(verdict: Verdict) -> str:
    """The key of the button that asks about a verdict."""
    return f"intents.{verdict}"


def _begin_with(found: Intent) -> None:
    """Another deal begins with its partner's own rate; what was typed stays with the deal it was typed for."""
    if st.session_state.get("intents.of") != str(found.row.id):
        forget()
        st.session_state["intents.of"] = str(found.row.id)
    usual = wording.rate(found.partner.default_commission_pct).removesuffix("%") if found.partner else ""
    for key, value in ((HOW, FLAT), (PCT, usual)):
        st.session_state[key] = st.session_state.get(key, value)


def _choose_plan() -> None:
    plans = {one.id: one for one in shell.read(catalogue_queries.plans) if one.counts}
    if not plans:
        st.caption("No commission plan counts today. Add one under Catalogue.")
        return
    st.selectbox(
        "Plan", list(plans), format_func=lambda one: f"{plans[one].plan}, version {plans[one].number}", key=PLAN
    )


def terms() -> Terms:
    """What was chosen."""
    if st.session_state.get(HOW) == BY_PLAN:
        return Terms(TermsKind.PLAN, plan_version_id=st.session_state.get(PLAN))
    return flat(st.session_state.get(PCT, ""))


def begin(found: Intent, verdict: Verdict) -> None:
    """Ask for the confirmation; from a callback."""
    st.session_state[ASKING] = Question(found.row.id, found.row.version, verdict)


def stop() -> None:
    """Ask no more; from a callback. What was typed stays."""
    st.session_state.pop(ASKING, None)


def forget() -> None:
    """Let everything that was typed go."""
    for key in _FIELDS:
        st.session_state.pop(key, None)


def ask_when_open(found: Intent) -> None:
    """The dialog, if a decision on this deal waits to be confirmed; at the end of the page."""
    question: Question | None = st.session_state.get(ASKING)
    if question and question.quote_id == found.row.id:
        title = f"{VERBS[question.verdict]} {found.row.reference}?"
        st.dialog(title, on_dismiss=stop)(_ask)(found, question)


def _ask(found: Intent, question: Question) -> None:
    if st.session_state.get(ASKING) != question:
        st.rerun()
    shell.say_refusal()
    st.markdown(consequence(found, question.verdict))
    approves = question.verdict is Verdict.APPROVED
    with st.form("intents.decide", border=False, enter_to_submit=False):
        if approves:
            st.number_input("Protect the customer for (days)", 1, 365, value=90, key=DAYS)
        if approves and found.barriers:
            st.text_area(
                "Why against the protection?",
                key=WHY,
                max_chars=2000,
                height=80,
                help="Kept on record; the partner does not see it.",
            )
        label = "Note to the partner" if approves else "Why? The partner reads it"
        st.text_area(label, key=NOTE, max_chars=2000, height=100)
        with st.container(horizontal=True):
            verb = f"{VERBS[question.verdict]} {found.row.reference}"
            st.form_submit_button(verb, type="primary", on_click=_decide, args=(found, question))
            st.form_submit_button("Not now", on_click=stop)


def consequence(found: Intent, verdict: Verdict) -> str:
    """What pressing the button does."""
    row = found.row
    partner, to = plain(row.partner), plain(row.contact) or plain(row.partner)
    if verdict is Verdict.REJECTED:
        return (
            f"{row.reference} is closed for good. {to} gets a mail with your reason. {partner} may register the "
            "customer again."
        )
    if verdict is Verdict.RETURNED:
        return (
            f"{row.reference} goes back to {to}, with a mail that says what you ask for. Its clock starts anew when it "
            "is sent again."
        )
    how = terms()
    paid = f"**{plain(how.pct).removesuffix('%')}%**" if how.kind is TermsKind.FLAT else "what the plan says"
    against = " **against the protection named beside it**" if found.barriers else ""
    return (
        f"{row.reference} becomes a quote{against}. {partner} is paid {paid} of {say.money(row.amount, row.currency)}, "
        f"and that is locked in. {plain(row.customer)} is protected for it from now, for as long as you say here. "
        f"{to} gets a mail."
    )


def _decide(found: Intent, question: Question) -> None:
    if st.session_state.get(ASKING) != question:
        return
    details: dict[str, Any] = {"note": st.session_state[NOTE], "version": question.version}
    if question.verdict is Verdict.APPROVED:
        details |= {"terms": terms(), "protect_days": st.session_state[DAYS], "override": st.session_state.get(WHY, "")}
    done = f"{found.row.reference}: {wording.VERDICTS[question.verdict].lower()}"
    key = ("decide", question.quote_id, question.version, question.verdict)
    if act_once(key, OPERATIONS[question.verdict], question.quote_id, done=done, **details):
        stop()
        forget()
        st.query_params.pop("deal", None)
        if following := st.session_state.get(AFTER):
            st.query_params["deal"] = following
