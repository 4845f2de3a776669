"""An accepted quote's invoice: issued once, paid, paid back or made void."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.deals import matching, sale_mails
from core.deals.issuing import issue_invoice
from core.deals.lines import NoLines, totals
from core.deals.models import PurchaseOrder, Quote, Sale
from core.deals.numbering import Series, reference, take
from core.deals.protection import end_of_deal
from core.deals.sale_rows import deal_held, kept_lines, reseller_of, sale_of, to_stand_at
from core.deals.states import ProtectionEnd, QuoteStatus, SaleStatus
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.mail.messages import Kind as MailKind
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class AlreadyInvoiced(Conflict):
    """This deal was invoiced already: {number}. Nothing was changed."""


class DuePassed(Invalid):
    """The payment would be due on {day}, which has passed. Choose a later day."""


class PaidWhen(Invalid):
    """Choose the day on which it was paid: from the invoice's day, {day}, until today."""


@permits(Act.SELL)
def invoice(session: Session, quote_id: UUID, *, due_on: date, by: Actor) -> Sale:
    """Sell an accepted quote: its invoice takes the company's next number, and goes out as a PDF. Its protection ends.

    Raises:
        AlreadyInvoiced: it was; nobody gets a second invoice.
        NotApprovedYet, StandsElsewhere, SoldDirectly, NoLines: it cannot be invoiced.
        OrderUnsettled: a purchase order of it differs, and nobody settled that yet.
        DuePassed: of ``due_on``.
    """
    quote, at = deal_held(session, quote_id), now()
    if (sold := session.scalars(select(Sale).where(Sale.quote_id == quote.id)).one_or_none()) is not None:
        raise AlreadyInvoiced(number=sold.invoice_number)
    to_stand_at(quote, QuoteStatus.INVOICED)
    partner, lines = reseller_of(session, quote), kept_lines(session, quote)
    if not lines:
        raise NoLines
    if due_on < today(own_company(session).time_zone):
        raise DuePassed(day=due_on)
    order = matching.order_to_invoice(session, quote)
    sale = _sold(session, quote, totals(lines, quote.currency).total, due_on, order, by=by, at=at)
    end_of_deal(session, quote, ProtectionEnd.SOLD, by=by)
    pdf = issue_invoice(session, quote, partner, lines, sale, order=order.number if order else "", by=by, at=at)
    note_timeline(session, partner.id, Kind.SALE_INVOICED, by=by, number=sale.invoice_number)
    _tell(session, quote, partner, sale, MailKind.INVOICE_ISSUED, day=due_on, pdf=pdf)
    after = {
        "invoice": sale.invoice_number,
        "amount": str(sale.amount),
        "currency": sale.currency,
        "due_on": due_on.isoformat(),
    }
    record(
        session, Tag.SALE_INVOICE, by=by, subject=sale, after=after | {"rate": quote.commission_pct, "deal": quote.name}
    )
    return sale


def _sold(
    session: Session,
    quote: Quote,
    amount: Decimal,
    due_on: date,
    order: PurchaseOrder | None,
    *,
    by: Actor,
    at: datetime,
) -> Sale:
    """The invoice's row, with the next number; the database takes it only while the quote stands accepted."""
    number = take(session, Series.INVOICE, by=by)
    reach("sale:number")
    sale = Sale(quote_id=quote.id, partner_id=quote.partner_id, partner_commission_rate=quote.commission_pct)
    sale.number, sale.invoice_number = number, reference(Series.INVOICE, number)
    sale.amount, sale.currency, sale.status = amount, quote.currency, SaleStatus.INVOICED
    sale.invoiced_at, sale.due_on = at, due_on
    sale.po_document_id = order.document_id if order else None
    session.add(sale)
    session.flush()
    reach("sale:row")
    quote.status = QuoteStatus.INVOICED
    session.flush()
    return sale


@permits(Act.SELL)
def pay(session: Session, sale_id: UUID, *, at: date, by: Actor) -> Sale:
    """Note that an invoice was paid on a day.

    Raises:
        InvoiceStands: it is not open any more.
        PaidWhen: the day is before the invoice, or still to come.
    """
    sale, quote, partner = sale_of(session, sale_id, to=SaleStatus.PAID)
    sale.status, sale.paid_at = SaleStatus.PAID, _paid_at(session, sale, at)
    session.flush()
    reach("sale:paid")
    note_timeline(session, partner.id, Kind.SALE_PAID, by=by, number=sale.invoice_number)
    _tell(session, quote, partner, sale, MailKind.INVOICE_PAID, day=at)
    record(session, Tag.SALE_PAY, by=by, subject=sale, after={"paid_on": at.isoformat(), "amount": str(sale.amount)})
    return sale


@permits(Act.SELL)
def refund(session: Session, sale_id: UUID, *, reason: str, by: Actor) -> Sale:
    """Note that what was paid was paid back, and why.

    Raises:
        InvoiceStands: it was not paid, or paid back already.
        Invalid: no reason is given.
    """
    sale, quote, partner = sale_of(session, sale_id, to=SaleStatus.REFUNDED)
    sale.reason = fields.body(reason, name="The reason", least=1, most=2_000)
    sale.status, sale.refunded_at = SaleStatus.REFUNDED, now()
    session.flush()
    reach("sale:refunded")
    note_timeline(session, partner.id, Kind.SALE_REFUNDED, by=by, number=sale.invoice_number, reason=sale.reason)
    _tell(session, quote, partner, sale, MailKind.INVOICE_REFUNDED)
    record(session, Tag.SALE_REFUND, by=by, subject=sale, after={"reason": sale.reason, "amount": str(sale.amount)})
    return sale


@permits(Act.SELL)
def cancel(session: Session, sale_id: UUID, *, reason: str, by: Actor) -> Sale:
    """Make an invoice void that was not paid, and say why. It keeps its number; its deal is not invoiced again.

    Raises:
        InvoiceStands: it was paid, or cancelled already.
        Invalid: no reason is given.
    """
    sale, quote, partner = sale_of(session, sale_id, to=SaleStatus.CANCELLED)
    sale.reason = fields.body(reason, name="The reason", least=1, most=2_000)
    sale.status, sale.cancelled_at = SaleStatus.CANCELLED, now()
    session.flush()
    reach("sale:cancelled")
    note_timeline(session, partner.id, Kind.SALE_CANCELLED, by=by, number=sale.invoice_number, reason=sale.reason)
    _tell(session, quote, partner, sale, MailKind.INVOICE_CANCELLED)
    record(session, Tag.SALE_CANCEL, by=by, subject=sale, after={"reason": sale.reason})
    return sale


def _paid_at(session: Session, sale: Sale, day: date) -> datetime:
    """The instant that stands for a day: now where it is today, else its noon."""
    zone = ZoneInfo(own_company(session).time_zone)
    if not sale.invoiced_at.astimezone(zone).date() <= day <= today(zone.key):
        raise PaidWhen(day=sale.invoiced_at.astimezone(zone).date())
    noon = datetime.combine(day, time(12), zone)
    return now() if day == today(zone.key) else max(noon, sale.invoiced_at)


def _tell(
    session: Session, quote: Quote, partner: Partner, sale: Sale, kind: MailKind, *, day: date | None = None,
    pdf: bytes | None = None,
) -> None:  # fmt: skip
    sale_mails.tell(
        session, quote, partner, kind, number=sale.invoice_number, amount=sale.amount, day=day, pdf=pdf,
        reason=sale.reason, key=f"{kind}:{sale.id}",
    )  # fmt: skip
