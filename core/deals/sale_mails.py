"""The mails of quotes, orders and invoices, put into the outbox with the act that asks for them.

Amounts and PDFs go to roles that see money alone; where who registered the deal sees none, the principals are told too.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import format as say
from core.actor import CONTACT_GRANTS, Act, ContactRole
from core.companies.models import Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.deals.models import PurchaseOrder, Quote
from core.deals.rows import admins, who_hears
from core.mail import sale_letters
from core.mail.meeting_letters import Addressee
from core.mail.messages import Attachment, Kind
from core.mail.outbox import enqueue
from core.mail.sale_letters import SaleFacts
from core.partners.models import Partner
from core.settings import settings


def tell(
    session: Session,
    quote: Quote,
    partner: Partner,
    kind: Kind,
    *,
    number: str,
    amount: Decimal,
    day: date | None = None,
    pdf: bytes | None = None,
    reason: str = "",
    key: str,
) -> None:
    """News of a quote or an invoice, to the partner's people; ``key`` names the event."""
    company = own_company(session)
    facts = SaleFacts(customer=quote.customer_name, deal=quote.reference, number=number)
    file = Attachment(f"{number}.pdf", "application/pdf", pdf) if pdf else None
    for contact in addressees(session, quote, with_finance=kind.startswith("invoice")):
        language, told = contact.language, facts
        if day is not None:
            told = replace(told, day=say.day(day, language=language, year=True))
        if _sees_money(contact):
            told = replace(told, amount=say.money(amount, quote.currency, language=language))
        to = Addressee(contact.email, contact.name, language, _reply_to(session, partner))
        message = sale_letters.sale_news(
            kind,
            brand_of(company, language),
            to,
            told,
            deal_url=portal_address(quote),
            pdf=file if _sees_money(contact) else None,
            reason=reason,
        )
        enqueue(session, message, key=f"{key}:{contact.id}", partner_id=partner.id)


def tell_waiting(session: Session, quote: Quote, partner: Partner, order: PurchaseOrder, differences: str) -> None:
    """That an order differs, to whoever looks after the partner."""
    company, owner = own_company(session), session.get(Staff, partner.owner_id) if partner.owner_id else None
    for colleague in [owner] if owner and owner.disabled_at is None else admins(session):
        message = sale_letters.order_waiting(
            brand_of(company, colleague.language),
            Addressee(colleague.email, colleague.name, colleague.language),
            partner.name_ar if colleague.language == "ar" and partner.name_ar else partner.name,
            order.number,
            quote.reference,
            differences,
            deal_url=f"{settings().admin_url}/deals?deal={quote.id}",
        )
        enqueue(session, message, key=f"order-waiting:{order.id}:{colleague.id}", partner_id=partner.id)


def tell_settled(session: Session, quote: Quote, partner: Partner, order: PurchaseOrder, *, accepted: bool) -> None:
    """What became of an order that differed, to the partner's people who see money."""
    company = own_company(session)
    for contact in filter(_sees_money, addressees(session, quote)):
        message = sale_letters.order_settled(
            brand_of(company, contact.language),
            Addressee(contact.email, contact.name, contact.language, _reply_to(session, partner)),
            order.number,
            quote.reference,
            accepted=accepted,
            why=order.settled_note,
            deal_url=portal_address(quote),
        )
        enqueue(session, message, key=f"order-settled:{order.id}:{contact.id}", partner_id=partner.id)


def addressees(session: Session, quote: Quote, *, with_finance: bool = False) -> list[Contact]:
    """Who works on a deal; the principals too where nobody of those sees money, and finance where money is paid."""
    found = who_hears(session, quote)
    roles = set() if any(map(_sees_money, found)) else {ContactRole.PRINCIPAL}
    roles |= {ContactRole.FINANCE} if with_finance else set()
    if roles:
        present = (Contact.partner_id == quote.partner_id, Contact.disabled_at.is_(None), Contact.role.in_(roles))
        more = session.scalars(select(Contact).where(*present).order_by(Contact.id))
        found += [contact for contact in more if contact not in found]
    return found


def portal_address(quote: Quote) -> str:
    """The deal's page in the portal."""
    return f"{settings().portal_url}/deal?id={quote.id}"


def _sees_money(contact: Contact) -> bool:
    return Act.SEE_MONEY in CONTACT_GRANTS[contact.role]


def _reply_to(session: Session, partner: Partner) -> str:
    """Where an answer goes: to the partner's owner, if it has one."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    return owner.email if owner and owner.disabled_at is None else ""
