"""A list of things that happened or wait, one line each, in one component; a line may open something."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True)
class Entry:
    """One line, in ready texts; an empty text is not shown.

    ``mark``: a word in a badge before the title, coloured by ``tone`` (``good``, ``attention``, ``stop`` or none).
    ``note`` stands at the end of the line, ``hover`` behind it. ``href``: where the title leads.
    """

    id: str
    title: str
    text: str = ""
    note: str = ""
    hover: str = ""
    mark: str = ""
    tone: str = ""
    href: str = ""


def feed(*, entries: Sequence[Entry], label: str, key: str, on_open: Callable[[str], None] | None = None) -> None:
    """Draw the list; ``label`` names it for a screen reader.

    ``on_open`` is called with the id of an entry whose title was pressed, as a callback, before the script. Without it
    titles are plain links. An id that is not on this list is dropped.
    """

    def opened() -> None:
        chosen = st.session_state[key].get("open")
        if on_open and any(entry.id == chosen for entry in entries):
            on_open(str(chosen))

    data = {"entries": [astuple(entry) for entry in entries], "label": label, "tells": on_open is not None}
    _feed(key=key, data=data, on_open_change=opened)


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_feed = st.components.v2.component("partnerdesk_feed", css=_asset("feed.css"), js=_asset("feed.js"))
