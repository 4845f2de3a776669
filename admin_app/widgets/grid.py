"""A grid of a page of rows: several may be checked, one is open, and a heading that is pressed asks for its order.

The one place that knows streamlit-aggrid. The grid itself neither sorts nor filters nor pages: the database did, and
what the grid tells back is only which of the ids it was given. Nothing in it is a script: AG Grid's expressions and
``JsCode`` need ``eval``, which our content policy refuses, so cells are texts and tints are style rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import blake2s
from typing import Any

import pandas as pd
import streamlit as st
from st_aggrid import AgGrid, StAggridTheme

from core import format as say

MOST = 200
"""Rows at most: every row is sent to the browser, and back with each press."""
ROW, HEAD, EDGE = 34, 36, 2
FOCUSED, CHECKED, HEADING = "cellFocused", "selectionChanged", "columnHeaderClicked"
_CHECKS = "ag-Grid-SelectionColumn"
_ID = "::id"
_TINTS = {
    "light": {"good": "#1a6b3c", "attention": "#8a4b00", "stop": "#a8201a", "open": "#d7eaec"},
    "dark": {"good": "#6fce97", "attention": "#f0b26b", "stop": "#ff9a92", "open": "#1d3a3f"},
}
Value = str | int | date | datetime | None


@dataclass(frozen=True)
class Column:
    """One column: a ready text for each row. ``sort``: what pressing its heading asks for; empty when it cannot.

    ``tones``: ``good``, ``attention``, ``stop`` or nothing, for each row; a tone only repeats what the text says.
    """

    values: Sequence[Value]
    width: int = 120
    sort: str = ""
    tones: Sequence[str] = ()
    at_end: bool = False
    grows: bool = False


def grid(
    *,
    columns: Mapping[str, Column],
    ids: Sequence[str],
    key: str,
    opened: str = "",
    sorted_by: tuple[str, bool] = ("", False),
    on_open: Callable[[str], None],
    on_sort: Callable[[str], None] | None = None,
    checks: bool = True,
    height: int = 560,
) -> tuple[str, ...]:
    """Draw a page of rows and answer the ids that are checked.

    ``on_open`` is called with the id of the row that was pressed or reached by the arrow keys, ``on_sort`` with the
    ``sort`` of the heading that was pressed; both as callbacks. ``sorted_by``: the ``sort`` in force, and whether it
    begins at the end. ``height`` in pixels at most.
    """
    if len(ids) > MOST:
        raise ValueError(f"A grid takes {MOST} rows; these are {len(ids)}.")
    mode = "dark" if st.context.theme.type == "dark" else "light"
    place = f"{key}.{_fingerprint(ids, sorted_by, mode, st.session_state.get(f'{key}.turn'))}"
    kept: list[str] = [one for one in st.session_state.get(f"{key}.checked", ()) if one in ids]
    if place not in st.session_state:
        st.session_state[f"{key}.start"] = [str(ids.index(one)) for one in kept]
    AgGrid(
        _frame(columns, ids),
        gridOptions=_options(columns, sorted_by, checks=checks, start=st.session_state[f"{key}.start"]),
        height=min(height, HEAD + EDGE + ROW * len(ids)),
        data_return_mode="MINIMAL",
        update_on=[FOCUSED, CHECKED, HEADING] if checks else [FOCUSED, HEADING],
        callback=partial(_told, key, columns, tuple(ids), on_open, on_sort),
        theme=_theme(mode),
        custom_css=_style(columns, ids, opened, mode, first=2 if checks else 1),
        use_json_serialization=False,
        key=place,
    )
    checked = set(st.session_state.get(f"{key}.checked", ()))
    return tuple(one for one in ids if one in checked)


def uncheck(key: str) -> None:
    """Let every check go; from a callback."""
    st.session_state.pop(f"{key}.checked", None)
    st.session_state[f"{key}.turn"] = st.session_state.get(f"{key}.turn", 0) + 1


def _told(
    key: str,
    columns: Mapping[str, Column],
    ids: tuple[str, ...],
    on_open: Callable[[str], None],
    on_sort: Callable[[str], None] | None,
    answer: Any,
) -> None:
    """What the browser said, of which only ids that were on the grid are heard.

    Of two presses that come close together the server hears the second alone; so the checks are read from each.
    """
    said = answer.raw_data if isinstance(answer.raw_data, dict) else {}
    event = said.get("eventData") or {}
    kind, column = event.get("streamlitRerunEventTriggerName"), _column(event.get("column"))
    chosen = {str((node.get("data") or {}).get(_ID)) for node in said.get("nodes") or () if node.get("isSelected")}
    if chosen.intersection(ids) != set(st.session_state.get(f"{key}.checked", ())).intersection(ids):
        st.session_state[f"{key}.checked"] = [one for one in ids if one in chosen]
    if kind == HEADING and on_sort and column in columns and columns[column].sort:
        on_sort(columns[column].sort)
    elif kind == FOCUSED and column != _CHECKS:
        row = event.get("rowIndex", 0)
        if isinstance(row, int) and 0 <= row < len(ids):
            on_open(ids[row])


def _column(told: Any) -> str:
    """The column's name, which comes as the column or as the name alone."""
    return str(told.get("colId", "")) if isinstance(told, dict) else str(told or "")


def _fingerprint(ids: Sequence[str], *how: object) -> str:
    """Of the rows in their order. A grid of other rows is another one: it knows rows by their number alone."""
    return blake2s(repr((list(ids), how)).encode(), digest_size=8).hexdigest()


def _frame(columns: Mapping[str, Column], ids: Sequence[str]) -> pd.DataFrame:
    """A frame of its own, since the component writes on the one it is given; texts alone, since it shows nothing for
    categories and takes dates for the browser's.
    """
    frame = {name: [_text(value) for value in column.values] for name, column in columns.items()}
    return pd.DataFrame(frame | {_ID: list(ids)}, dtype=object)


def _text(value: Value) -> str:
    if isinstance(value, date):
        return say.day(value, year=True)
    return "" if value is None else str(value)


def _options(
    columns: Mapping[str, Column], sorted_by: tuple[str, bool], *, checks: bool, start: list[str]
) -> dict[str, Any]:
    options: dict[str, Any] = {
        "columnDefs": [_definition(name, column, sorted_by) for name, column in columns.items()],
        "defaultColDef": {
            "sortable": False, "filter": False, "resizable": True, "suppressMovable": True,
            "suppressHeaderMenuButton": True,
        },
        "rowHeight": ROW,
        "headerHeight": HEAD,
        "suppressNoRowsOverlay": True,
    }  # fmt: skip
    if checks:
        options["rowSelection"] = {"mode": "multiRow", "enableClickSelection": False}
        options["selectionColumnDef"] = {"width": 46, "pinned": "left", "resizable": False}
        options["initialState"] = {"rowSelection": start}
    return options


def _definition(name: str, column: Column, sorted_by: tuple[str, bool]) -> dict[str, Any]:
    by, descending = sorted_by
    sign = (" ↓" if descending else " ↑") if column.sort and column.sort == by else ""
    found: dict[str, Any] = {"field": name, "colId": name, "headerName": name + sign, "width": column.width}
    found |= {"tooltipField": name} if column.grows else {}
    found |= {"type": "rightAligned"} if column.at_end else {}
    return found | ({"flex": 1, "minWidth": column.width} if column.grows else {})


def _theme(mode: str) -> StAggridTheme:
    """The app's own colours and letters."""
    ground, text, soft, edge, accent = (
        st.get_option(f"theme.{mode}.{name}")
        for name in ("backgroundColor", "textColor", "secondaryBackgroundColor", "borderColor", "linkColor")
    )
    return StAggridTheme(base="quartz").withParams(
        fontFamily=st.get_option("theme.font"),
        fontSize=14,
        headerFontWeight=600,
        backgroundColor=ground,
        foregroundColor=text,
        headerBackgroundColor=soft,
        borderColor=edge,
        accentColor=accent,
        wrapperBorderRadius=6,
        cellHorizontalPadding=10,
        browserColorScheme=mode,
    )


def _style(
    columns: Mapping[str, Column], ids: Sequence[str], opened: str, mode: str, *, first: int
) -> dict[str, dict[str, str]]:
    """The letters, which a frame has to fetch itself, the open row, the tints, and headings that can be pressed.

    The component takes them over once: from then on the grid's own focus tells which row is open.

    ``first``: the number of the first column of ours.
    """
    tints = _TINTS[mode]
    faces = st.get_option("theme.fontFaces") or ()
    rules = {f"@font-face{' ' * number}": _face(face) for number, face in enumerate(faces)}
    rules["body"] = {"margin": "0", "font-variant-numeric": "tabular-nums"}
    rules[".ag-row"] = {"cursor": "pointer"}
    rules[".ag-row-focus"] = {"background-color": f"{tints['open']} !important", "font-weight": "600"}
    if opened in ids:
        untouched = ".ag-root:not(:has(.ag-row-focus))"
        rules[f"{untouched} .ag-row[row-index='{ids.index(opened)}']"] = rules[".ag-row-focus"]
    for number, column in enumerate(columns.values(), first):
        place = f"[aria-colindex='{number}']"
        if column.sort:
            rules[f".ag-header-cell{place}"] = {"cursor": "pointer"}
        for row, tone in enumerate(column.tones):
            if tone:
                rules[f".ag-row[row-index='{row}'] .ag-cell{place}"] = {"color": tints[tone], "font-weight": "600"}
    return rules


def _face(face: Mapping[str, str]) -> dict[str, str]:
    return {
        "font-family": f"'{face['family']}'",
        "src": f"url({face['url']}) format('woff2')",
        "font-weight": face.get("weight_range") or face["weight"],
    }
