"""The mails around certifications. Days come as text in the reader's language."""

from dataclasses import dataclass

from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment, Kind, Letterhead, Message


@dataclass(frozen=True)
class CertificationFacts:
    """A certification as its mails tell it, in ready texts. ``module``: in the reader's language."""

    holder: str
    module: str
    reference: str
    valid_until: str
    score: str = ""

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        named = {"holder": self.holder, "module": self.module, "reference": self.reference}
        return named | {"valid_until": self.valid_until}

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        return {name: text for name, text in (self.values() | {"score": self.score}).items() if text}


def certification_given(
    brand: Brand, to: Addressee, facts: CertificationFacts, *, url: str, pdf: Attachment
) -> Message:
    """A module was passed; to the holder, with the certificate."""
    letter = _letter(Kind.CERTIFICATION_GIVEN, brand, to, facts)
    return letter.message(link=url, facts=facts.shown(), attachments=(pdf,))


def certification_ending(
    brand: Brand, to: Addressee, facts: CertificationFacts, days: str, *, url: str, for_team: bool = False
) -> Message:
    """A certification ends soon; to the holder, or ``for_team`` to a principal. ``days``: such as "7 days"."""
    wording = f"{Kind.CERTIFICATION_ENDING}_team" if for_team else ""
    letter = _letter(Kind.CERTIFICATION_ENDING, brand, to, facts, {"days": days}, wording)
    return letter.message(link=url, facts=facts.shown())


def certification_revoked(brand: Brand, to: Addressee, facts: CertificationFacts, *, why: str, url: str) -> Message:
    """A certification was taken back; to the holder."""
    letter = _letter(Kind.CERTIFICATION_REVOKED, brand, to, facts, {"why": why})
    return letter.message(link=url, facts=facts.shown())


def _letter(
    kind: Kind,
    brand: Brand,
    to: Addressee,
    facts: CertificationFacts,
    texts: dict[str, str] | None = None,
    wording: str = "",
) -> Letterhead:
    values = facts.values()
    return Letterhead(
        kind, brand, to.to, to.name, to.language, values, reply_to=to.reply_to, texts=texts or {}, wording=wording
    )
