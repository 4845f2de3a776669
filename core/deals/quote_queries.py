"""Reading the quote of a deal as its partner does: its lines and what they come to."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.contacts.money import sees_money
from core.deals.lines import Line, Totals, net, totals
from core.deals.rows import get_own_deal
from core.deals.sale_rows import kept_lines


@dataclass(frozen=True)
class MyLine:
    """One line of the quote; ``total``: with its discount taken off."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    discount_pct: Decimal
    total: Decimal


@dataclass(frozen=True)
class MyQuote:
    """What the customer was offered."""

    lines: tuple[MyLine, ...]
    totals: Totals
    currency: str


@permits(Act.SEE_DEALS)
def my_quote(session: Session, quote_id: UUID) -> MyQuote | None:
    """The quote of one of the actor's deals; None before it was sent, and for who may not see amounts now.

    Raises:
        NotFound: there is no such deal, or the role does not show it.
    """
    quote = get_own_deal(session, quote_id, by=actor_of(session))
    if quote.sent_at is None or not sees_money(session):
        return None
    lines = kept_lines(session, quote)
    if not lines:
        return None
    return MyQuote(tuple(_mine(one, quote.currency) for one in lines), totals(lines, quote.currency), quote.currency)


def _mine(line: Line, currency: str) -> MyLine:
    return MyLine(line.text, line.quantity, line.unit_price, line.discount_pct, net(line, currency))
