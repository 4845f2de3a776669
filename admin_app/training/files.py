"""A quiz from a file and as a file: the JSON of the source, and Moodle's GIFT. A file comes in whole or not at all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.training import desk as desks
from admin_app.training import wording
from admin_app.training.desk import Desk
from admin_app.widgets.plain import plain
from core.training import authoring, gift, source_json
from core.training.authoring import READ, Form
from core.training.checks import MOST_QUESTIONS
from core.training.matching import matched
from core.training.queries import ModuleDetail
from core.training.quiz import Fault, Question, QuizRefused
from core.training.quiz_file import decoded

JSON: Form = "json"
GIFT: Form = "gift"
FORMS: Mapping[Form, str] = {JSON: "Quiz JSON", GIFT: "Moodle GIFT"}
PREFIX, REFUSED = "quiz.import.", "quiz.import_refused"
ADD, REPLACE = "Add to the questions here", "Replace the questions here"
MOST_MEGABYTES = 8
EXAMPLES: Mapping[Form, str] = {
    JSON: '{"questions": [\n  {"q": "How large is the standard discount?",\n   "choices": ["5%", "10%", "20%"],\n'
    '   "correct_idx": 1}\n]}',
    GIFT: "$CATEGORY: $course$/top/Pricing\n\nHow large is the standard discount? {\n\t~5%\n\t=10%\n\t~20%\n}",
}
_LINE = re.compile(r"[Ll]ine (\d+)")
_WRITE: Mapping[Form, tuple[Callable[[Sequence[Question]], str], Callable[[Iterable[Question]], tuple[str, ...]]]] = {
    JSON: (source_json.write, source_json.left_out),
    GIFT: (gift.write, gift.left_out),
}


@dataclass(frozen=True)
class Found:
    """What a file holds: its questions, or what is wrong with it."""

    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()


def draw(desk: Desk, module: ModuleDetail) -> None:
    """Import at the left, export at the right."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _import(desk)
    with right:
        _export(desk, module)


def _import(desk: Desk) -> None:
    st.subheader("Import", anchor=False)
    form = st.segmented_control(
        "Form", list(FORMS), format_func=FORMS.__getitem__, key=f"{PREFIX}form", default=JSON, required=True,
        label_visibility="collapsed",
    ) or JSON  # fmt: skip
    turn = st.session_state.get(f"{PREFIX}turn", 0)
    st.file_uploader(
        "File", type=["json", "txt", "gift"], key=f"{PREFIX}file.{turn}", max_upload_size=MOST_MEGABYTES,
        help="Text in UTF-8",
    )  # fmt: skip
    with st.expander(
        "Or paste it", icon=":material/content_paste:", expanded=bool(st.session_state.get(f"{PREFIX}text.{turn}"))
    ):
        st.text_area("Text of the file", key=f"{PREFIX}text.{turn}", height=180, placeholder=EXAMPLES[form])
    text = _text(turn)
    if text is None:
        st.caption("Choose a file or paste one. Questions that are here already, by their text, are updated.")
        with st.popover("What the file looks like", icon=":material/help:", type="tertiary"):
            st.code(EXAMPLES[form], language="json" if form == JSON else None)
        return
    found = read(text, form) if isinstance(text, str) else text
    if found.faults:
        say_faults(found.faults)
    else:
        _offer(desk, str(text), form, found.questions)


def _text(turn: int) -> str | Found | None:
    """What was pasted or chosen; None: neither. A file that is no text is refused."""
    pasted = str(st.session_state.get(f"{PREFIX}text.{turn}") or "")
    given = st.session_state.get(f"{PREFIX}file.{turn}")
    if given is None:
        return pasted or None
    try:
        return decoded(given.getvalue())
    except QuizRefused as refusal:
        return Found(faults=refusal.faults)


def read(text: str, form: Form) -> Found:
    """What a file holds."""
    try:
        return Found(READ[form](text))
    except QuizRefused as refusal:
        return Found(faults=refusal.faults)


def say_faults(faults: Sequence[Fault]) -> None:
    """Every fault of a file with its line and its question."""
    st.error(
        f"Nothing was imported: {wording.many(len(faults), 'fault')} in the file. Correct and choose it again.",
        icon=":material/block:",
    )
    lines = [_LINE.search(fault.message) for fault in faults]
    st.dataframe(
        {
            "Line": [int(found[1]) if found else None for found in lines],
            "Question": [fault.question for fault in faults],
            "What is wrong": [_alone(fault.message) for fault in faults],
        },
        column_config={
            "Line": st.column_config.NumberColumn(width=60),
            "Question": st.column_config.NumberColumn(width=80),
            "What is wrong": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        height="content" if len(faults) < 12 else 420,
        row_height=56,
        placeholder="–",
        alt="What is wrong with the file: line, question, fault",
    )


def _alone(message: str) -> str:
    """A fault without the question and the line that have columns of their own."""
    return re.sub(r"^Question \d+: ", "", re.sub(r" See line \d+\.$", "", message))


def _offer(desk: Desk, text: str, form: Form, questions: tuple[Question, ...]) -> None:
    """What the import would do, and the button that does it."""
    fresh = matched(questions, desk.questions)
    known = {one.key: one for one in desk.questions}
    new = sum(one.key not in known for one in fresh)
    same = sum(known.get(one.key) == one for one in fresh)
    st.success(
        f"{wording.many(len(fresh), 'question')} in the file: {new} new, {len(fresh) - new - same} changed, {same} as "
        "they are.",
        icon=":material/task_alt:",
    )
    how = st.radio(
        "How", [ADD, REPLACE], key=f"{PREFIX}how", label_visibility="collapsed",
        captions=["New ones come last; those the file does not have stay", "Those the file does not have are removed"],
    )  # fmt: skip
    replaces = how == REPLACE
    total = len(fresh) if replaces else len(known) + new
    gone = len(known.keys() - {one.key for one in fresh}) if replaces else 0
    if total > MOST_QUESTIONS:
        st.error(f"The quiz would have {total} questions. It has at most {MOST_QUESTIONS}.", icon=":material/block:")
        return
    if gone:
        st.caption(f":orange[:material/warning: {wording.many(gone, 'question')} of the draft will be removed.]")
    st.button(
        f"Import {wording.many(len(fresh), 'question')}", type="primary", icon=":material/upload:", key="quiz.import",
        on_click=_bring_in, args=(desk.module_id, text, form, replaces),
    )  # fmt: skip
    shell.say_refusal()


def _bring_in(module_id: UUID, text: str, form: Form, replaces: bool) -> None:
    details: dict[str, Any] = {"text": text, "form": form, "replaces": replaces}
    done = shell.act(authoring.import_quiz, module_id, **details, done="Imported into the draft")
    if done is None:
        return
    desks.clear(module_id)
    st.session_state[f"{PREFIX}turn"] = st.session_state.get(f"{PREFIX}turn", 0) + 1


def _export(desk: Desk, module: ModuleDetail) -> None:
    st.subheader("Export", anchor=False)
    if not desk.questions:
        st.caption("There are no questions to export yet.")
        return
    which = "the draft" if module.draft_version is not None else f"version {module.published_number}"
    st.caption(
        f"{wording.many(len(desk.questions), 'question')} of {which}, with their right answers. It goes on record."
    )
    for form, name in FORMS.items():
        write, left_out = _WRITE[form]
        try:
            write(desk.questions)
        except QuizRefused as refusal:
            st.caption(f"{name}: {plain(refusal.faults[0].message)}")
            continue
        lost = left_out(desk.questions)
        st.link_button(name, f"/training/{module.id}/quiz?format={form}", icon=":material/download:")
        st.caption(f"Leaves out {_listed(lost)}." if lost else "Holds everything of these questions.")


def _listed(words: Sequence[str]) -> str:
    *some, last = words
    return f"{', '.join(some)} and {last}" if some else last
