"""The mails around deals. Days, amounts and rates come as text in the reader's language, "" where none is shown."""

from dataclasses import asdict, dataclass

from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Kind, Letterhead, Message


@dataclass(frozen=True)
class DealFacts:
    """A deal as its mails tell it, in ready texts. ``due``: by when it should be decided."""

    partner_name: str
    reference: str
    customer: str
    product: str
    territory: str
    amount: str = ""
    closing: str = ""
    contact: str = ""
    due: str = ""
    quote: str = ""
    commission: str = ""
    protected: str = ""

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        return {name: getattr(self, name) for name in ("partner_name", "reference", "customer")}

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        return {name: text for name, text in asdict(self).items() if text}


def deal_submitted(brand: Brand, to: Addressee, deal: DealFacts, *, need: str, url: str) -> Message:
    """A deal waits for a review; to the partner's owner and the reviewers."""
    return _letter(Kind.DEAL_SUBMITTED, brand, to, deal, need=need).message(link=url, facts=deal.shown())


def deal_withdrawn(brand: Brand, to: Addressee, deal: DealFacts, *, url: str) -> Message:
    """The partner took a deal back; to whoever looks after the partner."""
    return _letter(Kind.DEAL_WITHDRAWN, brand, to, deal).message(link=url, facts=deal.shown())


def deal_late(brand: Brand, to: Addressee, deal: DealFacts, *, url: str) -> Message:
    """A deal waits for longer than was promised; to the admins."""
    return _letter(Kind.DEAL_LATE, brand, to, deal).message(link=url, facts=deal.shown())


def deal_approved(brand: Brand, to: Addressee, deal: DealFacts, *, note: str, url: str) -> Message:
    """A deal was approved; to the contact who registered it. ``note``: what the reviewer added, or ""."""
    return _letter(Kind.DEAL_APPROVED, brand, to, deal, note=note).message(link=url, facts=deal.shown())


def deal_rejected(brand: Brand, to: Addressee, deal: DealFacts, *, note: str, url: str) -> Message:
    """A deal was rejected, and why; to the contact who registered it."""
    return _letter(Kind.DEAL_REJECTED, brand, to, deal, note=note).message(link=url, facts=deal.shown())


def deal_returned(brand: Brand, to: Addressee, deal: DealFacts, *, note: str, url: str) -> Message:
    """A deal came back with questions; to the contact who registered it."""
    return _letter(Kind.DEAL_RETURNED, brand, to, deal, note=note).message(link=url, facts=deal.shown())


def _letter(kind: Kind, brand: Brand, to: Addressee, deal: DealFacts, **texts: str) -> Letterhead:
    return Letterhead(kind, brand, to.to, to.name, to.language, deal.values(), reply_to=to.reply_to, texts=texts)
