"""A proposal page as the portal draws it; what varies comes from the address."""

import time

import streamlit as st

from core.proposals.content import Language
from portal_app.widgets.direction import direction
from portal_app.widgets.section_tracker import section_tracker
from proposal_view.draw import proposal, rail
from tests.widgets.proposal_content import CONTENT, HOSTILE, WORDS

st.set_page_config(page_title="Proposal", layout="centered")
asked = st.query_params
lang: Language = "ar" if asked.get("lang") == "ar" else "en"
direction(lang=lang, rtl=lang == "ar")
content = (HOSTILE if "hostile" in asked else CONTENT).read_in(lang)
words = WORDS[lang].__getitem__


def tracker() -> None:
    """The rail, drawn before the sections or after them."""
    section_tracker(
        visit=asked.get("visit", "visit-1"),
        sections=rail(content, words),
        measured=asked.get("measured", "1") == "1",
        lang=lang,
        idle_seconds=float(asked.get("idle", "60")),
    )


if asked.get("tracker") != "last":
    tracker()
    time.sleep(float(asked.get("pause", "0")))
if "rerun" in asked:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.button(f"Run {st.session_state['runs']}")
proposal(
    content=content,
    lang=lang,
    partner="بنك صحار الدولي" if lang == "ar" else "Sohar International Bank",
    company="سحابة رمال" if lang == "ar" else "Rimal Cloud",
    booking_url="https://cal.example.com/rimal/partners",
    words=words,
)
if asked.get("tracker") == "last":
    time.sleep(float(asked.get("pause", "0")))
    tracker()
