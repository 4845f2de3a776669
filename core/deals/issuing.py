"""Drawing a quote's or an invoice's page from what is kept, and filing it among the deal's documents."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import today
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.deals.filing import file_paper
from core.deals.lines import Line
from core.deals.models import Quote, Sale
from core.deals.papers import Paper, invoice_pdf, quote_pdf
from core.deals.states import DocumentUse
from core.failpoints import reach
from core.partners.models import Partner
from core.vault.models import DocumentVersion


def issue_quote(
    session: Session, quote: Quote, partner: Partner, lines: Sequence[Line], *, by: Actor, at: datetime
) -> tuple[DocumentVersion, bytes]:
    """The quote's PDF, filed; sent once more, it is the next version of the same document."""
    if quote.valid_until is None:
        raise ValueError("a quote is issued with the day until which it is valid")
    number = quote.quote_reference or quote.reference
    pdf = quote_pdf(
        _paper(session, quote, partner, lines), number=number, issued_on=today(own_company(session).time_zone),
        valid_until=quote.valid_until, at=at,
    )  # fmt: skip
    reach("quote:drawn")
    version = file_paper(session, partner, quote, use=DocumentUse.QUOTE, number=number, pdf=pdf, by=by, at=at)
    return version, pdf


def issue_invoice(
    session: Session, quote: Quote, partner: Partner, lines: Sequence[Line], sale: Sale, *, order: str, by: Actor,
    at: datetime,
) -> bytes:  # fmt: skip
    """The invoice's PDF, filed. ``order``: the number of the customer's purchase order, or nothing."""
    pdf = invoice_pdf(
        _paper(session, quote, partner, lines), number=sale.invoice_number,
        issued_on=today(own_company(session).time_zone), due_on=sale.due_on,
        quote=quote.quote_reference or quote.reference, order=order, at=at,
    )  # fmt: skip
    reach("sale:drawn")
    number = sale.invoice_number
    file_paper(session, partner, quote, use=DocumentUse.INVOICE, number=number, pdf=pdf, by=by, at=at)
    return pdf


def _paper(session: Session, quote: Quote, partner: Partner, lines: Sequence[Line]) -> Paper:
    """What both pages say, in the partner's language."""
    language = partner.language
    return Paper(
        brand=brand_of(own_company(session), language),
        deal=quote.reference,
        customer_name=quote.customer_name,
        customer_contact=quote.customer_contact,
        partner_name=partner.name_ar if language == "ar" and partner.name_ar else partner.name,
        lines=lines,
        currency=quote.currency,
        conditions=quote.conditions,
    )
