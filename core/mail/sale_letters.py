"""The mails around quotes, purchase orders and invoices. Days and amounts come as text in the reader's language.

Whoever's role has no money is written to without an amount and without the PDF.
"""

from dataclasses import dataclass

from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment, Kind, Letterhead, Message


@dataclass(frozen=True)
class SaleFacts:
    """A quote or an invoice as its mails tell it, in ready texts; what is not known, or not to be told, is empty.

    ``number``: Q-00017 or INV-00001; ``day``: until when it is valid, when it is due, or when it was paid.
    """

    customer: str
    deal: str
    number: str
    amount: str = ""
    day: str = ""

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        return {"customer": self.customer, "deal": self.deal, "number": self.number}

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        known = {"number": self.number, "deal": self.deal, "customer": self.customer, "day": self.day}
        return {name: text for name, text in (known | {"amount": self.amount}).items() if text}


def sale_news(
    kind: Kind,
    brand: Brand,
    to: Addressee,
    sale: SaleFacts,
    *,
    deal_url: str,
    pdf: Attachment | None = None,
    reason: str = "",
) -> Message:
    """A quote or an invoice was made, or went on; to the partner's people, with its PDF where they may have it.

    ``kind``: QUOTE_SENT, QUOTE_EXPIRED, INVOICE_ISSUED, INVOICE_PAID, INVOICE_REFUNDED or INVOICE_CANCELLED.
    """
    texts = {"attached": "yes" if pdf else "", "why": reason}
    letter = Letterhead(kind, brand, to.to, to.name, to.language, sale.values(), reply_to=to.reply_to, texts=texts)
    return letter.message(link=deal_url, facts=sale.shown(), attachments=(pdf,) if pdf else ())


def order_waiting(
    brand: Brand, to: Addressee, partner_name: str, order: str, deal: str, differences: str, *, deal_url: str
) -> Message:
    """A purchase order differs from its quote; to whoever looks after the partner. ``differences``: one a line."""
    values = {"partner_name": partner_name, "order": order, "deal": deal}
    texts = {"differences": differences}
    letter = Letterhead(Kind.ORDER_WAITING, brand, to.to, to.name, to.language, values, texts=texts)
    return letter.message(link=deal_url)


def order_settled(
    brand: Brand, to: Addressee, order: str, deal: str, *, accepted: bool, why: str, deal_url: str
) -> Message:
    """A purchase order that differed was accepted or refused; to whoever uploaded it."""
    wording = "" if accepted else f"{Kind.ORDER_SETTLED}_refused"
    values, texts = {"order": order, "deal": deal}, {"why": why}
    letter = Letterhead(
        Kind.ORDER_SETTLED, brand, to.to, to.name, to.language, values, reply_to=to.reply_to, texts=texts,
        wording=wording,
    )  # fmt: skip
    return letter.message(link=deal_url)
