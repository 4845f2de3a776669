"""The quiz being written: the list of questions, the one that is open, and beside it what a learner will see."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from admin_app.training import beside, editing, meanwhile, question_form, wording
from admin_app.training.desk import Desk, chosen, is_behind, open_one
from admin_app.widgets.editor_style import editor_style
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.language_switch import language_switch
from admin_app.widgets.outline import Line, outline
from admin_app.widgets.plain import plain
from core.training.checks import MOST_QUESTIONS
from core.training.queries import ModuleDetail
from core.training.quiz import Fault, Question
from core.training.statistics import Item

MOST_SAID = 6
"""How many faults are named at once."""
Faults = Sequence[Fault]


def draw(
    desk: Desk, module: ModuleDetail, *, faults: Faults, pictures: Mapping[str, str], items: Mapping[str, Item]
) -> None:
    """The whole tab. ``items``: the figures of the published questions by their keys."""
    editor_style()
    with st.container():
        if is_behind(desk, module) and desk.is_unsaved:
            meanwhile.choose(desk, module)
        elif desk.refused:
            st.error(desk.refused, icon=":material/block:")
    one = chosen(desk.questions)
    if one is None:
        text = "There are no questions yet. Write the first one, or import a file."
        empty_state(text, action="Write the first question", on_click=partial(add, desk, ""), icon=":material/quiz:")
        return
    at_left, in_middle, at_right = st.columns([2.2, 4, 3.4], gap="medium")
    with at_left:
        _list(desk, one, faults, items)
    place = editing.place_of(desk.questions, one.key) or 0
    with in_middle:
        language = _head(desk, one, place)
        with st.container():
            _say_faults([fault for fault in faults if fault.question == place + 1])
        question_form.form(desk, one, language=language, pictures_of=pictures)
    with at_right:
        beside.preview(one, number=place + 1, of=len(desk.questions), language=language)
        beside.statistics(one, module.published, items.get(one.key))


def _list(desk: Desk, one: Question, faults: Faults, items: Mapping[str, Item]) -> None:
    st.button(
        "Add question", icon=":material/add:", on_click=add, args=(desk, one.key), width="stretch",
        disabled=len(desk.questions) >= MOST_QUESTIONS,
    )  # fmt: skip
    st.caption(_sum(desk, faults))
    wrong: dict[int, list[str]] = {}
    for fault in faults:
        if fault.question:
            wrong.setdefault(fault.question, []).append(fault.message)
    outline(
        lines=[_line(number, each, wrong, items) for number, each in enumerate(desk.questions, 1)],
        opened=one.key,
        label="Questions",
        key="quiz.outline",
        on_open=open_one,
        on_move=partial(move, desk),
    )


def _sum(desk: Desk, faults: Faults) -> str:
    """How many questions, and what of the whole keeps it from being published."""
    parts = [wording.many(len(desk.questions), "question")]
    if faulty := {fault.question for fault in faults if fault.question}:
        parts.append(f":red[:material/error: {len(faulty)} to correct]")
    parts += [plain(fault.message) for fault in faults if fault.question is None]
    return " · ".join(parts)


def _line(number: int, one: Question, wrong: Mapping[int, list[str]], items: Mapping[str, Item]) -> Line:
    if messages := wrong.get(number):
        return Line(one.key, wording.named(one), one.topic, "!", " ".join(messages[:MOST_SAID]), "stop")
    found = items.get(one.key)
    judged = wording.verdict(found) if found else ""
    if judged in wording.GRAVE:
        return Line(one.key, wording.named(one), one.topic, "?", judged, "attention")
    return Line(one.key, wording.named(one), one.topic)


def _head(desk: Desk, one: Question, place: int) -> str:
    """Which question it is, and what can be done with it; answers the language that is written."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**Question {place + 1} of {len(desk.questions)}**", width="content")
        language = language_switch(question_form.LANGUAGE)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        _small("Up", "arrow_upward", partial(move, desk, one.key, -1), disabled=place == 0)
        _small("Down", "arrow_downward", partial(move, desk, one.key, 1), disabled=place == len(desk.questions) - 1)
        with st.popover("Move to…", type="tertiary"):
            key = desk.key(one.key, f"place.{place}")
            st.number_input("New number", 1, len(desk.questions), place + 1, key=key)
            st.button("Move", type="primary", on_click=_move_to, args=(desk, one.key, key))
        _small("Duplicate", "content_copy", partial(duplicate, desk, one))
        _small("Remove", "delete", partial(remove, desk, one, place))
    return language


def _small(label: str, icon: str, do: Callable[[], None], *, disabled: bool = False) -> None:
    st.button(label, type="tertiary", icon=f":material/{icon}:", on_click=do, disabled=disabled)


def _say_faults(faults: Faults) -> None:
    """What keeps this question from being published, at the question."""
    if not faults:
        return
    lines = [plain(fault.message.partition(": ")[2] or fault.message) for fault in faults]
    if len(lines) > MOST_SAID:
        lines = [*lines[: MOST_SAID - 1], f"And {len(lines) - MOST_SAID + 1} more."]
    st.error("\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0], icon=":material/error:")


def add(desk: Desk, after: str) -> None:
    """A new question behind another one, opened; from a callback."""
    one = editing.blank()
    desk.write(editing.inserted(desk.questions, one, after=after))
    open_one(one.key)


def duplicate(desk: Desk, one: Question) -> None:
    """The same question again behind it, opened; from a callback."""
    again = editing.duplicate(one)
    desk.write(editing.inserted(desk.questions, again, after=one.key))
    open_one(again.key)


def remove(desk: Desk, one: Question, place: int) -> None:
    """Take a question out, and turn to its neighbour; from a callback."""
    left = editing.removed(desk.questions, one.key)
    if left:
        open_one(left[min(place, len(left) - 1)].key)
    desk.write(left)


def move(desk: Desk, key: str, by: int) -> None:
    """Move a question so many places; from a callback."""
    place = editing.place_of(desk.questions, key)
    if place is not None:
        desk.write(editing.moved(desk.questions, key, to=place + by))
        open_one(key)


def _move_to(desk: Desk, key: str, number: str) -> None:
    wanted = st.session_state.get(number)
    if wanted:
        desk.write(editing.moved(desk.questions, key, to=int(wanted) - 1))
