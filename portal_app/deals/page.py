"""What every page about deals needs: its language, its words, and who looks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core import format as say
from core.actor import Act, Actor, allowed
from core.i18n import is_rtl, t
from core.proposals.content import Language, plain_text


@dataclass(frozen=True)
class Page:
    """One drawing of a page; ``name`` stands before the keys of its words."""

    name: str
    language: Language
    by: Actor

    def say(self, key: str, /, **values: object) -> str:
        """A phrase of the page, ``<name>.<key>``; between Arabic words a value keeps its own direction."""
        return self.word(f"{self.name}.{key}", **values)

    def word(self, key: str, /, **values: object) -> str:
        """A phrase by its whole key."""
        if is_rtl(self.language):
            values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
        return t(key, self.language, **values)

    def shown(self, key: str, /, **values: object) -> str:
        """The same phrase for where markdown is read: whatever people typed stays as it is."""
        return plain_text(self.say(key, **values))

    def plain(self, text: str) -> str:
        """Somebody's words for where markdown is read: they stay as they are."""
        return plain_text(text)

    def joined(self, *parts: str) -> str:
        """Some facts in one line, each in its own direction; empty ones are left out."""
        return " · ".join(f"\u2068{part}\u2069" for part in parts if part)

    def may(self, act: Act) -> bool:
        """Whether whoever looks may do this; staff who look as somebody may change nothing."""
        return allowed(self.by, act)

    @property
    def writes(self) -> bool:
        """Whether whoever looks registers deals and works on them."""
        return self.may(Act.SUBMIT_DEALS) and self.by.viewer is None

    def day(self, value: date | datetime) -> str:
        """A day with its year, in the page's language."""
        return say.day(value, language=self.language, year=True)

    def instant(self, value: datetime) -> str:
        """A full instant, in the page's language."""
        return say.instant(value, language=self.language)

    def money(self, amount: Decimal | None, currency: str) -> str:
        """An amount with its currency; nothing for whom it is not meant."""
        return "" if amount is None else say.money(amount, currency, language=self.language)

    def named(self, name: str, name_ar: str) -> str:
        """The name that is read in the page's language."""
        return name_ar if self.language == "ar" and name_ar else name

    def address(self, page: str, **query: object) -> str:
        """Where another page is, in the same language."""
        found = {**query, "lang": self.language}
        return f"/{page}?" + "&".join(f"{name}={value}" for name, value in found.items())
