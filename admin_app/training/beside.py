"""What stands beside a question that is written: how a learner sees it, and what learners' answers tell about it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from admin_app.training import wording
from admin_app.widgets.plain import plain
from core.training.changes import asks_the_same
from core.training.preview import as_shown
from core.training.quiz import Question
from core.training.statistics import Item
from training_view.question import question

VERY_MUCH = 24
"""Characters of a choice in the table of shares."""


def preview(one: Question, *, number: int, of: int, language: str) -> None:
    """The question as a learner sees it."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown("**As learners see it**", width="content")
    with st.container(border=True, key="training-preview-ar" if language == "ar" else "training-preview"):
        question(as_shown(one, number), of=of, language=language, key=f"quiz.preview.{one.key}")


def statistics(one: Question, published: Sequence[Question], item: Item | None) -> None:
    """The figures of the question as it is published, and what to do about it."""
    st.markdown("**What the answers tell**")
    taken = next((each for each in published if each.key == one.key), None)
    if taken is None or item is None:
        st.caption("Figures come once this question is published and answered.")
        return
    st.caption(plain(wording.figures(item)))
    for sentence in wording.advice(item):
        _say(sentence, item)
    if not asks_the_same(taken, one):
        st.caption("These are the figures of the published wording; yours differs.")
    if item.attempts:
        shares(taken, item)


def _say(sentence: str, item: Item) -> None:
    if wording.verdict(item) == wording.TOO_FEW:
        st.info(plain(sentence), icon=":material/hourglass_empty:")
    else:
        st.warning(plain(sentence), icon=":material/lightbulb:")


def shares(one: Question, item: Item) -> None:
    """Who took which choice, as bars in a table; in the order in which the choices are written."""
    texts = {choice.key: choice.text for choice in one.choices}
    rows = {
        "Choice": [
            f"{wording.called(place)} {'✓ ' if share.is_right else ''}{wording.short(texts[share.choice], VERY_MUCH)}"
            for place, share in enumerate(item.shares)
        ],
        "Share": [float(share.share) for share in item.shares],
        "Times": [share.times for share in item.shares],
    }
    st.dataframe(
        pd.DataFrame(rows),
        column_config={
            "Share": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "Times": st.column_config.NumberColumn(width="small"),
        },
        hide_index=True,
        height="content",
        alt="Which choice how many took at their first attempt; the right one is ticked",
    )
