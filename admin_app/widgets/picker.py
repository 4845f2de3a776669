"""A table whose rows open: choosing one names it in the address, and closing it lets the choice go."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st


def picker(
    *,
    columns: Mapping[str, Sequence[object]],
    ids: Sequence[str],
    param: str,
    key: str,
    config: Mapping[str, Any] | None = None,
    alt: str,
) -> None:
    """Draw a table; the chosen row's id becomes the query parameter ``param``. ``alt``: what the table shows."""
    table_key = f"{key}.{st.session_state.get(_turn(key), 0)}"
    st.dataframe(
        pd.DataFrame({name: list(values) for name, values in columns.items()}),
        key=table_key,
        on_select=partial(_choose, table_key, param, ids),
        selection_mode="single-row",
        hide_index=True,
        height="content",
        column_config=dict(config or {}),
        placeholder="–",
        alt=alt,
    )


def close(param: str, *, key: str) -> None:
    """Let the choice go; from a callback."""
    st.query_params.pop(param, None)
    st.session_state[_turn(key)] = st.session_state.get(_turn(key), 0) + 1


def _choose(table_key: str, param: str, ids: Sequence[str]) -> None:
    rows = st.session_state[table_key].selection.rows
    if rows:
        st.query_params[param] = ids[rows[0]]
    else:
        st.query_params.pop(param, None)


def _turn(key: str) -> str:
    return f"{key}.turn"
