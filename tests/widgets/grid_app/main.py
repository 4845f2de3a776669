"""A page with the grid, and what it heard."""

import streamlit as st

from admin_app.widgets.grid import Column, grid, uncheck
from tests.widgets.grid_app import HOSTILE


def opened(chosen: str) -> None:
    """A row was opened."""
    st.session_state["opened"] = chosen


def turned(wanted: str) -> None:
    """A heading was pressed."""
    by, descending = st.session_state.get("order", ("number", False))
    st.session_state["order"] = (wanted, not descending if by == wanted else False)


st.set_page_config(layout="wide")
order = st.session_state.get("order", ("number", False))
numbers = list(range(40))[:: -1 if order[1] else 1]
checked = grid(
    columns={
        "Reference": Column([f"DI-{n:04d}" for n in numbers], width=110, sort="number"),
        "Customer": Column([HOSTILE] * 40, grows=True),
        "Clock": Column([f"{n} h over" for n in numbers], tones=["stop" if n < 3 else "" for n in numbers]),
    },
    ids=[f"id{n}" for n in numbers],
    key="grid",
    opened=st.session_state.get("opened", ""),
    sorted_by=order,
    on_open=opened,
    on_sort=turned,
)
st.button("Uncheck", on_click=uncheck, args=("grid",))
st.write("Checked:", ", ".join(checked) or "none")
st.write("Opened:", st.session_state.get("opened", "none"))
