"""The settings of a module as inputs, for whoever adds one and whoever changes one."""

from typing import Any

import streamlit as st

from admin_app.training.wording import KINDS, OFFERED_TO, ROLES
from core.training.models import ModuleKind
from core.training.service import NewModule

FIRST = ("name", "name_ar", "kind", "required_roles", "pass_pct", "valid_for_days")
"""What is asked when a module is added."""
REST = ("content", "content_ar", "draw", "shuffles", "cool_down_minutes", "attempts_per_day")
FIELDS = (*FIRST, *REST)


def values_of(module: Any) -> dict[str, Any]:
    """What the inputs hold for a module, or for ``NewModule`` as it begins."""
    found = {name: getattr(module, name) for name in FIELDS}
    return {**found, "kind": ModuleKind(found["kind"]), "required_roles": list(found["required_roles"])}


def module_in(values: dict[str, Any]) -> NewModule:
    """The module as it was typed."""
    given: dict[str, Any] = {name: str(values.get(name) or "") for name in ("name", "name_ar", "content", "content_ar")}
    given |= {name: int(values[name] or 0) for name in ("pass_pct", "valid_for_days", "cool_down_minutes")}
    given |= {name: values[name] and int(values[name]) for name in ("draw", "attempts_per_day")}
    roles = tuple(values["required_roles"] or ())
    return NewModule(**given, kind=ModuleKind(values["kind"]), required_roles=roles, shuffles=bool(values["shuffles"]))


def first(prefix: str) -> None:
    """Name, whom it is for, and what it takes."""
    english, arabic = st.columns(2)
    english.text_input("Name", key=f"{prefix}name", max_chars=200, placeholder="Selling payroll")
    arabic.text_input("Name in Arabic", key=f"{prefix}name_ar", max_chars=200)
    st.radio("Kind", list(KINDS), format_func=KINDS.__getitem__, key=f"{prefix}kind", horizontal=True)
    kind = ModuleKind(st.session_state[f"{prefix}kind"])
    st.caption(f"Offered to {OFFERED_TO[kind]} of every reseller, and to all of your staff.")
    st.pills(
        "Required of",
        list(ROLES),
        selection_mode="multi",
        format_func=lambda role: ROLES[role].capitalize(),
        key=f"{prefix}required_roles",
        wrap=True,
        help="They find it among what they must hold, and are reminded before it ends. None chosen: nobody must.",
    )
    mark, validity = st.columns(2)
    mark.number_input("Pass mark, %", 1, 100, key=f"{prefix}pass_pct", help="The least share of right answers")
    validity.number_input(
        "Valid for, days", 1, 3650, key=f"{prefix}valid_for_days", help="From the day of passing to the end of the last"
    )


def attempts(prefix: str, *, bank: int) -> None:
    """How an attempt is put together, and how often one may try. ``bank``: how many questions there are."""
    draw, shuffle = st.columns(2, vertical_alignment="bottom")
    draw.number_input(
        "Questions an attempt asks", 1, 500, value=None, key=f"{prefix}draw", placeholder=f"All {bank or ''}",
        help="Drawn from all questions, others each time. Empty: all of them.",
    )  # fmt: skip
    shuffle.checkbox("Shuffle questions and choices", key=f"{prefix}shuffles")
    wait, times = st.columns(2)
    wait.number_input(
        "Wait after a fail, minutes", 0, 43_200, key=f"{prefix}cool_down_minutes", help="0: the next attempt at once"
    )
    times.number_input(
        "Attempts a day", 1, 100, value=None, key=f"{prefix}attempts_per_day", placeholder="As many as they like",
        help="Empty: as many as they like.",
    )  # fmt: skip
