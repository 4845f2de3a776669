"""Rows of quotes and invoices for the operations that need them, held until the transaction ends."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.deals.lines import Line
from core.deals.models import Quote, QuoteLine, Sale
from core.deals.rows import get_deal, partner_of
from core.deals.states import NEXT, SALE_NEXT, QuoteKind, QuoteStatus, SaleStatus
from core.errors import Conflict, NotFound
from core.i18n import t
from core.partners.models import Partner


class NotApprovedYet(Conflict):
    """This deal is no quote yet. A reviewer approves it first."""


class StandsElsewhere(Conflict):
    """This deal stands at “{status}” now, so this cannot be done. Look at its new state."""


class SoldDirectly(Conflict):
    """This deal has no partner: the company sells it itself, and quotes it elsewhere."""


class InvoiceStands(Conflict):
    """This invoice stands at “{status}” now, so this cannot be done. Nothing was changed."""


def deal_held(session: Session, quote_id: UUID) -> Quote:
    """A deal as it stands now; nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none in this company.
    """
    get_deal(session, quote_id)
    return session.get_one(Quote, quote_id, with_for_update=True, populate_existing=True)


def to_stand_at(quote: Quote, status: QuoteStatus) -> None:
    """Check that a quote may go on to a status.

    Raises:
        NotApprovedYet, StandsElsewhere: it may not.
    """
    if quote.kind is not QuoteKind.QUOTE:
        raise NotApprovedYet
    if status not in NEXT[quote.status]:
        raise StandsElsewhere(status=t(f"deal.status.{quote.status}"))


def reseller_of(session: Session, quote: Quote) -> Partner:
    """The partner a deal is sold through.

    Raises:
        SoldDirectly: there is none.
    """
    if quote.partner_id is None:
        raise SoldDirectly
    return partner_of(session, quote)


def kept_lines(session: Session, quote: Quote) -> list[Line]:
    """The lines of a quote, in their order."""
    rows = session.scalars(select(QuoteLine).where(QuoteLine.quote_id == quote.id).order_by(QuoteLine.position))
    return [Line(row.text, row.quantity, row.unit_price, row.discount_pct, row.product_id) for row in rows]


def sale_of(session: Session, sale_id: UUID, *, to: SaleStatus) -> tuple[Sale, Quote, Partner]:
    """An invoice that may go on to a status, held, with its quote and partner.

    Raises:
        NotFound: there is none in this company.
        InvoiceStands: it may not.
    """
    sale = session.get(Sale, sale_id, with_for_update=True, populate_existing=True)
    if sale is None:
        raise NotFound("This invoice was not found. Choose one from the list of deals.")
    if to not in SALE_NEXT[sale.status]:
        raise InvoiceStands(status=t(f"sale.status.{sale.status}"))
    quote = get_deal(session, sale.quote_id)
    return sale, quote, reseller_of(session, quote)
