"""Who learns here: their language, and how the app that they are in asks core and says no."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

import streamlit as st

from core import format as say
from core.i18n import is_rtl, t
from core.proposals.content import plain_text

_SHOWN = Decimal("0.1")


@dataclass(frozen=True)
class Learner:
    """One drawing of the page. ``title``: over the list. ``zone``: where the company is.

    ``read`` looks something up, or ends the page; ``act`` does something from a callback, None when it was refused;
    ``refused`` then tells why, once. ``writes``: whether it is the learner, and not somebody who looks as them.
    ``query``: what every address of the app carries along.
    """

    title: str
    language: str
    zone: str
    read: Callable[..., Any]
    act: Callable[..., Any]
    refused: Callable[[], str]
    writes: bool = True
    query: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, /, **values: object) -> str:
        """A phrase, ``training.<key>``; between Arabic words a value keeps its own direction."""
        if is_rtl(self.language):
            values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
        return t(f"training.{key}", self.language, **values)

    def shown(self, key: str, /, **values: object) -> str:
        """The same phrase for where markdown is read: whatever people typed stays as it is."""
        return plain_text(self.say(key, **values))

    def plain(self, text: str) -> str:
        """Somebody's words for where markdown is read, in their own direction."""
        return plain_text(f"\u2068{text}\u2069")

    def joined(self, *parts: str) -> str:
        """Some facts in one line for where markdown is read, each in its own direction; empty ones are left out."""
        return plain_text(" · ".join(f"\u2068{part}\u2069" for part in parts if part))

    def named(self, name: str, name_ar: str) -> str:
        """The name, or the text, that is read in the page's language."""
        return name_ar if is_rtl(self.language) and name_ar else name

    def day(self, value: date | datetime) -> str:
        """A day with its year."""
        return say.day(value, zone=self.zone, language=self.language, year=True)

    def days(self, count: int) -> str:
        """So many days."""
        return say.days(count, language=self.language)

    def instant(self, value: datetime) -> str:
        """A full instant."""
        return say.instant(value, zone=self.zone, language=self.language)

    def percent(self, value: Decimal | int) -> str:
        """A score with one decimal at most; never rounded up, or a near miss would read as a pass."""
        return say.rate(Decimal(value).quantize(_SHOWN, ROUND_DOWN), language=self.language)

    def way(self, label: str, *, icon: str | None = None, **named: UUID) -> None:
        """Draw a way to what is named by its id, or to the list where nothing is."""
        key = "training.way." + ".".join(f"{name}.{value}" for name, value in named.items())
        st.button(label, key=key, type="tertiary", icon=icon, on_click=self.go, kwargs=named)

    def go(self, **named: UUID) -> None:
        """Go there, from a callback; the address says where one is."""
        st.query_params.from_dict(self.query | {name: str(value) for name, value in named.items()})
