"""The fields of a partner's profile; for adding a partner and for editing one. What is typed survives other tabs."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

import streamlit as st

from core.partners.service import Profile

LANGUAGES = {"en": "English", "ar": "Arabic"}
NAMES = {
    "name": "Name",
    "name_ar": "Name in Arabic",
    "summary": "What they do",
    "city": "City",
    "country": "Country",
    "website": "Website",
    "territory": "Territory",
    "contact_name": "Contact's name",
    "contact_title": "Contact's title",
    "contact_email": "Contact's e-mail",
    "language": "Language",
    "owner_id": "Owner",
    "next_action": "Next action",
    "next_action_on": "Due on",
}
"""What each field is called."""


def fill(prefix: str, profile: Profile) -> None:
    """Put a profile's values in the inputs."""
    for name, value in asdict(profile).items():
        st.session_state[f"{prefix}.{name}"] = value


def filled(prefix: str) -> Profile:
    """What stands in the inputs now; a field without an input keeps its default."""
    given: dict[str, Any] = {field.name: st.session_state.get(f"{prefix}.{field.name}") for field in fields(Profile)}
    return Profile(**{"name": ""} | {name: value for name, value in given.items() if value is not None})


def essentials(prefix: str, *, owners: Mapping[UUID, str], disabled: bool = False) -> None:
    """Who the partner is, whom we write to, and who looks after it."""
    _pair(prefix, "name", "name_ar", disabled=disabled)
    _pair(prefix, "contact_name", "contact_title", disabled=disabled)
    left, right = st.columns(2)
    with left:
        _text(prefix, "contact_email", disabled=disabled)
    with right:
        st.selectbox(
            NAMES["language"],
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=f"{prefix}.language",
            help="The language its proposal and mails are in.",
            persist_state="page",
            disabled=disabled,
        )
    left, right = st.columns(2)
    with left:
        _owner(prefix, owners, disabled=disabled)
    with right:
        _text(prefix, "territory", disabled=disabled)


def details(prefix: str, *, disabled: bool = False) -> None:
    """Where it is, what it does, and what comes next."""
    _pair(prefix, "city", "country", disabled=disabled)
    left, right = st.columns(2)
    with left:
        _text(prefix, "website", disabled=disabled)
    with right:
        st.text_area(NAMES["summary"], key=f"{prefix}.summary", height=68, persist_state="page", disabled=disabled)
    left, right = st.columns(2)
    with left:
        _text(prefix, "next_action", disabled=disabled)
    with right:
        st.date_input(
            NAMES["next_action_on"],
            value=None,
            format="DD/MM/YYYY",
            key=f"{prefix}.next_action_on",
            persist_state="page",
            disabled=disabled,
        )


def _pair(prefix: str, one: str, other: str, *, disabled: bool) -> None:
    """Two fields side by side; a row each, so that on a phone they follow each other in the same order."""
    for side, name in zip(st.columns(2), (one, other), strict=True):
        with side:
            _text(prefix, name, disabled=disabled)


def _text(prefix: str, name: str, *, disabled: bool) -> None:
    st.text_input(NAMES[name], key=f"{prefix}.{name}", persist_state="page", disabled=disabled)


def _owner(prefix: str, owners: Mapping[UUID, str], *, disabled: bool) -> None:
    now = st.session_state.get(f"{prefix}.owner_id")
    former = [now] if now and now not in owners else []
    st.selectbox(
        NAMES["owner_id"],
        [None, *owners, *former],
        format_func=lambda one: owners.get(one, "A former colleague") if one else "Nobody yet",
        key=f"{prefix}.owner_id",
        persist_state="page",
        disabled=disabled,
    )
