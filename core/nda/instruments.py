"""The agreements that are signed here, and how each is told apart: reference, validity, words, who signs it. Pure."""

from enum import StrEnum
from typing import TypeVar

from core.actor import Actor, ActorKind

Word = TypeVar("Word", bound=StrEnum)


class Instrument(StrEnum):
    """Which agreement is signed."""

    NDA = "nda"
    RESELLER = "reseller"
    """The reseller agreement."""


PREFIX = {Instrument.NDA: "NDA", Instrument.RESELLER: "RA"}
"""What references begin with."""
YEARS = {Instrument.NDA: 3, Instrument.RESELLER: 2}
"""How long each is valid; its text says the same."""
CALLED = {Instrument.NDA: "nda", Instrument.RESELLER: "agreement"}
"""What words about it are called by: ``t(f"{CALLED[instrument]}.title")``."""


def meant_for(by: Actor) -> Instrument:
    """What somebody of a partner signs: a contact the reseller agreement, readers and guests of the room the NDA."""
    return Instrument.RESELLER if by.kind is ActorKind.CONTACT else Instrument.NDA


def reference(number: int, instrument: Instrument = Instrument.NDA) -> str:
    """A number as people quote it: NDA-00001, RA-00001."""
    return f"{PREFIX[instrument]}-{number:05d}"


def number_of(reference: str) -> int:
    """The number in a reference."""
    return int(reference.rpartition("-")[2])


def instrument_of(reference: str) -> Instrument:
    """The agreement that a reference names."""
    return next(one for one, prefix in PREFIX.items() if reference.startswith(f"{prefix}-"))


def named(word: Word, instrument: Instrument) -> Word:
    """What is said of the NDA (a tag, a kind of entry or of mail), said of another agreement."""
    return type(word)(word.value.replace("nda", CALLED[instrument], 1))
