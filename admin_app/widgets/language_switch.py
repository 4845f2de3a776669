"""A switch between the languages that something is written in; it keeps its choice from page to page."""

import streamlit as st

from core.proposals.content import Language

_NAMES: dict[Language, str] = {"en": "English", "ar": "العربية"}


def language_switch(key: str) -> Language:
    """Which language is looked at; English at first."""
    chosen = st.segmented_control(
        "Language",
        list(_NAMES),
        format_func=_NAMES.__getitem__,
        key=key,
        required=True,
        default=None if key in st.session_state else "en",
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or "en"
