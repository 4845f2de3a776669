"""An agreement alone on a page, for the browser tests: `?lead=ar`; what was read stands under it as JSON."""

from __future__ import annotations

import json

import streamlit as st

from proposal_view.agreement import Read, Shown, agreement

WORDS = {
    "progress": "Clause {n} of {all}",
    "read": "I have read the agreement",
    "reached": "This is the end of the agreement.",
    "changed": "Changed since you read it",
}


def heard(read: Read) -> None:
    st.session_state["heard"] = read


clauses = [
    Shown(
        f"c{n}", f"{n}. Purpose <b>", "The parties share what they must.\n\nNothing else. " * 12,
        f"{n}. الغرض", "يتبادل الطرفان ما يلزم.\n\nولا شيء غيره. " * 12, is_changed=n == 2,
    )
    for n in range(1, 8)
]  # fmt: skip
agreement(clauses=clauses, version="v1", lead=st.query_params.get("lead", "en"), words=WORDS, on_read=heard)
if read := st.session_state.get("heard"):
    st.code(json.dumps(read.clause_ms), language=None)
    st.caption(f"clock {read.clock[:4]}")
