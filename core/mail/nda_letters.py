"""The mails around the NDA and the reseller agreement.

Days and instants come as text in the reader's language, links as whole addresses.
"""

from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from core.i18n import is_rtl
from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment, Kind, Letterhead, Message


@dataclass(frozen=True)
class NdaFacts:
    """A signed agreement as its mails tell it, in ready texts. ``called``: what the kinds of its mails begin with."""

    partner_name: str
    reference: str
    signer: str
    when: str
    expires: str
    title: str = ""
    email: str = ""
    called: str = "nda"

    def kind(self, what: str) -> Kind:
        """The kind of mail that tells this of it."""
        return Kind(f"{self.called}_{what}")

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        names = ("partner_name", "reference", "signer", "when", "expires")
        return {name: getattr(self, name) for name in names}

    def shown(self, *names: str) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def nda_signed_alert(brand: Brand, to: Addressee, nda: NdaFacts, *, partner_url: str) -> Message:
    """An agreement was signed; to whoever looks after the partner."""
    facts = nda.shown("reference", "signer", "title", "email", "when", "expires")
    return _letter(nda.kind("signed_alert"), brand, to, nda.values()).message(link=partner_url, facts=facts)


def nda_signed_record(brand: Brand, to: Addressee, nda: NdaFacts, *, pdf: Attachment, verify_url: str) -> Message:
    """The signed PDF, to the person who signed."""
    facts = nda.shown("reference", "signer", "when", "expires")
    letter = _letter(nda.kind("signed_record"), brand, to, nda.values())
    return letter.message(link=verify_url, facts=facts, attachments=(pdf,))


def nda_declined(
    brand: Brand, to: Addressee, partner_name: str, signer: str, when: str, *, why: str, partner_url: str,
    kind: Kind = Kind.NDA_DECLINED,
) -> Message:  # fmt: skip
    """Somebody declined to sign, and said why; to whoever looks after the partner."""
    values = {"partner_name": partner_name, "signer": signer}
    letter = Letterhead(kind, brand, to.to, to.name, to.language, values, texts={"why": why})
    return letter.message(link=partner_url, facts={"signer": signer, "when": when})


def nda_hand_over(brand: Brand, to: Addressee, partner_name: str, asked_by: str, expires: str, *, link: str) -> Message:
    """A link to sign by, to the colleague whom somebody of the partner named."""
    values = {"partner_name": partner_name, "asked_by": asked_by, "expires": expires}
    return _letter(Kind.NDA_HAND_OVER, brand, to, values).message(link=link, lets_in=True)


def nda_renewal(brand: Brand, to: Addressee, nda: NdaFacts, days: int, *, link: str) -> Message:
    """It ends in so many days; to who may sign it anew, with the link to do so: the NDA's lets somebody in."""
    values = nda.values() | {"days": _days(days, to.language)}
    letter = _letter(nda.kind("renewal"), brand, to, values)
    lets_in = letter.kind is Kind.NDA_RENEWAL
    return letter.message(link=link, facts=nda.shown("reference", "expires"), lets_in=lets_in)


def nda_renewal_team(
    brand: Brand, to: Addressee, nda: NdaFacts, days: int, *, contact: str, partner_url: str
) -> Message:
    """The same, to whoever looks after the partner. ``contact``: who was reminded; "" when nobody could be."""
    values = nda.values() | {"days": _days(days, to.language)}
    kind, texts = nda.kind("renewal"), {"contact": contact}
    letter = Letterhead(kind, brand, to.to, to.name, to.language, values, texts=texts, wording=f"{kind}_team")
    return letter.message(link=partner_url, facts=nda.shown("reference", "signer", "expires"))


def nda_expired(brand: Brand, to: Addressee, nda: NdaFacts, *, partner_url: str) -> Message:
    """The agreement has ended; to whoever looks after the partner."""
    letter = _letter(nda.kind("expired"), brand, to, nda.values())
    return letter.message(link=partner_url, facts=nda.shown("reference", "signer", "expires"))


def _letter(kind: Kind, brand: Brand, to: Addressee, values: dict[str, str]) -> Letterhead:
    return Letterhead(kind, brand, to.to, to.name, to.language, values, reply_to=to.reply_to)


def _days(days: int, language: str) -> str:
    locale = "ar" if is_rtl(language) else "en"
    return format_timedelta(timedelta(days=days), granularity="day", threshold=1_000, locale=locale)
