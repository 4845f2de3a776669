"""What a proposal says: nine sections in a fixed order, each in English and in Arabic.

One version's content is JSON, `{"hero": {"en": S, "ar": S}, "terms": {…}, …}` with
S = `{"heading": str, "body": str, "items": [{"title": str, "value": str, "text": str}]}`.
Bodies and item texts are markdown; headings, titles and values are one line of plain text.
"""

import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from core.proposals.prose import plain_markdown, plain_text, words_in

__all__ = [
    "LANGUAGES", "LAYOUTS", "SECTIONS", "Bilingual", "Content", "Item", "Language", "Layout", "Section", "SectionKey",
    "blank", "completeness", "plain_markdown", "plain_text", "problems", "reading_time", "word_count",
]  # fmt: skip

Language = Literal["en", "ar"]
LANGUAGES: tuple[Language, ...] = ("en", "ar")


class SectionKey(StrEnum):
    """The sections of a proposal, in the order they are read."""

    HERO = "hero"
    TERMS = "terms"
    METRICS = "metrics"
    VALUE = "value"
    MODULES = "modules"
    WHY = "why"
    NEXT_STEPS = "next_steps"
    CTA = "cta"
    DOCUMENTS = "documents"


SECTIONS: tuple[SectionKey, ...] = tuple(SectionKey)


class Layout(StrEnum):
    """How a section's items are drawn, and so what an item's value means."""

    OPENING = "opening"  # up to three facts under the partner's name: title = label, value = fact
    FIGURES = "figures"  # title = label, value = figure, text = note
    CARDS = "cards"  # title, text; no value
    STEPS = "steps"  # in order: title, text, value = when
    CALL = "call"  # no items: one button, given by the page
    DOCUMENTS = "documents"  # title, text; value = "nda" when it opens only after the NDA


LAYOUTS: Mapping[SectionKey, Layout] = {
    SectionKey.HERO: Layout.OPENING,
    SectionKey.TERMS: Layout.FIGURES,
    SectionKey.METRICS: Layout.FIGURES,
    SectionKey.VALUE: Layout.CARDS,
    SectionKey.MODULES: Layout.CARDS,
    SectionKey.WHY: Layout.CARDS,
    SectionKey.NEXT_STEPS: Layout.STEPS,
    SectionKey.CTA: Layout.CALL,
    SectionKey.DOCUMENTS: Layout.DOCUMENTS,
}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_WORDS_A_MINUTE: Mapping[Language, int] = {"en": 220, "ar": 180}


def _at_most(limit: int, what: str) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > limit:
            raise PydanticCustomError(
                "too_long", "{what} has at most {limit} characters.", {"what": what, "limit": limit}
            )
        if _UNSTORABLE.search(text):
            raise PydanticCustomError(
                "not_storable", "{what} contains characters that cannot be stored.", {"what": what}
            )
        return text

    return AfterValidator(check)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _few(items: tuple["Item", ...]) -> tuple["Item", ...]:
    if len(items) > 12:
        raise PydanticCustomError("too_many", "A section has at most 12 items.")
    return items


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(_Frozen):
    """A figure, card, step or document of a section."""

    title: Annotated[str, _at_most(120, "A title"), AfterValidator(_one_line)] = ""
    value: Annotated[str, _at_most(60, "A value"), AfterValidator(_one_line)] = ""
    text: Annotated[str, _at_most(1_000, "An item's text")] = ""


class Section(_Frozen):
    """One section in one language."""

    heading: Annotated[str, _at_most(200, "A heading"), AfterValidator(_one_line)] = ""
    body: Annotated[str, _at_most(10_000, "A body")] = ""
    items: Annotated[tuple[Item, ...], AfterValidator(_few)] = ()


class Bilingual(_Frozen):
    """One section in both languages."""

    en: Section = Section()
    ar: Section = Section()

    def read_in(self, lang: Language) -> Section:
        return self.ar if lang == "ar" else self.en


class Content(_Frozen):
    """One version of a proposal. `Content.model_validate(json)` reads it, `.model_dump(mode="json")` writes it."""

    hero: Bilingual = Bilingual()
    terms: Bilingual = Bilingual()
    metrics: Bilingual = Bilingual()
    value: Bilingual = Bilingual()
    modules: Bilingual = Bilingual()
    why: Bilingual = Bilingual()
    next_steps: Bilingual = Bilingual()
    cta: Bilingual = Bilingual()
    documents: Bilingual = Bilingual()

    def read_in(self, lang: Language) -> dict[SectionKey, Section]:
        """The nine sections in one language, in reading order."""
        return {key: self._section(key).read_in(lang) for key in SECTIONS}

    def _section(self, key: SectionKey) -> Bilingual:
        section: Bilingual = getattr(self, key.value)
        return section


def blank() -> Content:
    """A proposal with nothing written yet."""
    return Content()


def problems(error: ValidationError) -> list[str]:
    """What an editor must change, a sentence each, with the place: `terms, en, heading: A heading has …`"""
    return [f"{_place(found['loc'])}: {found['msg']}" for found in error.errors(include_url=False, include_input=False)]


def completeness(content: Content, lang: Language) -> dict[SectionKey, float]:
    """How much of each section is written, 0.0 to 1.0."""
    return {key: _share(section, LAYOUTS[key]) for key, section in content.read_in(lang).items()}


def word_count(section: Section) -> int:
    """Words a reader meets in a section."""
    lines = [section.heading, *(f"{item.title} {item.value}" for item in section.items)]
    prose = [section.body, *(item.text for item in section.items)]
    return sum(words_in(plain_text(line)) for line in lines) + sum(map(words_in, prose))


def reading_time(content: Content, lang: Language) -> int:
    """Minutes to read the whole, rounded up; 0 when nothing is written."""
    return math.ceil(sum(map(word_count, content.read_in(lang).values())) / _WORDS_A_MINUTE[lang])


def _share(section: Section, layout: Layout) -> float:
    parts = [bool(section.heading), bool(section.body.strip())]
    if layout not in (Layout.OPENING, Layout.CALL):
        parts.append(any(_is_written(item, layout) for item in section.items))
    return sum(parts) / len(parts)


def _is_written(item: Item, layout: Layout) -> bool:
    return bool(item.title) and (layout is not Layout.FIGURES or bool(item.value))


def _place(location: tuple[Any, ...]) -> str:
    return ", ".join(str(part + 1) if isinstance(part, int) else str(part) for part in location)
