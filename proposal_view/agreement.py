"""An agreement to read to its end: clauses aligned in both languages, how far one is, and a button where it ends.

The button can be reached by scrolling, by keyboard and by a screen reader; it is the only way on. What it tells is how
long each clause was visible (ms) and what time the reader's clock shows. The browser keeps the times for a reload.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import streamlit as st

WORDS = ("progress", "read", "reached", "changed")
"""Keys of the words it says: ``progress`` has {n} and {all}."""


@dataclass(frozen=True)
class Shown:
    """One clause in both languages; plain text, an empty line parts paragraphs."""

    key: str
    en_heading: str
    en_body: str
    ar_heading: str
    ar_body: str
    is_changed: bool = False
    """Whether it differs from what the reader saw before."""


@dataclass(frozen=True)
class Read:
    """What the browser says when the end was reached."""

    clause_ms: dict[str, int]
    clock: str
    """The reader's clock: an ISO instant, as it came."""


def agreement(
    *,
    clauses: Sequence[Shown],
    version: str,
    lead: str,
    words: Mapping[str, str],
    on_read: Callable[[Read], None],
    key: str = "agreement",
) -> None:
    """Draw the clauses, the language ``lead`` first. ``version`` names the text, so that times never mix.

    ``on_read`` is a callback: it runs before the script when the button at the end was pressed.
    """

    def finished() -> None:
        said = st.session_state[key].get("read")
        if isinstance(said, dict):
            on_read(_taken(said, {clause.key for clause in clauses}))

    data = {
        "clauses": [astuple(clause) for clause in clauses],
        "version": version,
        "lead": "ar" if lead == "ar" else "en",
        "words": {name: words[name] for name in WORDS},
    }
    _agreement(key=key, data=data, on_read_change=finished)


def _taken(said: Mapping[str, object], known: set[str]) -> Read:
    """What the browser said, as far as it can be meant."""
    times = said.get("ms")
    pairs = times.items() if isinstance(times, dict) else ()
    clause_ms = {str(k): int(v) for k, v in pairs if k in known and isinstance(v, int | float) and 0 <= v < 1e9}
    return Read(clause_ms, str(said.get("clock", ""))[:40])


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_agreement = st.components.v2.component("partnerdesk_agreement", css=_asset("agreement.css"), js=_asset("agreement.js"))
