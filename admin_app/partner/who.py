"""Who does an action item: the partner's side, or one of our colleagues; one choice instead of two."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import streamlit as st

from core.meetings.models import Side
from core.meetings.plans import NewAction

THEIRS = "theirs"
Doer = str | UUID
"""``THEIRS``, or a colleague's id."""


def choice(key: str, *, owners: Mapping[UUID, str], partner: str, label: str = "Who") -> None:
    """The input; what it holds already stays on offer."""
    now = st.session_state.get(key)
    former = [now] if isinstance(now, UUID) and now not in owners else []
    names: dict[Doer, str] = {THEIRS: f"{partner} (their side)"}
    names.update(owners.items())
    names |= dict.fromkeys(former, "A former colleague")
    st.selectbox(label, list(names), format_func=lambda one: names.get(one, ""), key=key)


def action(text: str, doer: Doer, due_on: date | None) -> NewAction:
    """What was typed, as an action item."""
    if isinstance(doer, UUID):
        return NewAction(Side.OURS, text, owner_id=doer, due_on=due_on)
    return NewAction(Side.PARTNER, text, due_on=due_on)
