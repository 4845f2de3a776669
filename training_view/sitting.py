"""A quiz, one question at a time: every answer is kept at once, whoever comes back goes on where one is missing."""

from functools import partial
from uuid import UUID

import streamlit as st

from core.training import learning
from core.training.results import Sitting, SittingQuestion
from training_view.learner import Learner
from training_view.question import question

MOST_JUMPS = 30
"""How many unanswered questions can be jumped to at once."""
REFUSED = "training.refused"


def draw(learner: Learner, sitting: Sitting) -> None:
    """The question that is due, and the ways to the others and to the end."""
    of, at = len(sitting.questions), f"training.at.{sitting.attempt_id}"
    one = sitting.questions[_number(sitting, at) - 1]
    learner.way(learner.shown("leave"), id=sitting.module_id)
    st.title(learner.plain(learner.named(sitting.module, sitting.module_ar)), anchor=False)
    st.caption(_facts(learner, sitting))
    choose = f"training.choice.{sitting.attempt_id}.{one.number}"
    keep = partial(_keep, learner, sitting.attempt_id, one, choose) if learner.writes else None
    with st.container(border=True, key="training-sheet"):
        question(one, of=of, language=learner.language, key=choose, on_choose=keep, is_open=learner.writes)
    with st.container():
        if said := st.session_state.pop(REFUSED, ""):
            st.error(learner.plain(said), icon=":material/block:")
    _steps(learner, sitting, one, at)
    _jumps(learner, sitting, one, at)
    st.caption(learner.shown("kept" if learner.writes else "looking"))


def _number(sitting: Sitting, at: str) -> int:
    """Which question is shown: the one that was gone to, else the first without an answer, else the last."""
    of = len(sitting.questions)
    chosen: int = st.session_state.setdefault(at, sitting.next_unanswered or of)
    return min(max(1, chosen), of)


def _facts(learner: Learner, sitting: Sitting) -> str:
    return learner.joined(
        learner.say("attempt", number=sitting.number),
        learner.say("delta.only") if sitting.is_delta else "",
        learner.say("quiz.pass", percent=learner.percent(sitting.pass_pct)),
        learner.say("answered", count=sitting.answered, of=len(sitting.questions)),
    )


def _keep(learner: Learner, attempt_id: UUID, one: SittingQuestion, key: str) -> None:
    """Keep the answer that was just given."""
    if (choice := st.session_state.get(key)) is not None:
        learner.act(learning.answer, attempt_id, number=one.number, choice=choice)
        _note_refusal(learner)


def _steps(learner: Learner, sitting: Sitting, one: SittingQuestion, at: str) -> None:
    of, is_whole = len(sitting.questions), sitting.next_unanswered is None
    with st.container(horizontal=True, horizontal_alignment="distribute", key="training-steps"):
        st.button(
            learner.say("previous"), key="training.previous", disabled=one.number == 1, on_click=_go,
            args=(at, one.number - 1),
        )  # fmt: skip
        if one.number < of:
            st.button(
                learner.say("next"), key="training.next", type="secondary" if is_whole else "primary", on_click=_go,
                args=(at, one.number + 1),
            )  # fmt: skip
        if learner.writes and (is_whole or one.number == of):
            st.button(
                learner.say("finish"), key="training.finish", type="primary" if is_whole else "secondary",
                on_click=_finish, args=(learner, sitting.attempt_id),
            )  # fmt: skip


def _jumps(learner: Learner, sitting: Sitting, one: SittingQuestion, at: str) -> None:
    """The other questions without an answer, each a way to it."""
    open_ones = [other.number for other in sitting.questions if other.answer is None and other.number != one.number]
    if open_ones and len(sitting.questions) > 1:
        key = f"training.jump.{sitting.attempt_id}"
        st.pills(
            learner.say("unanswered"), open_ones[:MOST_JUMPS], key=key, on_change=_jump, args=(key, at),
        )  # fmt: skip


def _jump(key: str, at: str) -> None:
    if chosen := st.session_state.get(key):
        st.session_state[at] = chosen
        st.session_state[key] = None


def _go(at: str, number: int) -> None:
    st.session_state[at] = number


def _finish(learner: Learner, attempt_id: UUID) -> None:
    """Have it graded; what is still to be answered is said beside the button."""
    learner.act(learning.finish, attempt_id)
    _note_refusal(learner)


def _note_refusal(learner: Learner) -> None:
    if why := learner.refused():
        st.session_state[REFUSED] = why
