"""A module's settings: whom it is for, what is read before the quiz, how one tries; withdrawing it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import forget, typed
from admin_app.training import module_form, wording
from admin_app.widgets.editor_style import editor_style
from admin_app.widgets.language_switch import language_switch
from admin_app.widgets.plain import plain
from core import format as say
from core.proposals.content import plain_markdown
from core.training import service
from core.training.queries import ModuleDetail

REFUSED, WITHDRAWING, SHOWN = "training.settings_refused", "training.withdrawing", "training.settings_language"


def prefix_of(module_id: UUID) -> str:
    """What the keys of a module's inputs begin with."""
    return f"training.{module_id}."


def keep(module: ModuleDetail) -> None:
    """Let what is typed here live on while another tab of the page is open; once a run, before the inputs."""
    prefix = prefix_of(module.id)
    values = module_form.values_of(module)
    if f"{prefix}name" not in st.session_state:
        _fill(prefix, values, module.version)
    for name in module_form.FIELDS:
        st.session_state[f"{prefix}{name}"] = st.session_state.get(f"{prefix}{name}", values[name])
    if st.session_state[f"{prefix}version"] != module.version and not _is_changed(prefix):
        _fill(prefix, values, module.version)


def _fill(prefix: str, values: Mapping[str, Any], version: int) -> None:
    for name, value in values.items():
        st.session_state[f"{prefix}{name}"] = value
    st.session_state[f"{prefix}base"], st.session_state[f"{prefix}version"] = dict(values), version


def _is_changed(prefix: str) -> bool:
    base = st.session_state[f"{prefix}base"]
    return any(st.session_state[f"{prefix}{name}"] != base[name] for name in module_form.FIELDS)


def draw(module: ModuleDetail, *, bank: int, zone: str) -> None:
    """The form. ``bank``: how many questions there are."""
    editor_style()
    prefix = prefix_of(module.id)
    with st.container():
        _say_refusal(module, prefix)
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.subheader("Whom it is for", anchor=False)
        module_form.first(prefix)
        st.subheader("Attempts", anchor=False)
        module_form.attempts(prefix, bank=bank)
    with right:
        _content(prefix)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save settings", type="primary" if _is_changed(prefix) else "secondary", icon=":material/save:",
            on_click=_save, args=(module,),
        )  # fmt: skip
        if module.withdrawn_at:
            st.button("Offer again", icon=":material/undo:", on_click=_offer_again, args=(module,))
        else:
            st.button("Withdraw…", icon=":material/block:", on_click=_begin_to_withdraw)
        if _is_changed(prefix):
            st.markdown(":orange-badge[:material/edit: Not saved yet]", width="content")
    st.caption("What is saved counts for attempts that begin from now on; certificates keep their last day.")
    if st.session_state.get(WITHDRAWING):
        st.dialog("Withdraw this training", icon=":material/block:", on_dismiss=_keep_offering)(_withdrawing)(module)


def _content(prefix: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("What is read before the quiz", anchor=False, width="content")
        language = language_switch(SHOWN)
    name, label = ("content", "Content") if language == "en" else ("content_ar", "Content in Arabic")
    with st.container(key="editor-arabic" if language == "ar" else "editor-english"):
        st.text_area(
            label, key=f"{prefix}{name}", height=300, max_chars=service.MOST_OF_CONTENT,
            help="Markdown: **bold**, *italic*, headings with #, lists, [text](https://…)",
        )  # fmt: skip
    st.markdown("**As learners read it**")
    with st.container(border=True, height=320, key=f"editor-compare-{language}-content"):
        text = str(st.session_state.get(f"{prefix}{name}") or "")
        other = str(st.session_state.get(f"{prefix}content") or "")
        if text.strip():
            st.markdown(plain_markdown(text), anchors=False)
        elif language == "ar" and other.strip():
            st.caption("Without Arabic they read the English content.")
        else:
            st.caption("Nothing is written yet. Learners go straight to the quiz.")


def _save(module: ModuleDetail) -> None:
    prefix = prefix_of(module.id)
    given = typed(prefix, *module_form.FIELDS)
    if given is None:
        return
    version = st.session_state[f"{prefix}version"]
    about = {"module": module_form.module_in(given), "version": version}
    kept = shell.act(service.change_module, module.id, **about, done="Settings saved")
    if kept is None:
        st.session_state[REFUSED] = shell.refusal()
        return
    st.session_state[f"{prefix}base"], st.session_state[f"{prefix}version"] = given, kept.version


def _say_refusal(module: ModuleDetail, prefix: str) -> None:
    """Why it was not saved; when a colleague saved meanwhile, which of the two to go on with."""
    text = st.session_state.pop(REFUSED, None)
    if st.session_state[f"{prefix}version"] == module.version:
        if text:
            st.error(text, icon=":material/block:")
        return
    with st.container(border=True):
        st.warning(service.TrainingChanged().message, icon=":material/group:")
        with st.container(horizontal=True):
            st.button("Keep what I typed", type="primary", on_click=_keep_mine, args=(module,))
            st.button("Load what is saved now", on_click=forget, args=(prefix,))


def _keep_mine(module: ModuleDetail) -> None:
    st.session_state[f"{prefix_of(module.id)}version"] = module.version
    _save(module)


def _begin_to_withdraw() -> None:
    st.session_state[WITHDRAWING] = True


def _withdrawing(module: ModuleDetail) -> None:
    if not st.session_state.get(WITHDRAWING):
        st.rerun()
    st.warning(
        f"{plain(module.name)} is offered to nobody any more. Whoever has begun may finish, certificates go on "
        "counting, and you can offer it again.",
        icon=":material/block:",
    )
    with st.container(horizontal=True):
        st.button("Withdraw it", type="primary", on_click=_withdraw, args=(module,))
        st.button("Keep it", on_click=_keep_offering)


def _withdraw(module: ModuleDetail) -> None:
    _keep_offering()
    shell.act(service.withdraw_module, module.id, done=f"{plain(module.name)} is withdrawn")


def _offer_again(module: ModuleDetail) -> None:
    shell.act(service.offer_again, module.id, done=f"{plain(module.name)} is offered again")


def _keep_offering() -> None:
    st.session_state.pop(WITHDRAWING, None)


def facts(module: ModuleDetail, *, zone: str) -> None:
    """The settings as whoever only reads them finds them, with the content."""
    rows = {
        "Kind": wording.KINDS[module.kind],
        "Offered to": f"{wording.OFFERED_TO[module.kind].capitalize()}, and own staff",
        "Required of": wording.required(module.required_roles) or "Nobody",
        "Pass mark": f"{module.pass_pct}%",
        "Valid for": wording.many(module.valid_for_days, "day"),
        "An attempt asks": wording.many(module.draw, "question") if module.draw else "All questions",
        "Wait after a fail": wording.many(module.cool_down_minutes, "minute") if module.cool_down_minutes else "None",
        "Attempts a day": str(module.attempts_per_day or "No limit"),
    }
    if module.withdrawn_at:
        rows["Withdrawn"] = say.day(module.withdrawn_at, zone=zone, year=True)
    st.markdown("\n".join(f"- **{name}:** {plain(value)}" for name, value in rows.items()))
    if module.content.strip():
        with st.container(border=True):
            st.markdown(plain_markdown(module.content), anchors=False)
