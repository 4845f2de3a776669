"""What came of a quiz: on a pass the certificate, on a fail the topics to look at again and when it can be tried."""

import streamlit as st

from core.training.held import CertificationRow
from core.training.my_modules import MyModule
from core.training.results import Result
from training_view import certificates, lesson
from training_view.learner import Learner


def draw(learner: Learner, result: Result, *, held: CertificationRow | None, about: MyModule | None) -> None:
    """The result. ``held``: the certificate it gave; ``about``: the module, while it is still offered."""
    learner.way(learner.shown("back"))
    st.title(learner.plain(learner.named(result.module, result.module_ar)), anchor=False)
    say = st.success if result.passed else st.warning
    icon = ":material/verified:" if result.passed else ":material/replay:"
    heading = learner.shown("passed" if result.passed else "failed")
    say(f"**{heading}** {_score(learner, result)}", icon=icon)
    st.caption(learner.shown("finished", time=learner.instant(result.finished_at)))
    if held is not None:
        certificates.draw_one(learner, held)
    elif result.passed and result.certification_id is None:
        st.info(learner.shown("ended_meanwhile"), icon=":material/event_busy:")
    _topics(learner, result)
    if about is None:
        return
    if not result.passed or result.certification_id is None:
        st.header(learner.shown("next_try"), anchor=False)
        if about.may_begin and about.tries and not about.is_delta and about.open_attempt_id is None:
            st.markdown(learner.shown("at_once"))
        lesson.draw_begin(learner, about)
    learner.way(learner.shown("read_again"), id=result.module_id, icon=":material/menu_book:")


def _score(learner: Learner, result: Result) -> str:
    score = {"percent": learner.percent(result.score_pct), "right": result.right, "of": result.of}
    return learner.shown("score", **score, pass_pct=learner.percent(result.pass_pct))


def _topics(learner: Learner, result: Result) -> None:
    """The topics with a wrong answer, the weakest first; never which answer was wrong, or which is right."""
    if not result.topics:
        return
    st.header(learner.shown("topics"), anchor=False)
    lines = [
        f"- **{learner.plain(topic.topic or learner.say('topic.none'))}**: "
        + learner.shown("topic.wrong", wrong=topic.wrong, of=topic.of)
        for topic in result.topics
    ]
    st.markdown("\n".join(lines), anchors=False)
