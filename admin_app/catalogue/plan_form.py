"""A commission plan, or the next version of one, in a dialog: its name, from when it counts, its brackets."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import forget, typed
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.clock import today
from core.deals import plan_service
from core.deals.catalogue_queries import PlanRow
from core.deals.plan_service import NewPlan, TypedBracket
from core.deals.plans import said

PREFIX, OPEN, ROWS = "catalogue.plan.", "catalogue.plan.open", "catalogue.plan.rows"
BRACKETS = "catalogue.plan.brackets"
PARTS = ("above", "up_to", "pct")
WAYS = {True: "Each part of an amount at its own rate", False: "All of an amount at the rate it reaches"}
Row = dict[str, str]


def begin(last: PlanRow | None) -> None:
    """Open the form, for a new plan or for what follows a version; from a callback."""
    forget(PREFIX)
    st.session_state[OPEN] = last.plan if last else ""
    st.session_state[f"{PREFIX}name"] = last.plan if last else ""
    st.session_state[f"{PREFIX}is_marginal"] = last.is_marginal if last else True
    st.session_state[ROWS] = _rows_of(last) if last else [{"above": "0", "up_to": "", "pct": "10"}]


def _rows_of(last: PlanRow) -> list[Row]:
    return [
        {"above": said(one.above), "up_to": said(one.up_to) if one.up_to is not None else "", "pct": said(one.pct)}
        for one in last.brackets
    ]


def is_open() -> bool:
    """Whether the form is open."""
    return OPEN in st.session_state


def draw(*, currency: str, zone: str) -> None:
    """The form. ``currency``: of the amounts in it; ``zone``: where the company is."""
    plan = st.session_state[OPEN]
    title = f"A new version of {plain(plan)}" if plan else "Add a commission plan"
    st.dialog(title, icon=":material/percent:", width="medium", on_dismiss=_close)(_form)(currency, zone)


def _form(currency: str, zone: str) -> None:
    if not is_open():
        st.rerun()
    shell.say_refusal()
    with st.form("catalogue.plan_form", border=False):
        name, start = st.columns(2)
        is_next = bool(st.session_state[OPEN])
        name.text_input("Name", key=f"{PREFIX}name", max_chars=120, placeholder="Growth", disabled=is_next)
        key = f"{PREFIX}starts_on"
        st.session_state.setdefault(key, today(zone))
        start.date_input("Counts from", format="DD/MM/YYYY", key=key, required=True)
        st.radio("A rate counts for", list(WAYS), key=f"{PREFIX}is_marginal", format_func=WAYS.__getitem__)
        st.markdown(f"Brackets, in {currency}")
        _table()
        st.caption("The first begins at 0, each begins where the one before ends, the last has no end.")
        st.form_submit_button("Add version" if is_next else "Add plan", type="primary", on_click=_save)


def _table() -> None:
    st.data_editor(
        pd.DataFrame(st.session_state[ROWS], columns=list(PARTS)).astype("str"),
        column_config={
            "above": st.column_config.TextColumn("Above", default=""),
            "up_to": st.column_config.TextColumn("Up to", default="", help="Empty: without end"),
            "pct": st.column_config.TextColumn("Commission, %", default=""),
        },
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder="",
        alt="The brackets: above which amount, up to which amount, the commission in percent",
        key=BRACKETS,
    )


def edited(rows: Sequence[Row], edits: Mapping[str, Any]) -> tuple[TypedBracket, ...]:
    """The brackets after what the table reports: ``edited_rows``, ``deleted_rows``, ``added_rows``; empty ones left
    out."""
    changed, gone = edits.get("edited_rows", {}), set(edits.get("deleted_rows", ()))
    kept = [{**row, **changed.get(at, changed.get(str(at), {}))} for at, row in enumerate(rows) if at not in gone]
    every = [*kept, *edits.get("added_rows", ())]
    texts = [[str(row.get(part) or "").strip() for part in PARTS] for row in every]
    return tuple(TypedBracket(*row) for row in texts if any(row))


def _save() -> None:
    inputs = typed(PREFIX, "name", "starts_on", "is_marginal", "rows", "open")
    if inputs is None:
        return
    name, brackets = inputs["name"], edited(inputs["rows"], st.session_state.get(BRACKETS, {}))
    new_plan = NewPlan(name, inputs["starts_on"], inputs["is_marginal"], brackets)
    done = f"{plain(name)} has a new version" if inputs["open"] else f"{plain(name)} is added"
    if act_once(("plan", new_plan), plan_service.add_plan_version, new_plan=new_plan, done=done):
        _close()


def _close() -> None:
    forget(PREFIX)
