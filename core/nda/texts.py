"""The words of the agreement, clause by clause in both languages: filled in, hashed, compared. Pure.

A text is a template: ``{company}`` and ``{partner}`` stand for the two parties. What a person reads and signs is the
text filled in, and it is that text whose SHA-256 the evidence holds, beside the number of the template. The SHA-256
kept with a published template is of the template itself.
"""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.nda.evidence import Party
from core.nda.instruments import Instrument

Language = Literal["en", "ar"]
LANGUAGES: tuple[Language, ...] = ("en", "ar")
PLACES = ("company", "partner")
"""What may stand in braces in a text."""
MOST_CLAUSES = 60
_FOLDER = Path(__file__).parents[2] / "data" / "nda"
_DEFAULTS = {Instrument.NDA: "agreement.json", Instrument.RESELLER: "reseller_agreement.json"}
_PLACE = re.compile(r"\{([^{}]*)\}")
_KEY = r"^[a-z][a-z0-9_]{0,39}$"


_NEVER = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")
"""Marks that turn the direction of what follows, and code points that stand for nothing."""


def _storable(text: str) -> str:
    controls = {mark for mark in text if mark != "\n" and unicodedata.category(mark) in ("Cc", "Cs")}
    if controls or not _NEVER.isdisjoint(text):
        raise PydanticCustomError("not_storable", "The text contains characters that cannot be stored.")
    return text


def _tidy(text: str) -> str:
    """One spelling of a text: NFC, line feeds, no blanks at the ends of lines, at most one empty line."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    joined = "\n".join(line.replace("\t", " ").rstrip() for line in lines).strip()
    return _storable(re.sub(r"\n{3,}", "\n\n", joined))


def _one_line(text: str) -> str:
    return " ".join(_tidy(text).split())


def _known_places(text: str) -> str:
    for name in _PLACE.findall(text):
        if name not in PLACES:
            facts = {"place": f"{{{name}}}"}
            raise PydanticCustomError("place", "{place} stands for nothing. Use {company} or {partner}.", facts)
    return text


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Heading = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Body = Annotated[str, Field(max_length=10_000), AfterValidator(_tidy), AfterValidator(_known_places)]


class Words(_Frozen):
    """A clause in one language. ``body``: plain text; an empty line parts its paragraphs."""

    heading: Heading = ""
    body: Body = ""


class Clause(_Frozen):
    """One clause. ``key``: its name for good, by which reading times and comparisons know it."""

    key: Annotated[str, Field(pattern=_KEY)]
    en: Words = Words()
    ar: Words = Words()

    def read_in(self, language: Language) -> Words:
        """The clause in a language."""
        return self.ar if language == "ar" else self.en


class Agreement(_Frozen):
    """A whole text. ``Agreement.model_validate(json)`` reads it, ``.model_dump(mode="json")`` writes it."""

    title_en: Heading = ""
    title_ar: Heading = ""
    clauses: Annotated[tuple[Clause, ...], Field(max_length=MOST_CLAUSES)] = ()

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        if len(set(self.keys)) != len(self.clauses):
            raise PydanticCustomError("keys", "Two clauses have the same key.")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The clauses' keys, in order."""
        return tuple(clause.key for clause in self.clauses)

    def title_in(self, language: Language) -> str:
        """The title in a language."""
        return self.title_ar if language == "ar" else self.title_en


@lru_cache(maxsize=len(_DEFAULTS))
def default_agreement(instrument: Instrument = Instrument.NDA) -> Agreement:
    """The text a company begins with."""
    return Agreement.model_validate(json.loads((_FOLDER / _DEFAULTS[instrument]).read_text(encoding="utf-8")))


def filled(agreement: Agreement, *, company: Party, partner: Party) -> Agreement:
    """The text as it is read and signed, with both parties named; one without an Arabic name has its other one."""

    def fill(words: Words, language: Language) -> Words:
        names = {"company": _named_in(company, language), "partner": _named_in(partner, language)}
        body = _PLACE.sub(lambda place: names.get(place[1], place[0]), words.body)
        return words.model_copy(update={"body": unicodedata.normalize("NFC", body)})

    return agreement.model_copy(
        update={
            "clauses": tuple(
                clause.model_copy(update={"en": fill(clause.en, "en"), "ar": fill(clause.ar, "ar")})
                for clause in agreement.clauses
            )
        }
    )


def _named_in(party: Party, language: Language) -> str:
    return party.name_ar or party.name if language == "ar" else party.name


def canonical_text(agreement: Agreement, language: Language) -> str:
    """The one spelling of a text that is hashed: title, then each clause with its number, parted by empty lines."""
    parts = [agreement.title_in(language)]
    for number, clause in enumerate(agreement.clauses, 1):
        words = clause.read_in(language)
        parts.append(f"{number}. {words.heading}\n{words.body}")
    return unicodedata.normalize("NFC", "\n\n".join(parts)) + "\n"


def sha256_of(agreement: Agreement, language: Language) -> str:
    """The SHA-256 of a text in a language, in hex."""
    return hashlib.sha256(canonical_text(agreement, language).encode()).hexdigest()


def missing_twins(agreement: Agreement) -> list[str]:
    """What lacks its words in a language, named for the person who writes: "3 Purpose (Arabic)"."""
    names = {"en": "English", "ar": "Arabic"}
    lacking = [f"Title ({names[tongue]})" for tongue in LANGUAGES if not agreement.title_in(tongue)]
    for number, clause in enumerate(agreement.clauses, 1):
        label = f"{number} {clause.en.heading or clause.ar.heading or clause.key}"
        empty = [names[tongue] for tongue in LANGUAGES if not _is_whole(clause.read_in(tongue))]
        if empty:
            lacking.append(f"{label} ({', '.join(empty)})")
    return lacking


def _is_whole(words: Words) -> bool:
    return bool(words.heading and words.body)


class Change(StrEnum):
    """What happened to a clause between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """Same words, another place among the clauses both versions have."""


@dataclass(frozen=True)
class ClauseChange:
    """One clause that differs. ``old`` is None for an added one, ``new`` for a removed one."""

    key: str
    change: Change
    old: Clause | None
    new: Clause | None


def compare(old: Agreement, new: Agreement) -> list[ClauseChange]:
    """The clauses that differ, in the order of the new version, removed ones last. Equal texts give none."""
    before, after = ({clause.key: clause for clause in side.clauses} for side in (old, new))
    kept_old, kept_new = ([key for key in side.keys if key in before and key in after] for side in (old, new))
    place = {key: kept_old.index(key) for key in kept_old}
    found = []
    for key, clause in after.items():
        if key not in before:
            found.append(ClauseChange(key, Change.ADDED, None, clause))
        elif before[key] != clause:
            found.append(ClauseChange(key, Change.CHANGED, before[key], clause))
        elif kept_new.index(key) != place[key]:
            found.append(ClauseChange(key, Change.MOVED, before[key], clause))
    return found + [ClauseChange(key, Change.REMOVED, before[key], None) for key in before if key not in after]
