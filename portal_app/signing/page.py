"""What every step of the signing page needs: what there is to show, in which language, and its words."""

from dataclasses import dataclass

from core.i18n import t
from core.nda.evidence import Party
from core.nda.queries import SigningView
from core.proposals.content import Language


@dataclass(frozen=True)
class Page:
    """One drawing of the signing page."""

    view: SigningView
    language: Language

    def say(self, key: str, /, **values: object) -> str:
        """A phrase of the page, ``nda.<key>``."""
        return t(f"nda.{key}", self.language, **values)

    def name(self, party: Party) -> str:
        """A party's name in the page's language."""
        return party.name_ar if self.language == "ar" and party.name_ar else party.name
