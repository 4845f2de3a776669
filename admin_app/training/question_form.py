"""The form of one question, in one language at a time; whatever is changed is kept at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from admin_app import shell
from admin_app.training import editing, wording
from admin_app.training.desk import Desk
from core.errors import DomainError
from core.training import authoring, pictures
from core.training.checks import MOST_CHOICES
from core.training.quiz import Choice, Question

LANGUAGE = "quiz.language"
CODE_LANGUAGES = ("text", "python", "sql", "bash", "json", "javascript", "html", "xml", "java", "csharp")
NONE = ""
"""The choice of no topic, no language of code, no picture."""
ACTS: Mapping[str, Callable[[Question, str], Question]] = {
    "Move up": lambda one, key: editing.with_choice_moved(one, key, by=-1),
    "Move down": lambda one, key: editing.with_choice_moved(one, key, by=1),
    "Duplicate": editing.with_choice_again,
    "Remove": editing.without_choice,
}
"""What can be done with a choice."""


def form(desk: Desk, one: Question, *, language: str, pictures_of: Mapping[str, str]) -> None:
    """Draw the inputs. ``pictures_of``: the module's pictures by their ids."""
    with st.container(key="editor-arabic" if language == "ar" else "editor-english", gap="small"):
        _text(desk, one, language)
        with st.container(gap="small"):
            for place, choice in enumerate(one.choices):
                _choice(desk, one, choice, place, language)
        _right(desk, one)
        _why(desk, one, language)
    _topic(desk, one)
    with st.expander("Code and picture", expanded=bool(one.code or one.image), icon=":material/code:"):
        _code(desk, one)
        _picture(desk, one, pictures_of)


def _text(desk: Desk, one: Question, language: str) -> None:
    field, label = ("text", "Question") if language == "en" else ("text_ar", "Question in Arabic")
    hint = "" if language == "en" else wording.short(one.text, 200)
    st.text_area(
        label, height=100, placeholder=hint or "What do they have to know?",
        help="Markdown: **bold**, *italic*, lists, [text](https://…)", **_tied(desk, one, field, getattr(one, field)),
    )  # fmt: skip


def _choice(desk: Desk, one: Question, choice: Choice, place: int, language: str) -> None:
    right = " :green-badge[:material/check: right answer]" if choice.key == one.correct else ""
    field = "text" if language == "en" else "text_ar"
    label = f"Choice {wording.called(place)}{'' if language == 'en' else ' in Arabic'}{right}"
    key = desk.key(one.key, f"choice.{choice.key}.{field}")
    menu = desk.key(one.key, f"choice.{choice.key}.do")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", wrap=False):
        st.text_input(
            label, getattr(choice, field), key=key, placeholder="" if language == "en" else choice.text,
            on_change=_take_choice, args=(desk, one.key, choice.key, field, key),
        )  # fmt: skip
        st.menu_button(
            ":material/more_vert:", list(ACTS), key=menu, type="tertiary", on_click=_act_on_choice,
            args=(desk, one.key, choice.key, menu), help=f"Move, duplicate or remove choice {wording.called(place)}",
        )  # fmt: skip


def _take_choice(desk: Desk, question: str, choice: str, field: str, key: str) -> None:
    if key not in st.session_state:
        return
    text = str(st.session_state[key] or "")
    desk.change(question, lambda one: editing.with_choice_text(one, choice, **{field: text}))


def _act_on_choice(desk: Desk, question: str, choice: str, menu: str) -> None:
    act = ACTS.get(str(st.session_state.get(menu)))
    if act:
        desk.change(question, lambda one: act(one, choice))


def _right(desk: Desk, one: Question) -> None:
    """Which choice is the right one; and one more choice."""
    numbers = {choice.key: wording.called(place) for place, choice in enumerate(one.choices)}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        if numbers:
            key = desk.key(one.key, f"right.{','.join(numbers)}")
            index = list(numbers).index(one.correct) if one.correct in numbers else None
            st.radio(
                "Right answer", list(numbers), index, format_func=numbers.__getitem__, horizontal=True, key=key,
                on_change=_take, args=(desk, one.key, "correct", key),
            )  # fmt: skip
        add = partial(desk.change, one.key, editing.with_choice)
        st.button(
            "Add choice", icon=":material/add:", type="tertiary", on_click=add, disabled=len(numbers) >= MOST_CHOICES
        )


def _why(desk: Desk, one: Question, language: str) -> None:
    field, label = ("why", "Why it is right") if language == "en" else ("why_ar", "Why it is right, in Arabic")
    tip = "For authors; learners never see it."
    st.text_area(
        label, height=80, help=tip, placeholder="" if language == "en" else wording.short(one.why, 200),
        **_tied(desk, one, field, getattr(one, field)),
    )  # fmt: skip


def _topic(desk: Desk, one: Question) -> None:
    known = list(dict.fromkeys([NONE, *sorted({each.topic for each in desk.questions if each.topic}), one.topic]))
    st.selectbox(
        "Topic", known, format_func=lambda name: name or "No topic", accept_new_options=True,
        help="Who fails is told which topics to look at again. Type a new one, or choose.",
        **_chooses(desk, one, "topic", one.topic, known),
    )  # fmt: skip


def _code(desk: Desk, one: Question) -> None:
    st.text_area("Code", height=120, help="Shown as it is, below the question.", **_tied(desk, one, "code", one.code))
    known = list(dict.fromkeys([NONE, *CODE_LANGUAGES, one.code_language]))
    st.selectbox(
        "Language of the code", known, format_func=lambda name: name or "None", accept_new_options=True,
        **_chooses(desk, one, "code_language", one.code_language, known),
    )  # fmt: skip


def _picture(desk: Desk, one: Question, known: Mapping[str, str]) -> None:
    missing = {one.image: "A picture that is missing"} if one.image and one.image not in known else {}
    named = {NONE: "No picture", **known, **missing}
    st.selectbox(
        "Picture", list(named), format_func=named.__getitem__, **_chooses(desk, one, "image", one.image, list(named))
    )
    key = desk.key(one.key, "picture")
    st.file_uploader(
        "Add a picture", type=list(pictures.ACCEPTED), key=key, max_upload_size=pictures.MOST_MEGABYTES,
        on_change=_take_picture, args=(desk, one.key, key),
    )  # fmt: skip


def _take_picture(desk: Desk, question: str, key: str) -> None:
    """Keep the picture that was chosen, and show it in the question."""
    given = st.session_state.get(key)
    if given is None:
        return
    try:
        taken = pictures.take_in(given.name, given.getvalue())
    except DomainError as refusal:
        desk.refused = refusal.message
        return
    kept = shell.act(authoring.add_image, desk.module_id, file=taken, done="The picture is in the question")
    if kept is None:
        desk.refused = shell.refusal() or ""
        return
    st.session_state[desk.key(question, "image")] = str(kept.id)
    desk.change(question, lambda one: replace(one, image=str(kept.id)))


def _tied(desk: Desk, one: Question, field: str, value: str) -> dict[str, Any]:
    """Arguments that tie an input to a field of the question.

    It begins with the text itself, never with nothing that is filled afterwards: between the two a slow browser may
    tell the server that the input is empty, and what is told is kept.
    """
    key = desk.key(one.key, field)
    return {"key": key, "value": value, "on_change": _take, "args": (desk, one.key, field, key)}


def _chooses(desk: Desk, one: Question, field: str, value: str, options: Sequence[str]) -> dict[str, Any]:
    """Arguments that tie a choice among ``options`` to a field of the question."""
    tied = _tied(desk, one, field, value)
    value = tied.pop("value")
    return {**tied, "index": options.index(value) if value in options else None}


def _take(desk: Desk, question: str, field: str, key: str) -> None:
    """Take over what an input holds now."""
    if key not in st.session_state:
        return
    value = str(st.session_state[key] or "")
    desk.change(question, lambda one: replace(one, **{field: value}))
