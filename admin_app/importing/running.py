"""Trying a table out and taking it in, each with a bar; a try is kept for as long as nothing of it changes."""

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from admin_app import shell
from core.errors import DomainError
from core.imports.columns import What
from core.imports.service import Fate, Result, carry_out, rehearse
from core.imports.tables import Table
from core.imports.taking import Choices

TRIED, DONE, ORDERED = "imports.tried", "imports.done", "imports.ordered"
Runner = Callable[..., Iterator[list[Result]]]


def tried(what: What, table: Table, chosen: Choices) -> list[Result] | None:
    """What would become of each line; None when it could not be found out, which is said."""
    kept = st.session_state.get(TRIED)
    if kept is None or kept[0] != (what, table, chosen):
        results = _run(rehearse, "Trying line {n} of {all}", what, table, chosen)
        if results is None:
            return None
        st.session_state[TRIED] = kept = ((what, table, chosen), results)
        st.session_state.pop(DONE, None)
    found: list[Result] = kept[1]
    return found


def order() -> None:
    """Take the table in when the page is drawn next; from a callback, so that a double press does it once."""
    st.session_state[ORDERED] = True


def carried_out(what: What, table: Table, chosen: Choices) -> list[Result] | None:
    """What became of each line, once it was ordered; None before."""
    if st.session_state.pop(ORDERED, False):
        st.session_state[DONE] = _run(carry_out, "Line {n} of {all}", what, table, chosen)
    found: list[Result] | None = st.session_state.get(DONE)
    return found


def _run(runner: Runner, words: str, what: What, table: Table, chosen: Choices) -> list[Result] | None:
    bar, results = st.progress(0.0), list[Result]()
    try:
        for part in runner(what, table, chosen=chosen, by=shell.actor()):
            results += part
            bar.progress(len(results) / len(table.lines), words.format(n=len(results), all=len(table.lines)))
    except DomainError as refusal:
        st.error(refusal.message, icon=":material/block:")
        return None
    finally:
        bar.empty()
    return results


def counted(results: list[Result]) -> dict[Fate, int]:
    """How many lines have each fate."""
    return {fate: sum(result.fate is fate for result in results) for fate in Fate}


def refused(results: list[Result]) -> dict[str, list[Any]]:
    """The lines that are refused, as a table."""
    bad = [result for result in results if result.fate is Fate.REFUSED]
    return {"Line": [r.line for r in bad], "What": [r.name for r in bad], "Why it is refused": [r.why for r in bad]}
