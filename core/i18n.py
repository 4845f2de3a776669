"""Words by key and language, from ``data/words/<language>.json``."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path

from core.errors import DomainError
from core.format import day

LANGUAGES = ("en", "ar")
_FOLDER = Path(__file__).parent.parent / "data" / "words"


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, str]:
    """Every word of a language, by key."""
    found: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def t(key: str, language: str = "en", /, **values: object) -> str:
    """The words for a key. An unknown key is a fault of ours and raises KeyError."""
    text = words(language if language in LANGUAGES else "en")[key]
    return text.format(**values) if values else text


def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language == "ar"


def refusal(error: DomainError, language: str = "en") -> str:
    """A refusal in a language; where it has no twin there, in English."""
    twin = words(language).get(f"error.{type(error).__name__}") if language != "en" else None
    said = {name: _said(value, language) for name, value in error.facts.items()}
    return twin.format(**said) if twin else error.message


def _said(value: object, language: str) -> str:
    """A fact as a sentence of a language says it; between Arabic words it keeps its own direction."""
    text = day(value, language=language, year=True) if isinstance(value, date) else str(value)
    return f"\u2068{text}\u2069" if is_rtl(language) else text
