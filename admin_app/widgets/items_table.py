"""The items of a section as a table that can be written in; its columns are named after what the section shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.proposals.content import Layout

Row = dict[str, str]
PARTS = ("title", "value", "text")
OPENS: Mapping[Any, str] = {"": "At once", "nda": "After the NDA"}
_LABELS: Mapping[Layout, Mapping[str, str]] = {
    Layout.OPENING: {"title": "Label", "value": "Fact"},
    Layout.FIGURES: {"title": "Label", "value": "Figure", "text": "Note"},
    Layout.CARDS: {"title": "Title", "text": "Text"},
    Layout.STEPS: {"title": "Step", "value": "When", "text": "What happens"},
    Layout.DOCUMENTS: {"title": "Document", "value": "Opens", "text": "What it is"},
    Layout.CALL: {},
}
_TALL = 72
"""Pixels of a row whose text runs over several lines; the table wraps only rows above 64."""
_WIDTHS = {"title": 115, "value": 105, "text": 190}
"""Pixels at least; a wider table shares what is left."""


def items_table(*, rows: Sequence[Row], layout: Layout, label: str, key: str) -> None:
    """Let items be written; ``with_edits(rows, st.session_state[key], layout)`` gives them as they stand."""
    names = _LABELS[layout]
    if not names:
        return
    st.data_editor(
        pd.DataFrame([_shown(row, layout) for row in rows], columns=list(PARTS)).astype("str"),
        column_order=list(names),
        column_config={part: _column(layout, part, name) for part, name in names.items()},
        num_rows="dynamic",
        hide_index=True,
        row_height=_TALL if "text" in names else None,
        height="content",
        placeholder="",
        alt=label,
        key=key,
    )


def _column(layout: Layout, part: str, name: str) -> Any:
    if layout is Layout.DOCUMENTS and part == "value":
        opens = list(OPENS.values())
        return st.column_config.SelectboxColumn(name, options=opens, default=opens[0], width=_WIDTHS[part])
    return st.column_config.TextColumn(name, default="", width=_WIDTHS[part])


def _shown(row: Row, layout: Layout) -> Row:
    """A row in words: the table takes an empty choice for a missing one."""
    return row | {"value": OPENS.get(row["value"], row["value"])} if layout is Layout.DOCUMENTS else row


def with_edits(rows: Sequence[Row], edits: Mapping[str, Any], layout: Layout) -> tuple[Row, ...]:
    """The rows after what the table reports: ``edited_rows``, ``deleted_rows``, ``added_rows``; empty ones left out."""
    changed: Mapping[Any, Mapping[str, Any]] = edits.get("edited_rows", {})
    gone: Iterable[int] = set(edits.get("deleted_rows", ()))
    kept = [_row({**row, **_given(changed, at)}, layout) for at, row in enumerate(rows) if at not in gone]
    added = [_row(row, layout) for row in edits.get("added_rows", ())]
    return tuple(row for row in kept + added if any(row.values()))


def _given(changed: Mapping[Any, Mapping[str, Any]], at: int) -> Mapping[str, Any]:
    return changed.get(at, changed.get(str(at), {}))


def _row(given: Mapping[str, Any], layout: Layout) -> Row:
    row = {part: str(given.get(part) or "") for part in PARTS}
    kept = {words: value for value, words in OPENS.items()}
    return row | {"value": kept.get(row["value"], row["value"])} if layout is Layout.DOCUMENTS else row
