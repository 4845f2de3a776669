"""The versions of a quiz, and what differs between any two of them, question by question."""

from collections.abc import Sequence

import streamlit as st

from admin_app import shell
from admin_app.training import wording
from admin_app.widgets.compare import difference, legend
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number
from admin_app.widgets.pager import pager
from admin_app.widgets.plain import plain
from core import format as say
from core.training import queries
from core.training.changes import Change
from core.training.queries import ModuleDetail, VersionRow
from core.training.quiz import Question

SIZE = 20
"""How many questions are compared on one page."""
DRAFT = 1_000_000
"""Stands for the draft among the numbers of versions."""
OLD, NEW = "quiz.compare.old", "quiz.compare.new"
VERBS = {"added": ":green-badge[:material/add: New]", "removed": ":red-badge[:material/remove: Removed]"}
CHANGED = ":orange-badge[:material/edit: Changed]"


def draw(module: ModuleDetail, *, writes: bool, zone: str) -> None:
    """The list of versions; for whoever ``writes`` the comparison of two."""
    rows = shell.read(queries.versions, module.id)
    if not rows and module.draft_version is None:
        empty_state("Nothing is written yet, so there are no versions.", icon=":material/history:")
        return
    _table(module, rows, zone)
    if writes:
        _compare(module, rows)


def _table(module: ModuleDetail, rows: Sequence[VersionRow], zone: str) -> None:
    draft = module.draft_version is not None
    names = [*(["Draft"] if draft else []), *[f"Version {row.number}" for row in rows]]
    saved = say.instant(module.draft_saved_at, zone=zone) if module.draft_saved_at else ""
    published = [say.instant(row.published_at, zone=zone) for row in rows]
    st.dataframe(
        {
            "Version": names,
            "Questions": [*([len(module.draft)] if draft else []), *[row.questions for row in rows]],
            "Published": [*([f"Not yet; saved {saved}"] if draft else []), *published],
            "By": [*([module.draft_saved_by] if draft else []), *[row.published_by for row in rows]],
            "Holders": [*([""] if draft else []), *[_holders(row) for row in rows]],
        },
        column_config={"Questions": st.column_config.NumberColumn(width="small")},
        hide_index=True,
        height="content",
        placeholder="",
        alt="The versions of the quiz, the newest first",
    )  # fmt: skip


def _holders(row: VersionRow) -> str:
    return "Asked what changed" if row.asks_holders else "Not asked"


def _compare(module: ModuleDetail, rows: Sequence[VersionRow]) -> None:
    """Two versions to choose, and their differences."""
    numbers = [*([DRAFT] if module.draft_version is not None else []), *[row.number for row in rows]]
    names = {0: "Nothing", DRAFT: "Draft", **{row.number: f"Version {row.number}" for row in rows}}
    _settle(OLD, [*numbers, 0], (numbers[1:] or [0])[0])
    _settle(NEW, numbers, numbers[0])
    st.subheader("What changed", anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        old = st.selectbox("From", [*numbers, 0], format_func=names.__getitem__, key=OLD, width=180)
        new = st.selectbox("To", numbers, format_func=names.__getitem__, key=NEW, width=180)
    if old == DRAFT:
        st.info("The draft is compared as the newer one: choose it under “To”.", icon=":material/info:")
        return
    changes = shell.read(queries.difference, module.id, old=old, new=None if new == DRAFT else new)
    if not changes:
        empty_state("They ask the same questions, perhaps in another order.", icon=":material/done_all:")
        return
    _changes(changes)


def _settle(key: str, offered: Sequence[int], usual: int) -> None:
    """A choice that is offered no more gives way to the usual one."""
    if st.session_state.get(key) not in offered:
        st.session_state[key] = usual


def _changes(changes: Sequence[Change]) -> None:
    pages = -(-len(changes) // SIZE)
    page = min(number("page"), pages)
    legend()
    for change in changes[(page - 1) * SIZE : page * SIZE]:
        _one(change)
    total = len(changes)
    pager(page=page, pages=pages, size=SIZE, total=total, noun="changes", key="quiz.changes", hint="before and after")


def _one(change: Change) -> None:
    one = change.after or change.before
    if one is None:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{VERBS.get(change.kind, CHANGED)} **{plain(wording.named(one))}**")
        if change.before and change.after:
            st.markdown(difference(said(change.before), said(change.after)).marked or "Only spaces or keys changed.")
        else:
            st.markdown("\n".join(f"- {plain(line)}" for line in said(one).splitlines() if line.strip()))


def said(one: Question) -> str:
    """A question as lines of text, with the right choice ticked."""
    lines = [one.text, one.text_ar]
    for place, choice in enumerate(one.choices):
        right = " ✓" if choice.key == one.correct else ""
        arabic = f" / {choice.text_ar}" if choice.text_ar else ""
        lines.append(f"{wording.called(place)}{right}: {choice.text}{arabic}")
    named = {
        "Topic": one.topic,
        "Code": one.code,
        "Language": one.code_language,
        "Why": one.why,
        "Why (Arabic)": one.why_ar,
    }
    lines += [f"{name}: {text}" for name, text in named.items() if text]
    if one.image:
        lines.append("With a picture")
    return "\n".join(filter(None, lines))
