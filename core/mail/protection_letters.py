"""The mails around protections. Days come as text in the reader's language; no mail tells amounts or other partners."""

from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from core.i18n import is_rtl
from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Kind, Letterhead, Message


@dataclass(frozen=True)
class ProtectionFacts:
    """A protection as its mails tell it, in ready texts. ``until``: "" where it is over or not one's own."""

    partner_name: str
    reference: str
    customer: str
    product: str
    territory: str
    until: str = ""

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        return {"partner_name": self.partner_name, "reference": self.reference, "customer": self.customer}

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        names = ("reference", "customer", "product", "territory", "until")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def protection_ending(
    brand: Brand, to: Addressee, facts: ProtectionFacts, days: int, *, url: str, for_team: bool = False
) -> Message:
    """A protection ends in so many days; to the partner, and to whoever looks after it."""
    values = facts.values() | {"until": facts.until, "days": _days(days, to.language)}
    wording = f"{Kind.PROTECTION_ENDING}_team" if for_team else ""
    return _letter(Kind.PROTECTION_ENDING, brand, to, values, wording=wording).message(link=url, facts=facts.shown())


def protection_ended(
    brand: Brand, to: Addressee, facts: ProtectionFacts, *, url: str, for_team: bool = False, why: str = ""
) -> Message:
    """A protection is over; to the partner, and to whoever looks after it. ``why``: of one that staff took away."""
    wording = f"{Kind.PROTECTION_ENDED}_team" if for_team else ""
    letter = _letter(Kind.PROTECTION_ENDED, brand, to, facts.values(), wording=wording, why=why)
    return letter.message(link=url, facts=facts.shown())


def extension_asked(
    brand: Brand, to: Addressee, facts: ProtectionFacts, days: int, who: str, *, evidence: str, url: str
) -> Message:
    """A partner asks to be protected longer; to whoever looks after it."""
    values = facts.values() | {"days": _days(days, to.language), "who": who}
    return _letter(Kind.EXTENSION_ASKED, brand, to, values, evidence=evidence).message(link=url, facts=facts.shown())


def extension_decided(
    brand: Brand, to: Addressee, facts: ProtectionFacts, days: int, *, granted: bool, note: str, url: str
) -> Message:
    """Whether a partner is protected longer; to who registered the deal."""
    values = facts.values() | {"days": _days(days, to.language), "until": facts.until}
    wording = "" if granted else f"{Kind.EXTENSION_DECIDED}_refused"
    letter = _letter(Kind.EXTENSION_DECIDED, brand, to, values, wording=wording, note=note)
    return letter.message(link=url, facts=facts.shown())


def turn_came(brand: Brand, to: Addressee, facts: ProtectionFacts, *, url: str) -> Message:
    """The customer that a deal waited for is free; to who registered that deal."""
    return _letter(Kind.TURN_CAME, brand, to, facts.values()).message(link=url, facts=facts.shown())


def _letter(
    kind: Kind, brand: Brand, to: Addressee, values: dict[str, str], *, wording: str = "", **texts: str
) -> Letterhead:
    return Letterhead(
        kind, brand, to.to, to.name, to.language, values, reply_to=to.reply_to, texts=texts, wording=wording
    )


def _days(days: int, language: str) -> str:
    locale = "ar" if is_rtl(language) else "en"
    return format_timedelta(timedelta(days=days), granularity="day", threshold=1_000, locale=locale)
