"""A list of things to do, each with a box to tick; one component."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True)
class Item:
    """One thing to do, in ready texts. ``note`` stands at the end, coloured by ``tone`` (``attention`` or none)."""

    id: str
    title: str
    text: str = ""
    note: str = ""
    tone: str = ""
    done: bool = False
    href: str = ""


def checklist(
    *,
    items: Sequence[Item],
    label: str,
    key: str,
    on_tick: Callable[[str, bool], None] | None = None,
    on_open: Callable[[str], None] | None = None,
) -> None:
    """Draw the list; ``label`` names it for a screen reader.

    ``on_tick`` is called with an item's id and whether it is done now; without it the boxes cannot be ticked.
    ``on_open`` is called with the id of an item whose title was pressed. An id that is not on the list is dropped.
    """
    known = {item.id for item in items}

    def ticked() -> None:
        told = st.session_state[key].get("tick") or {}
        if on_tick and told.get("id") in known:
            on_tick(str(told["id"]), told.get("done") is True)

    def opened() -> None:
        chosen = st.session_state[key].get("open")
        if on_open and chosen in known:
            on_open(str(chosen))

    data = {"items": [astuple(item) for item in items], "label": label, "ticks": on_tick is not None}
    _checklist(key=key, data=data | {"opens": on_open is not None}, on_tick_change=ticked, on_open_change=opened)


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_checklist = st.components.v2.component("partnerdesk_checklist", css=_asset("checklist.css"), js=_asset("checklist.js"))
