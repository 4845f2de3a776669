"""What first attempts tell about every question: a picture of which are bad, and a table to open one from."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from admin_app.training import desk as desks
from admin_app.training import wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.reading_charts import ACCENT, QUIET, SECOND
from core.training.quiz import Question
from core.training.statistics import EASY, FEWEST, HARD, Item

WRONG = "#b0475f"
GROUPS = {wording.FINE: ACCENT, "Look at it": SECOND, "Misleading": WRONG}
TABLE = "quiz.figures"


def draw(published: Sequence[Question], items: Mapping[str, Item]) -> None:
    """The picture and the table of the published questions."""
    if not published:
        empty_state("Figures come once the quiz is published and answered.", icon=":material/query_stats:")
        return
    rows = [(number, one, items[one.key]) for number, one in enumerate(published, 1) if one.key in items]
    judged = [(number, one, item) for number, one, item in rows if item.attempts >= FEWEST]
    if judged:
        st.altair_chart(build(judged), width="stretch")
        st.caption(
            "Right is easier, up tells the able from the others better. Only first attempts count. Below the line "
            "those who do well otherwise get it wrong."
        )
    else:
        most = max((item.attempts for _, _, item in rows), default=0)
        st.info(
            f"Too few answers to judge: {most} of {FEWEST} first attempts so far. The table counts already.",
            icon=":material/hourglass_empty:",
        )
    _table(rows)


def build(rows: Sequence[tuple[int, Question, Item]]) -> alt.LayerChart:
    """Each question by how many got it right and how well it tells the able from the others."""
    told: dict[str, Any] = {
        "number": [number for number, _, _ in rows],
        "question": [wording.named(one) for _, one, _ in rows],
        "facility": [float(item.facility or 0) for _, _, item in rows],
        "discrimination": [float(item.discrimination or 0) for _, _, item in rows],
        "verdict": [wording.verdict(item) for _, _, item in rows],
        "group": [_group(item) for _, _, item in rows],
    }
    across = alt.X("facility:Q", title="Got it right", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    up = alt.Y(
        "discrimination:Q",
        title="Discrimination",
        scale=alt.Scale(domain=[-1, 1]),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]),
    )
    colour = alt.Color(
        "group:N", title=None, scale=alt.Scale(domain=list(GROUPS), range=list(GROUPS.values())),
        legend=alt.Legend(orient="top"),
    )  # fmt: skip
    base = alt.Chart(pd.DataFrame(told)).encode(across, up, tooltip=["number", "question", "verdict"])
    dots = base.mark_circle(size=120, opacity=0.9).encode(colour)
    names = base.mark_text(dy=-12, color=QUIET).encode(text="number:Q")
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=QUIET).encode(y="at:Q")
    edges = alt.Chart(pd.DataFrame({"at": [float(HARD), float(EASY)]})).mark_rule(color=QUIET, strokeDash=[3, 3])
    chart: alt.LayerChart = (zero + edges.encode(x="at:Q") + dots + names).properties(height=300)
    return chart  # fmt: skip


def _group(item: Item) -> str:
    verdict = wording.verdict(item)
    return verdict if verdict in GROUPS else "Look at it"


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _table(rows: Sequence[tuple[int, Question, Item]]) -> None:
    """The worst first."""
    order = [wording.VERDICTS[one] for one in wording.GRAVEST] + [wording.FINE]
    ranked = sorted(
        rows, key=lambda row: (order.index(wording.verdict(row[2])) if row[2].attempts >= FEWEST else 9, row[0])
    )
    keys = [one.key for _, one, _ in ranked]
    st.dataframe(
        {
            "No.": [number for number, _, _ in ranked],
            "Question": [wording.named(one) for _, one, _ in ranked],
            "Verdict": [wording.verdict(item) for _, _, item in ranked],
            "Right": [_figure(item.facility) for _, _, item in ranked],
            "Discrimination": [_figure(item.discrimination) for _, _, item in ranked],
            "Answers": [item.attempts for _, _, item in ranked],
            "What to do": [" ".join(wording.advice(item)) for _, _, item in ranked],
        },
        column_config={
            "No.": st.column_config.NumberColumn(width=50),
            "Right": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, width=110),
            "Discrimination": st.column_config.NumberColumn(format="%.2f", width=110),
            "Answers": st.column_config.NumberColumn(width=80, help="First attempts"),
            "What to do": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        height="content",
        placeholder="–",
        key=TABLE,
        on_select=partial(_open, keys),
        selection_mode="single-row",
        alt="Every question with its figures and what to do about it, the worst first",
    )  # fmt: skip
    st.caption("Tick a row to open the question.")


def _open(keys: Sequence[str]) -> None:
    """Turn to the question of the row that was ticked."""
    if rows := st.session_state[TABLE].selection.rows:
        desks.open_one(keys[rows[0]])
        desks.to_questions()
