"""Acts on quotes, orders and invoices for tests, each in a transaction of its own."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor
from core.clock import now
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import attachments, fetching, orders, selling
from core.deals.lines import NewLine
from core.deals.models import PurchaseOrder, Quote, QuoteDocument, Sale
from core.deals.orders import OrderFacts
from core.deals.states import DocumentUse, QuoteStatus
from core.mail.models import Mail
from core.partners.models import Partner
from core.vault.handing_over import File
from core.vault.intake import Taken, take_in
from core.vault.models import Document
from tests.core.deal_acts import make_quote
from tests.core.vault_acts import a_pdf

TWO_LINES = (NewLine("Payroll", "250", "4.5", "12.5"), NewLine("Setup", "1", "850"))
TOTAL = "1834.375"
"""What those two come to, in OMR."""


def deal(actor: Actor, partner: Partner, contact: Contact | None = None, **facts: Any) -> Quote:
    """An approved deal with a flour mill."""
    with transaction(actor) as session:
        return make_quote(session, partner, contact, **{"customer_name": "Oman Flour Mills"} | facts)


def save_lines(actor: Actor, quote: Quote | UUID, *, version: int | None = None, **details: Any) -> Quote:
    usual: dict[str, Any] = {"lines": TWO_LINES, "valid_until": day(30), "conditions": "Net 30 days"}
    with transaction(actor) as session:
        seen = session.get_one(Quote, getattr(quote, "id", quote))
        told = usual | {"version": seen.version if version is None else version} | details
        return selling.save_lines(session, seen.id, by=actor, **told)


def send(actor: Actor, quote: Quote) -> Quote:
    with transaction(actor) as session:
        return selling.send(session, quote.id, by=actor)


def answer(actor: Actor, quote: Quote, accepted: bool = True, note: str = "") -> Quote:
    with transaction(actor) as session:
        return selling.answer(session, quote.id, accepted=accepted, note=note, by=actor)


def invoice(actor: Actor, quote: Quote, due_on: date | None = None) -> Sale:
    with transaction(actor) as session:
        return selling.invoice(session, quote.id, due_on=due_on or day(30), by=actor)


def pay(actor: Actor, sale: Sale, at: date | None = None) -> Sale:
    with transaction(actor) as session:
        return selling.pay(session, sale.id, at=at or day(0), by=actor)


def refund(actor: Actor, sale: Sale, reason: str = "Returned") -> Sale:
    with transaction(actor) as session:
        return selling.refund(session, sale.id, reason=reason, by=actor)


def cancel(actor: Actor, sale: Sale, reason: str = "Wrong customer") -> Sale:
    with transaction(actor) as session:
        return selling.cancel(session, sale.id, reason=reason, by=actor)


def sent(actor: Actor, partner: Partner, contact: Contact | None = None, **facts: Any) -> Quote:
    """A quote that was sent."""
    quote = deal(actor, partner, contact, **facts)
    save_lines(actor, quote)
    return send(actor, quote)


def accepted(actor: Actor, partner: Partner, contact: Contact | None = None, **facts: Any) -> Quote:
    """A quote that its customer accepted."""
    return answer(actor, sent(actor, partner, contact, **facts))


def order_facts(**facts: str) -> OrderFacts:
    """What stands on the order of the flour mill."""
    usual = {"number": "PO-118", "customer_name": "Oman Flour Mills", "amount": TOTAL, "currency": "OMR"}
    return OrderFacts(**usual | facts)


def a_file(text: str = "order", name: str = "PO.pdf") -> Taken:
    return take_in(name, a_pdf(text))


def upload_order(person: Actor, quote: Quote, *, file: Taken | None = None, **facts: str) -> PurchaseOrder:
    with transaction(person) as session:
        told = order_facts(**facts)
        return orders.upload_order(session, quote.id, order=told, file=file or a_file(told.number), by=person)


def settle(
    actor: Actor, order: PurchaseOrder, accepted: bool = True, note: str = "As agreed by phone"
) -> PurchaseOrder:
    with transaction(actor) as session:
        return orders.settle(session, order.id, accepted=accepted, note=note, by=actor)


def attach(person: Actor, quote: Quote, text: str = "letter") -> Document:
    with transaction(person) as session:
        return attachments.attach(session, quote.id, file=a_file(text, f"{text}.pdf"), by=person)


def fetch_own(person: Actor, document_id: UUID, number: int | None = None) -> File:
    with transaction(person) as session:
        return fetching.fetch_own(session, document_id, number=number, by=person)


def fetch(actor: Actor, document_id: UUID, number: int | None = None) -> File:
    with transaction(actor) as session:
        return fetching.fetch(session, document_id, number=number, by=actor)


def document_of(actor: Actor, quote: Quote, use: DocumentUse) -> UUID:
    """The one document of a deal of a use."""
    with reading(actor) as session:
        theirs = (QuoteDocument.quote_id == quote.id, QuoteDocument.use == use)
        return session.scalars(select(QuoteDocument.document_id).where(*theirs)).one()


def again(actor: Actor, quote: Quote) -> Quote:
    """A deal as it stands now."""
    with reading(actor) as session:
        return session.get_one(Quote, quote.id)


def status_of(actor: Actor, quote: Quote) -> QuoteStatus:
    return again(actor, quote).status


def mails(actor: Actor, kind: str) -> list[Mail]:
    """The mails of a kind with their files, by address."""
    with reading(actor) as session:
        found = list(session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.to_address)))
        for mail in found:
            session.refresh(mail, ["attachments"])
        return found


def day(days: int) -> date:
    """The day so many days from now, in Muscat."""
    return (now() + timedelta(hours=4, days=days)).date()
