"""A partner's profile as a form. What a colleague saves meanwhile is taken over or pointed out; no text is lost."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import legacy_code, profile_form
from admin_app.partner.once import act_once
from admin_app.partner.profile_form import LANGUAGES, NAMES
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.partners import service
from core.partners.queries import Record
from core.partners.service import Profile

PREFIX, BASE, THEIRS = "profile", "profile.base", "profile.theirs"


def draw(record: Record, me: Actor, owners: Mapping[UUID, str]) -> None:
    """The form, filled with what is saved or what was typed."""
    works_here = allowed(me, Act.WORK_PIPELINE)
    _catch_up(record)
    shell.say_refusal(st.session_state.pop("profile.refused", None))
    with st.container():
        if theirs := st.session_state.get(THEIRS):
            _say_theirs(theirs, owners)
    profile_form.essentials(PREFIX, owners=owners, disabled=not works_here)
    profile_form.details(PREFIX, disabled=not works_here)
    if works_here:
        with st.container(horizontal=True):
            st.button("Save changes", type="primary", on_click=_save, args=(record,))
            st.button("Undo my changes", on_click=_start_over, args=(record,))
        legacy_code.draw(record)


def _catch_up(record: Record) -> None:
    """Take over what was saved since the form was filled, but for the fields that were edited here as well."""
    partner_id, version, base = st.session_state.get(BASE, (None, 0, record.profile))
    if partner_id != record.id:
        return _start_over(record)
    if version == record.version:
        return None
    typed, now = profile_form.filled(PREFIX), record.profile
    changed = {name: value for name, value in asdict(now).items() if value != getattr(base, name)}
    mine = {name: value for name, value in asdict(typed).items() if value != getattr(base, name)}
    profile_form.fill(PREFIX, Profile(**asdict(now) | mine))
    contested = {name: value for name, value in changed.items() if name in mine and mine[name] != value}
    st.session_state[THEIRS] = st.session_state.get(THEIRS, {}) | contested
    st.session_state[BASE] = (record.id, record.version, now)
    return None


def _start_over(record: Record) -> None:
    profile_form.fill(PREFIX, record.profile)
    st.session_state[BASE] = (record.id, record.version, record.profile)
    st.session_state.pop(THEIRS, None)


def _say_theirs(theirs: Mapping[str, Any], owners: Mapping[UUID, str]) -> None:
    lines = [f"- {NAMES[name]}: **{plain(_text(value, owners))}**" for name, value in theirs.items()]
    st.warning(
        "A colleague saved other values meanwhile. Your text is still in the form; saving it replaces theirs:\n\n"
        + "\n".join(lines),
        icon=":material/compare_arrows:",
    )


def _text(value: Any, owners: Mapping[UUID, str]) -> str:
    if isinstance(value, UUID):
        return owners.get(value, "A former colleague")
    if value in LANGUAGES:
        return LANGUAGES[value]
    return say.day(value, year=True) if hasattr(value, "year") else str(value or "empty")


def _save(record: Record) -> None:
    if BASE not in st.session_state:
        return
    _, version, _ = st.session_state[BASE]
    profile = profile_form.filled(PREFIX)
    key = (record.id, version, profile)
    if not act_once(key, service.change, record.id, profile=profile, version=version, done="Saved"):
        st.session_state["profile.refused"] = shell.refusal()
        return
    st.session_state.pop(THEIRS, None)
    st.session_state.pop(BASE)
