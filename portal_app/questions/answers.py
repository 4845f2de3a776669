"""Published answers, each under its question."""

from collections.abc import Sequence

import streamlit as st

from core.questions.own_queries import Answer
from portal_app.deals.page import Page
from portal_app.questions.wording import typed


def draw(page: Page, answers: Sequence[Answer], *, key: str) -> None:
    """One to open for each; a single one is open already."""
    for one in answers:
        with st.expander(page.plain(one.title), expanded=len(answers) == 1, key=f"{key}.{one.id}"):
            st.markdown(typed(page, one.body))
