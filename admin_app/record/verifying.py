"""Is the record intact? Recomputing every hash, with progress, and the verdict."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from admin_app import shell
from core import format as shown
from core.audit import queries
from core.audit.acts import note_verification
from core.audit.chain import Verdict
from core.audit.queries import RecordState
from core.clock import now

FOUND, ASKED = "audit.found", "audit.asked"
EXPLAINED = {
    "missing": "the entry is missing, or another stands in its place",
    "changed": "its content is not what was written",
    "differs from its anchor": "it is not what the copy outside the database says",
    "the end does not match the head": "the log does not end where it should",
    "entries after it were cut off": "entries that the copy outside the database knows are gone",
}


@dataclass(frozen=True)
class Found:
    """A verdict, and when it was reached."""

    verdict: Verdict
    at: datetime


def begin() -> None:
    """Let the whole log be verified; from a callback."""
    st.session_state[ASKED] = True


def verify_when_asked() -> None:
    """Verify the whole log, showing how far it is; before the page reads it, for a verification is on record too."""
    if not st.session_state.pop(ASKED, False):
        return
    bar = st.progress(0.0, text="Verifying…")

    def progress(count: int, total: int) -> None:
        bar.progress(count / total, text=f"Verifying: {shown.number(count)} of {shown.number(total)} entries")

    verdict = shell.read(queries.verification, progress=progress)
    bar.empty()
    shell.act(note_verification, verdict, done="")
    st.session_state[FOUND] = Found(verdict, now())


def draw(state: RecordState, *, zone: str) -> None:
    """The last verdict of this visit, and how far the copy outside the database reaches."""
    found: Found | None = st.session_state.get(FOUND)
    if found is None:
        return
    entries, time = shown.number(found.verdict.checked), shown.clock_time(found.at, zone=zone)
    if found.verdict.intact:
        st.success(f"{entries} entries verified at {time}: intact. {_anchored(state)}", icon=":material/verified_user:")
        return
    why = EXPLAINED.get(found.verdict.reason, found.verdict.reason)
    st.error(
        f"**Not intact from entry {shown.number(found.verdict.bad_seq or 0)} on**: {why}. The {entries} entries before "
        f"it are intact. Verified at {time}. "
        "Keep a copy of the database as it is now, and find out who can write to it.",
        icon=":material/gpp_bad:",
    )


def facts(state: RecordState, *, zone: str) -> str:
    """How long the record is and how it is secured, in one line."""
    return f"{shown.number(state.entries)} entries, each chained to the one before · {_when(state, zone)}"


def _when(state: RecordState, zone: str) -> str:
    if state.anchored_at is None:
        return "not yet anchored outside the database"
    return f"last anchored {shown.instant(state.anchored_at, zone=zone)}"


def _anchored(state: RecordState) -> str:
    if not state.anchored_to:
        return "No copy of its hashes is kept outside the database yet."
    return f"The copy outside the database agrees up to entry {shown.number(state.anchored_to)}."
