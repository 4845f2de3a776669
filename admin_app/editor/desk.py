"""What lies on the writer's desk in this tab: the draft as it was read, and the text of the section in the form.

A desk is kept per partner in the tab's state, so that neither a refusal nor a look at another page loses a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import streamlit as st
from pydantic import ValidationError

from admin_app.widgets.items_table import Row, with_edits
from core.i18n import t
from core.proposals.content import LANGUAGES, LAYOUTS, Content, Language, Section, SectionKey, problems
from core.proposals.queries import Workbench

_NO_TABLE = "editor.table.none"
TONGUES: Mapping[Language, str] = {"en": "English", "ar": "Arabic"}


@dataclass(frozen=True)
class Text:
    """A section in one language as it stands in the form, whether or not it can be kept."""

    heading: str = ""
    body: str = ""
    items: tuple[Row, ...] = ()

    @classmethod
    def of(cls, section: Section) -> "Text":
        """The text of a section that was kept."""
        return cls(section.heading, section.body, tuple(item.model_dump() for item in section.items))


@dataclass
class Desk:
    """``version``: the draft's, as read here; ``filling``: the number of this filling of the form, part of its keys."""

    partner_id: UUID
    section: SectionKey
    version: int | None
    content: Content
    text: dict[Language, Text] = field(default_factory=dict)
    tables: dict[Language, tuple[str, tuple[Row, ...]]] = field(default_factory=dict)
    """Per language the key of the table of items, and the rows it began with."""
    filling: int = 0
    _tried: tuple[object, ...] = field(default=(), repr=False, compare=False)
    _outcome: Content | ValidationError | None = field(default=None, repr=False, compare=False)

    def key(self, lang: Language, name: str) -> str:
        """The key of an input."""
        return f"editor.{self.filling}.{lang}.{name}"

    def take(self, bench: Workbench) -> None:
        """Start again from what is kept now."""
        self.version, self.content = bench.draft_version, bench.content
        self.open(self.section)

    def open(self, section: SectionKey) -> None:
        """Put a section into the form, as it is kept."""
        self.section, self.filling, self.tables = section, next_number(), {}
        self.text = {lang: Text.of(self.content.read_in(lang)[section]) for lang in LANGUAGES}

    def read_form(self) -> None:
        """Take over what stands in the inputs; a language that is not shown keeps its text."""
        for lang in LANGUAGES:
            kept = self.text[lang]
            heading = st.session_state.get(self.key(lang, "heading"), kept.heading)
            body = st.session_state.get(self.key(lang, "body"), kept.body)
            self.text[lang] = replace(kept, heading=heading, body=body, items=self._items(lang, kept))

    def _items(self, lang: Language, kept: Text) -> tuple[Row, ...]:
        key, rows = self.tables.get(lang, (_NO_TABLE, ()))
        if key not in st.session_state:
            return kept.items
        return with_edits(rows, st.session_state[key], LAYOUTS[self.section])

    def composed(self) -> Content:
        """The whole proposal with the form's text in its place.

        Raises:
            ValidationError: the text cannot be kept; ``complaints`` says why.
        """
        outcome = self._tried_once()
        if isinstance(outcome, ValidationError):
            raise outcome
        return outcome

    def _tried_once(self) -> Content | ValidationError:
        """Checked once for each state of the form: a run asks for it about ten times."""
        state = (self.content, self.section, *self.text.values())
        if self._outcome is None or self._tried != state:
            self._tried, self._outcome = state, self._try()
        return self._outcome

    def _try(self) -> Content | ValidationError:
        """The section alone is checked, the others were when they were kept."""
        written = {lang: vars(text) for lang, text in self.text.items()}
        try:
            checked = Content.model_validate({self.section.value: written})
        except ValidationError as error:
            return error
        return self.content.model_copy(update={self.section.value: getattr(checked, self.section.value)})

    def complaints(self) -> list[str]:
        """What keeps the text from being kept, a sentence each with its place; none when it can be."""
        outcome = self._tried_once()
        return [_in_words(one) for one in problems(outcome)] if isinstance(outcome, ValidationError) else []

    def best(self) -> Content:
        """The proposal with the form's text, or without it while it cannot be kept."""
        return self.content if self.complaints() else self.composed()

    def is_changed(self) -> bool:
        """Whether something stands in the form that is not kept."""
        return bool(self.complaints()) or self.composed() != self.content


def _in_words(problem: str) -> str:
    """``terms, en, items, 2, title: A title …`` as "Terms, English, item 2, title: A title …"."""
    place, _, sentence = problem.partition(": ")
    key, lang, *rest = place.split(", ")
    inside = ", ".join(rest).replace("items, ", "item ")
    tongue = TONGUES["ar" if lang == "ar" else "en"]
    return f"{t(f'section.{key}', 'en')}, {tongue}, {inside}: {sentence}"


def next_number() -> int:
    """A number that no form or table of this tab had before: what is drawn anew keeps nothing of what was there."""
    st.session_state["editor.numbers"] = number = int(st.session_state.get("editor.numbers", 0)) + 1
    return number


def clear(desk: Desk) -> None:
    """Take everything off the desk; the next look at the partner starts from what is kept."""
    st.session_state.pop(_name(desk.partner_id), None)


def _name(partner_id: UUID) -> str:
    return f"editor.desk.{partner_id}"


def desk_of(bench: Workbench, section: SectionKey) -> Desk:
    """This tab's desk for a partner, with the form's text read; set up when there is none yet.

    Where nothing is written here that is not kept, a colleague's newer draft simply takes its place.
    """
    name = _name(bench.partner_id)
    if name not in st.session_state:
        desk = Desk(bench.partner_id, section, bench.draft_version, bench.content)
        desk.open(section)
        st.session_state[name] = desk
    found: Desk = st.session_state[name]
    found.read_form()
    if is_behind(found, bench) and not found.is_changed():
        found.take(bench)
    return found


def is_behind(desk: Desk, bench: Workbench) -> bool:
    """Whether somebody saved, published or discarded the draft since it was read here."""
    return desk.version != bench.draft_version
