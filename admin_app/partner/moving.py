"""Moving a partner: done at once, or after the question the move asks; for the board and the partner's page."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.clock import now
from core.i18n import t
from core.partners import moves, queries
from core.partners.moves import Answer
from core.partners.pipeline import Ask, HoldReason, Status

ASKING, REFUSED, NOTICE = "moving.asking", "moving.refused", "moving.notice"


@dataclass(frozen=True)
class Question:
    """A move that waits for an answer: of which partner, as seen at which version, from where to where."""

    partner_id: UUID
    name: str
    version: int
    start: Status
    to: Status
    ask: Ask


TITLES = {
    Ask.NOTE: "Mark as {to}",
    Ask.REASON: "Step back to {to}",
    Ask.DATE: "MOU signed",
    Ask.CLOSE_WON: "Close as won",
    Ask.CLOSE_HOLD: "Close as lost or stalled",
}
CONSEQUENCES = {
    Ask.NOTE: "No mail is sent by this. To mail the proposal, use **Send invitation** on the partner's page.",
    Ask.REASON: "{name} goes back from {start} to {to}.",
    Ask.DATE: "{name} goes on to {to}, with the day the MOU was signed.",
    Ask.CLOSE_WON: "{name} becomes an active partner today. An active partner cannot be moved a step back.",
    Ask.CLOSE_HOLD: "{name} leaves the pipeline and waits in On hold until somebody reopens it.",
}
BUTTONS = {Ask.CLOSE_WON: "Close as won", Ask.CLOSE_HOLD: "Close the partnership", Ask.REASON: "Step back"}


def title(to: Status, ask: Ask, *, start: Status) -> str:
    """What a move is called on a menu."""
    if start is Status.ON_HOLD:
        return f"Reopen to {t(f'status.{to}')}"
    return TITLES.get(ask, "Move to {to}").format(to=t(f"status.{to}"))


def begin(partner_id: UUID, *, to: Status, version: int | None = None) -> None:
    """Move a partner, or open the question first; from a callback. ``version``: as seen; None: as it is now."""
    record = shell.read(queries.partner, partner_id)
    seen = record.version if version is None else version
    ask = next((move.ask for move in record.moves if move.to is to), Ask.NOTHING)
    question = Question(partner_id, record.profile.name, seen, record.status, to, ask)
    if ask is Ask.NOTHING or seen != record.version:
        _move(question, Answer())
        st.session_state[NOTICE] = shell.refusal()
    else:
        st.session_state[ASKING] = question


def notice() -> str | None:
    """Why the last move was refused, once."""
    text: str | None = st.session_state.pop(NOTICE, None)
    return text


def ask_what_is_open() -> None:
    """Show the question that waits for an answer, if there is one; at the end of a page."""
    question: Question | None = st.session_state.get(ASKING)
    if question:
        st.dialog(title(question.to, question.ask, start=question.start), on_dismiss=_forget)(_show)(question)


def _show(question: Question) -> None:
    if st.session_state.get(ASKING) != question:
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    st.markdown(_consequence(question))
    with st.form("moving", border=False):
        _inputs(question)
        label = BUTTONS.get(question.ask, "Reopen" if question.start is Status.ON_HOLD else "Move")
        st.form_submit_button(label, type="primary", on_click=_answer, args=(question,))


def _consequence(question: Question) -> str:
    text = "{name} goes back to {to}, the stage it left."
    if question.start is not Status.ON_HOLD:
        text = CONSEQUENCES[question.ask]
    names = {side: t(f"status.{getattr(question, side)}") for side in ("start", "to")}
    return text.format(name=f"**{plain(question.name)}**", **names)


def _inputs(question: Question) -> None:
    if question.ask is Ask.CLOSE_HOLD:
        st.radio("Outcome", list(HoldReason), format_func=lambda one: t(f"hold.{one}"), key="moving.hold", index=None)
    if question.ask is Ask.DATE:
        today = now().date()
        st.date_input("Signed on", value=today, max_value=today, format="DD/MM/YYYY", key="moving.on")
    elif question.ask is not Ask.CLOSE_WON:
        how = question.ask is Ask.NOTE and question.start is not Status.ON_HOLD
        st.text_area("How was it sent?" if how else "Why?", key="moving.reason", max_chars=1000, height=100)


def _answer(question: Question) -> None:
    if st.session_state.get(ASKING) != question:
        return
    given = {name: st.session_state.get(f"moving.{name}") for name in ("reason", "on", "hold")}
    moved = _move(question, Answer(given["reason"] or "", given["on"], given["hold"]))
    text = shell.refusal()
    if not moved and shell.read(queries.partner, question.partner_id).version == question.version:
        st.session_state[REFUSED] = text
        return
    st.session_state[NOTICE] = text
    _forget()


def _move(question: Question, answer: Answer) -> bool:
    done = f"{question.name} is now in {t(f'status.{question.to}')}"
    details = {"to": question.to, "version": question.version, "answer": answer}
    return bool(act_once((question, answer), moves.move, question.partner_id, done=plain(done), **details))


def _forget() -> None:
    st.session_state.pop(ASKING, None)
