"""What lies on an author's desk in this tab: the questions as they stand here, and as they were kept last.

A desk is kept per module in the tab's state, so that neither a refusal nor a look at another page loses a word.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.training import editing
from admin_app.training.editing import Questions
from core.training import authoring
from core.training.merging import merged
from core.training.queries import ModuleDetail
from core.training.quiz import Question

OPEN = "question"
"""The query parameter that names the question that is written."""
QUESTIONS = "Questions"
"""The tab where they are written."""


@dataclass
class Desk:
    """``version``: the draft's, as read or saved here; ``filling``: part of the inputs' keys; ``refused``: why what
    stands here is not kept."""

    module_id: UUID
    version: int | None
    kept: Questions
    questions: Questions
    filling: int = 0
    refused: str = ""

    @property
    def is_unsaved(self) -> bool:
        """Whether something stands here that is not kept."""
        return self.questions != self.kept

    def key(self, question: str, name: str) -> str:
        """The key of an input."""
        return f"quiz.{self.filling}.{question}.{name}"

    def take(self, module: ModuleDetail) -> None:
        """Start again from what is kept now."""
        self.version, self.kept = module.draft_version, kept_in(module)
        self.questions, self.refused = self.kept, ""
        self.filling = _next_number()

    def write(self, questions: Questions) -> None:
        """Keep the questions as they are now; from a callback. What cannot be kept stays here."""
        self.questions = questions
        if questions != self.kept or self.refused:
            self._save()

    def change(self, key: str, change: Any) -> None:
        """Keep one question as ``change`` makes it; from a callback."""
        self.write(editing.changed(self.questions, key, change))

    def keep_mine(self, module: ModuleDetail) -> None:
        """Put what was changed here over what a colleague kept; from a callback."""
        theirs = kept_in(module)
        self.questions = merged(self.kept, self.questions, theirs)
        self.version, self.kept, self.filling = module.draft_version, theirs, _next_number()
        self._save()

    def _save(self) -> None:
        kept = shell.act(authoring.save_draft, self.module_id, questions=self.questions, version=self.version, done="")
        if kept is None:
            self.refused = shell.refusal() or self.refused or shell.SignedOut().message
        else:
            self.version, self.kept, self.refused = kept.version, self.questions, ""


def kept_in(module: ModuleDetail) -> Questions:
    """The questions that are written on: the draft's, or the published ones where there is no draft."""
    return module.draft if module.draft_version is not None else module.published


def desk_of(module: ModuleDetail) -> Desk:
    """This tab's desk for a module; where all of it is kept, a colleague's newer draft simply takes its place."""
    desk: Desk | None = st.session_state.get(_name(module.id))
    if desk is None:
        desk = Desk(module.id, module.draft_version, kept_in(module), kept_in(module), _next_number())
        st.session_state[_name(module.id)] = desk
    elif is_behind(desk, module) and not desk.is_unsaved:
        desk.take(module)
    return desk


def is_behind(desk: Desk, module: ModuleDetail) -> bool:
    """Whether somebody saved, published or discarded the draft since it was read here."""
    return desk.version != module.draft_version


def clear(module_id: UUID) -> None:
    """Take everything off the desk; the next look starts from what is kept."""
    st.session_state.pop(_name(module_id), None)


def chosen(questions: Questions) -> Question | None:
    """The question that the address names, or the first one."""
    place = editing.place_of(questions, st.query_params.get(OPEN, ""))
    return questions[place or 0] if questions else None


def open_one(key: str) -> None:
    """Turn to a question; from a callback."""
    st.query_params[OPEN] = key


def to_questions() -> None:
    """Turn to the tab where questions are written; from a callback."""
    st.session_state["tab"] = QUESTIONS


def _next_number() -> int:
    """A number that no filling of this tab had before: what is drawn anew keeps nothing of what was there."""
    st.session_state["quiz.numbers"] = number = int(st.session_state.get("quiz.numbers", 0)) + 1
    return number


def _name(module_id: UUID) -> str:
    return f"quiz.desk.{module_id}"
