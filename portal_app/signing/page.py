"""What every step of the signing page needs: what there is to show, in which language, and its words."""

from dataclasses import dataclass

from core.i18n import t
from core.nda.evidence import Party
from core.nda.instruments import Instrument
from core.nda.queries import SigningView
from core.proposals.content import Language

OWN_WORDS = frozenset(
    {"title", "contact.known", "contact.others", "sign.other", "done.renew", "done.home", "done.next.owner", "viewing"}
)
"""What is said of the reseller agreement in words of its own."""


@dataclass(frozen=True)
class Page:
    """One drawing of the signing page."""

    view: SigningView
    language: Language

    def say(self, key: str, /, **values: object) -> str:
        """A phrase of the page, ``nda.<key>``; of the reseller agreement ``agreement.<key>`` where it has its own."""
        of = "agreement" if self.is_resellers and key in OWN_WORDS else "nda"
        return t(f"{of}.{key}", self.language, **values)

    @property
    def is_resellers(self) -> bool:
        """Whether it is the reseller agreement that is signed."""
        return self.view.instrument is Instrument.RESELLER

    def name(self, party: Party) -> str:
        """A party's name in the page's language."""
        return party.name_ar if self.language == "ar" and party.name_ar else party.name
