"""What lies on the writer's desk in this tab: the draft of a text as it was read, and what is typed over it.

It is kept in the tab's state, so that neither a refusal nor a look at another page loses a word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.nda.models import Instrument
from core.nda.queries import TextVersion
from core.nda.texts import LANGUAGES, Agreement, Clause, Language, Words, missing_twins

DESK = "nda_text.desk"
TITLE = ""
"""Stands for the title where a clause's key is asked for."""
TONGUES: Mapping[Language, str] = {"en": "English", "ar": "Arabic"}
PARTS = {"heading": "heading", "body": "text"}


@dataclass(frozen=True)
class Typed:
    """A clause as it stands in the form, whether or not it can be kept; the title has no bodies."""

    key: str
    en_heading: str = ""
    en_body: str = ""
    ar_heading: str = ""
    ar_body: str = ""

    @classmethod
    def of(cls, clause: Clause) -> "Typed":
        """A clause that was kept."""
        return cls(clause.key, clause.en.heading, clause.en.body, clause.ar.heading, clause.ar.body)

    def share(self, language: Language) -> float:
        """How much of it is written in a language, 0.0 to 1.0."""
        heading, body = getattr(self, f"{language}_heading"), getattr(self, f"{language}_body")
        parts = (heading,) if self.key == TITLE else (heading, body)
        return sum(bool(part.strip()) for part in parts) / len(parts)

    def loosely(self) -> Clause:
        """As a clause that nobody checked."""
        words = {
            language: Words.model_construct(
                heading=getattr(self, f"{language}_heading").strip(), body=getattr(self, f"{language}_body").strip()
            )
            for language in LANGUAGES
        }
        return Clause.model_construct(key=self.key, en=words["en"], ar=words["ar"])

    def as_data(self) -> dict[str, Any]:
        """As ``Agreement`` reads it."""
        return {
            "key": self.key,
            "en": {"heading": self.en_heading, "body": self.en_body},
            "ar": {"heading": self.ar_heading, "body": self.ar_body},
        }


@dataclass
class Desk:
    """``version``: the draft's, as read here. ``rows``: the title, then the clauses. ``filling``: part of the keys."""

    number: int
    version: int
    agreement: Agreement
    rows: list[Typed]
    chosen: str = TITLE
    filling: int = 0
    instrument: Instrument = Instrument.NDA

    @classmethod
    def of(cls, text: TextVersion) -> "Desk":
        """A desk with a draft on it as it is kept; its first clause is open."""
        desk = cls(text.row.number, text.row.version, text.agreement, [], instrument=text.row.instrument)
        desk.fill(text.agreement)
        desk.chosen = desk.rows[1].key if len(desk.rows) > 1 else TITLE
        return desk

    def fill(self, agreement: Agreement) -> None:
        """Put a text into the form; the clause that is open stays so, if it is there."""
        title = Typed(TITLE, en_heading=agreement.title_en, ar_heading=agreement.title_ar)
        self.rows = [title, *map(Typed.of, agreement.clauses)]
        self.chosen = self.chosen if self.chosen in [row.key for row in self.rows] else TITLE
        self.filling += 1

    def take(self, text: TextVersion) -> None:
        """Start again from what is kept now."""
        self.number, self.version, self.agreement = text.row.number, text.row.version, text.agreement
        self.fill(text.agreement)

    @property
    def at(self) -> int:
        """Where the open clause stands among the rows."""
        return [row.key for row in self.rows].index(self.chosen)

    def key(self, field: str) -> str:
        """The key of an input of the open clause."""
        return f"nda_text.{self.instrument}.{self.filling}.{self.chosen}.{field}"

    def read_form(self) -> None:
        """Take over what stands in the inputs of the open clause."""
        row, state = self.rows[self.at], st.session_state
        names = [f"{language}_{part}" for language in LANGUAGES for part in PARTS]
        self.rows[self.at] = replace(row, **{n: state.get(self.key(n), getattr(row, n)) or "" for n in names})

    def add(self, heading: str) -> None:
        """Put a new clause after the open one, and open it."""
        row = Typed(self._new_key(heading), en_heading=heading)
        self.rows.insert(self.at + 1, row)
        self.chosen = row.key

    def _new_key(self, heading: str) -> str:
        plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
        word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36].strip("_")
        taken = {row.key for row in self.rows} | set(self.agreement.keys)
        if word[:1].isalpha() and word not in taken:
            return word
        return next(key for n in range(1, 1_000) if (key := f"clause_{n}") not in taken)

    def move(self, by: int) -> None:
        """Let the open clause change places with the one before (-1) or after it (1)."""
        at, to = self.at, self.at + by
        if self.chosen != TITLE and 1 <= to < len(self.rows):
            self.rows[at], self.rows[to] = self.rows[to], self.rows[at]

    def remove(self) -> None:
        """Take the open clause out, and open the one before it."""
        if self.chosen != TITLE:
            at = self.at
            del self.rows[at]
            self.chosen = self.rows[max(at - 1, min(at, len(self.rows) - 1))].key

    def composed(self) -> Agreement:
        """The whole text as it stands in the form.

        Raises:
            ValidationError: it cannot be kept; ``complaints`` says why.
        """
        title = self.rows[0]
        return Agreement.model_validate(
            {
                "title_en": title.en_heading,
                "title_ar": title.ar_heading,
                "clauses": [row.as_data() for row in self.rows[1:]],
            }
        )

    def best(self) -> Agreement:
        """The text as it stands in the form, or as it is kept while that cannot be kept."""
        return self.agreement if self.complaints() else self.composed()

    def lacking(self) -> list[str]:
        """What lacks its twin in the other language, as it stands in the form: "3 Purpose (Arabic)"."""
        title, *clauses = [row.loosely() for row in self.rows]
        loose = Agreement.model_construct(title_en=title.en.heading, title_ar=title.ar.heading, clauses=tuple(clauses))
        return missing_twins(loose)

    def complaints(self) -> list[str]:
        """What keeps the text from being kept, a sentence each with its place."""
        try:
            self.composed()
        except ValidationError as error:
            return [self._in_words(one["loc"], one["msg"]) for one in error.errors(include_url=False)]
        return []

    def _in_words(self, place: tuple[int | str, ...], sentence: str) -> str:
        if len(place) < 4 or not isinstance(place[1], int):
            return sentence
        row, tongue = self.rows[place[1] + 1], TONGUES["ar" if place[2] == "ar" else "en"]
        return f"{place[1] + 1} {row.en_heading or row.key}, {tongue}, {PARTS[str(place[3])]}: {sentence}"

    def is_changed(self) -> bool:
        """Whether something stands in the form that is not kept."""
        return bool(self.complaints()) or self.composed() != self.agreement


def desk_of(draft: TextVersion) -> Desk:
    """This tab's desk, with the form read; where nothing is written that is not kept, a newer draft takes its place."""
    found = find(draft.row.instrument)
    if found is None:
        found = st.session_state[_place(draft.row.instrument)] = Desk.of(draft)
    found.read_form()
    if is_behind(found, draft) and not found.is_changed():
        found.take(draft)
    return found


def is_behind(desk: Desk, draft: TextVersion) -> bool:
    """Whether somebody saved another draft since it was read here."""
    return (desk.number, desk.version) != (draft.row.number, draft.row.version)


def find(instrument: Instrument) -> Desk | None:
    """What lies on this tab's desk of a text, if anything does."""
    found: Desk | None = st.session_state.get(_place(instrument))
    return found


def clear(instrument: Instrument) -> None:
    """Take everything off the desk of a text."""
    st.session_state.pop(_place(instrument), None)


def _place(instrument: Instrument) -> str:
    return f"{DESK}.{instrument}"
