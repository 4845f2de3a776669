"""The quiz for those who read training and do not write it: the questions as learners see them, without answers."""

import streamlit as st

from admin_app.training import editing, wording
from admin_app.training.desk import chosen, kept_in, open_one
from admin_app.training.question_form import LANGUAGE
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.language_switch import language_switch
from admin_app.widgets.outline import Line, outline
from core.training.preview import as_shown
from core.training.queries import ModuleDetail
from training_view.question import question


def draw(module: ModuleDetail) -> None:
    """The list and the question that is open."""
    questions = module.published or kept_in(module)
    one = chosen(questions)
    if one is None:
        empty_state("This training has no questions yet.", icon=":material/quiz:")
        return
    left, right = st.columns([2, 5], gap="medium")
    with left:
        st.caption(wording.many(len(questions), "question"))
        lines = [Line(each.key, wording.named(each), each.topic) for each in questions]
        outline(lines=lines, opened=one.key, label="Questions", key="quiz.outline", on_open=open_one)
    with right:
        language = language_switch(LANGUAGE)
        number = (editing.place_of(questions, one.key) or 0) + 1
        with st.container(border=True):
            question(as_shown(one, number), of=len(questions), language=language, key=f"quiz.preview.{one.key}")
