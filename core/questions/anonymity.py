"""Whether a text tells who asked: names, addresses and references that are somebody's. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.deals.names import plain

LEAST_OF_A_NAME = 3
_EMAIL = re.compile(r"[^\s@<>()\"',;]+@[^\s@<>()\"',;]+\.[^\s@<>()\"',;.]+")
_REFERENCE = re.compile(r"\b(?:DI|Q|QS|INV|NDA|PO)-\d+\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TITLES = "al el bin ibn bint abu mr mrs ms dr eng the of and ال بن بنت ابن ابو"
_NO_NAME = frozenset(_TITLES.split())


class What(StrEnum):
    """What was found."""

    PARTNER = "partner"
    PERSON = "person"
    CUSTOMER = "customer"
    EMAIL = "email"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Known:
    """Names that must not be told: of partners, of their people, of their customers."""

    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One thing that tells who asked, as it stands in the text or as it is called."""

    what: What
    text: str


def traces(text: str, known: Known) -> list[Trace]:
    """Everything in a text that tells who asked, each once; none when it may be published."""
    found = [Trace(What.EMAIL, one) for one in _EMAIL.findall(text)]
    found += [Trace(What.REFERENCE, one.upper()) for one in _REFERENCE.findall(text)]
    text = _EMAIL.sub(" ", text)
    spaced, people = _spaced(text), [name for name in known.people if " " in name.strip()]
    named = ((What.PARTNER, known.partners), (What.PERSON, people), (What.CUSTOMER, known.customers))
    for what, names in named:
        found += [Trace(what, name) for name in names if _has(spaced, name)]
    found += [Trace(What.PERSON, part) for part in _parts(known.people) if re.search(rf"\b{re.escape(part)}\b", text)]
    return _widest(list(dict.fromkeys(found)))


def _has(spaced: str, name: str) -> bool:
    wanted = _spaced(name)
    return len(wanted.strip()) >= LEAST_OF_A_NAME and wanted in spaced


def _spaced(text: str) -> str:
    """Its words in plain letters, a space before and after each."""
    return f" {' '.join(_WORD.findall(plain(text)))} "


def _parts(people: Iterable[str]) -> list[str]:
    """First and family names as they are written: "Said" tells of somebody, "said" does not."""
    parts = [part for name in people for part in name.split()]
    return [part for part in parts if len(part) > LEAST_OF_A_NAME and part.casefold() not in _NO_NAME]


def _widest(found: list[Trace]) -> list[Trace]:
    """Without what is only a part of something else that was found."""
    return [one for one in found if not any(one.text != other.text and one.text in other.text for other in found)]
