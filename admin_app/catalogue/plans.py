"""The commission plans: a table of their versions, and a version in a dialog with what it makes of a few amounts."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from admin_app.catalogue import plan_form
from admin_app.catalogue.chosen import chosen
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import close, picker
from admin_app.widgets.plain import plain
from core import format as shown
from core.deals.catalogue_queries import PlanRow
from core.deals.money import decimals_of
from core.deals.plans import Bracket, earned, examples

PARAM, TABLE = "plan", "catalogue.plans"


def begin() -> None:
    """Open the form for a new plan; from a callback."""
    _close()
    plan_form.begin(None)


def draw(rows: Sequence[PlanRow], *, manages: bool, currency: str, zone: str) -> None:
    """The table, and the version or the form that is open. ``currency``: of the company."""
    if rows:
        _table(rows)
    else:
        text = "There are no commission plans yet. Without one a deal is approved with a flat rate."
        first = "Add the first plan" if manages else None
        empty_state(text, action=first, on_click=begin, icon=":material/percent:")
    row = chosen(rows, PARAM)
    if manages and plan_form.is_open():
        plan_form.draw(currency=currency, zone=zone)
    elif row:
        title = f"{plain(row.plan)}, version {row.number}"
        st.dialog(title, icon=":material/percent:", on_dismiss=_close)(_one)(row, manages, currency, zone)


def _table(rows: Sequence[PlanRow]) -> None:
    picker(
        columns={
            "Plan": [row.plan for row in rows],
            "Version": [row.number for row in rows],
            "Counts": [_counts(row) for row in rows],
            "Commission": [_steps(row.brackets) for row in rows],
            "Counted": ["Each part at its rate" if row.is_marginal else "All at the rate reached" for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=PARAM,
        key=TABLE,
        config={
            "Version": st.column_config.NumberColumn(width="small"),
            "Commission": st.column_config.TextColumn(width="large"),
        },
        alt="The versions of the commission plans: name, number, when it counts, its rates and how they are counted",
    )


def _counts(row: PlanRow) -> str:
    start, end = shown.day(row.starts_on, year=True), shown.day(row.until, year=True) if row.until else ""
    if row.counts:
        return f"Now, until {end}" if end else f"Now, since {start}"
    if row.until and row.until < row.starts_on:
        return "Replaced on its first day"
    return f"Until {end}" if row.is_over else f"From {start}"


def _steps(brackets: Sequence[Bracket]) -> str:
    """The rates in one line: "8% up to 25,000, 11% up to 100,000, 14% above"."""
    if len(brackets) == 1:
        return f"{_rate(brackets[0].pct)} of everything"
    parts = [f"{_rate(one.pct)} up to {one.up_to.normalize():,f}" for one in brackets if one.up_to is not None]
    return ", ".join([*parts, f"{_rate(brackets[-1].pct)} above"])


def _rate(pct: Decimal) -> str:
    return f"{pct.normalize():f}%"


def _one(row: PlanRow, manages: bool, currency: str, zone: str) -> None:
    if st.query_params.get(PARAM) != str(row.id):
        st.rerun()
    how = "each part of an amount at its own rate" if row.is_marginal else "all of an amount at the rate it reaches"
    st.markdown(f"**{_counts(row)}** · {how}")
    st.caption(f"Added {shown.day(row.added_at, zone=zone, year=True)} by {plain(row.added_by)}. It is never changed.")
    decimals, amounts = decimals_of(currency), examples(row.brackets)
    worth = [earned(row.brackets, one, is_marginal=row.is_marginal, decimals=decimals) for one in amounts]
    st.dataframe(
        {
            "A deal of": [shown.money(one, currency) for one in amounts],
            "earns": [shown.money(one, currency) for one in worth],
            "which is": [
                f"{(gain * 100 / one).quantize(Decimal('0.01')).normalize():f}%"
                for one, gain in zip(amounts, worth, strict=True)
            ],
        },
        column_config={name: st.column_config.TextColumn(alignment="right") for name in ("A deal of", "earns")},
        hide_index=True,
        alt="What deals of some amounts earn",
    )
    if manages and row.is_newest:
        st.button("Make a new version…", type="primary", icon=":material/add:", on_click=_next, args=(row,))
    elif manages:
        st.caption("There is a newer version; the next one is made from that.")


def _next(row: PlanRow) -> None:
    _close()
    plan_form.begin(row)


def _close() -> None:
    close(PARAM, key=TABLE)
