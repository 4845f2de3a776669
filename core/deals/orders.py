"""Customers' purchase orders: uploaded by a partner and compared at once, settled by the team where they differ."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.deals import money, sale_mails
from core.deals.filing import file_upload
from core.deals.matching import agreed_total, compared
from core.deals.models import PurchaseOrder, Quote
from core.deals.order_match import Difference, number_key
from core.deals.rows import get_own_deal
from core.deals.sale_rows import deal_held, reseller_of
from core.deals.states import SET_ASIDE, TAKES_ORDERS, UNSETTLED, DocumentUse, OrderState, QuoteStatus
from core.errors import Conflict, NotFound
from core.failpoints import reach
from core.i18n import t
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.intake import Taken
from core.vault.models import DocumentVersion

_EARLIER = frozenset({QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.DRAFT})


class OrderNotYet(Conflict):
    """Upload the purchase order once the quote was sent."""


class OrderTooLate(Conflict):
    """This deal takes no purchase order any more: {status}."""


class OrderThere(Conflict):
    """You already uploaded this purchase order. Nothing was changed."""


class OrderSettled(Conflict):
    """This purchase order was decided already by {who}. Nothing was changed."""


@dataclass(frozen=True)
class OrderFacts:
    """What stands on a purchase order, as it was typed. ``amount``: see ``core.deals.money.amount``."""

    number: str
    customer_name: str
    amount: str
    currency: str


@permits(Act.SUBMIT_DEALS)
def upload_order(session: Session, quote_id: UUID, *, order: OrderFacts, file: Taken, by: Actor) -> PurchaseOrder:
    """Keep a purchase order among a deal's documents, and compare it with the quote at once.

    It replaces earlier ones of the deal that nobody accepted. Where it differs, or another partner sent one of the same
    number, the team is told, and the deal is not invoiced before that is settled.

    Raises:
        NotFound: there is no such deal, or it is somebody else's.
        OrderNotYet, OrderTooLate: the deal takes none now.
        OrderThere: the same file under the same number is there already.
        Invalid: something typed cannot be used; the message names it.
    """
    get_own_deal(session, quote_id, by=by)
    quote, at = deal_held(session, quote_id), now()
    _check_open(quote, by)
    partner, row = reseller_of(session, quote), _read(quote, order, by=by, at=at)
    lock(session, f"order:{quote.company_id}:{row.number_key}")
    _replace_earlier(session, quote, row, file, by=by, at=at)
    titles = {name: t("paper.file.order", language, number=row.number) for name, language in _TITLES}
    document = file_upload(session, partner, quote, file=file, use=DocumentUse.ORDER, by=by, at=at, **titles)
    row.document_id = document.id
    found = compared(session, quote, row, agreed_total(session, quote))
    session.add(row)
    session.flush()
    reach("order:row")
    note_timeline(session, partner.id, Kind.ORDER_UPLOADED, by=by, number=row.number, reference=quote.reference)
    if row.state in UNSETTLED:
        _tell_waiting(session, quote, partner, row, found)
    after = {"number": row.number, "state": row.state, "differs": [one.what for one in found], "sha256": file.sha256}
    record(session, Tag.ORDER_UPLOAD, by=by, subject=quote, after=after)
    return row


_TITLES = (("title", "en"), ("title_ar", "ar"))


def _check_open(quote: Quote, by: Actor) -> None:
    if quote.status in TAKES_ORDERS:
        return
    if quote.status in _EARLIER:
        raise OrderNotYet
    raise OrderTooLate(status=t(f"deal.status.{quote.status}", by.language))


def _read(quote: Quote, order: OrderFacts, *, by: Actor, at: datetime) -> PurchaseOrder:
    number = fields.line(order.number, name="Order number", most=60)
    row = PurchaseOrder(quote_id=quote.id, partner_id=quote.partner_id, number=number, number_key=number_key(number))
    row.customer_name = fields.line(order.customer_name, name="Customer")
    row.amount, row.currency = money.amount(order.amount, order.currency), order.currency
    row.uploaded_at, row.uploaded_by = at, by.name[:200]
    return row


def _replace_earlier(
    session: Session, quote: Quote, row: PurchaseOrder, file: Taken, *, by: Actor, at: datetime
) -> None:
    """Put earlier orders of the deal aside that nobody accepted; the same one again is refused."""
    theirs = (PurchaseOrder.quote_id == quote.id, PurchaseOrder.state.not_in((*SET_ASIDE, OrderState.SETTLED)))
    bytes_of = DocumentVersion.document_id == PurchaseOrder.document_id
    for earlier, sha256 in session.execute(
        select(PurchaseOrder, DocumentVersion.sha256).join(DocumentVersion, bytes_of).where(*theirs)
    ):
        if sha256 == file.sha256 and _says_the_same(earlier, row):
            raise OrderThere
        earlier.state, earlier.settled_at, earlier.settled_by = OrderState.REPLACED, at, by.name[:200]
        earlier.replaced_by = row.number
    session.flush()


def _says_the_same(one: PurchaseOrder, other: PurchaseOrder) -> bool:
    names = ("number", "customer_name", "amount", "currency")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _tell_waiting(
    session: Session, quote: Quote, partner: Partner, row: PurchaseOrder, found: list[Difference]
) -> None:
    shown = [one.shown(quote.currency, row.currency) for one in found]
    lines = [t("order.difference", what=what, expected=expected, found=value) for what, expected, value in shown]
    sale_mails.tell_waiting(session, quote, partner, row, "\n".join(lines))


@permits(Act.SELL)
def settle(session: Session, order_id: UUID, *, accepted: bool, note: str, by: Actor) -> PurchaseOrder:
    """Accept an order that differs, or refuse it, and say why; the partner reads it.

    Raises:
        NotFound: there is none in this company.
        OrderSettled: it was decided already, or needs no decision.
        Invalid: no note is given.
    """
    order = session.get(PurchaseOrder, order_id)
    if order is None:
        raise NotFound("This purchase order was not found. Choose one from the list.")
    quote = deal_held(session, order.quote_id)
    session.refresh(order, with_for_update=True)
    if order.state not in UNSETTLED:
        raise OrderSettled(who=order.settled_by or "the comparison")
    before = {"state": order.state}
    order.settled_note = fields.body(note, name="The note", least=1, most=2_000)
    order.state = OrderState.SETTLED if accepted else OrderState.REFUSED
    order.settled_at, order.settled_by = now(), by.name[:200]
    session.flush()
    reach("order:settled")
    sale_mails.tell_settled(session, quote, reseller_of(session, quote), order, accepted=accepted)
    after = {"state": order.state, "number": order.number, "note": order.settled_note}
    record(session, Tag.ORDER_SETTLE, by=by, subject=quote, before=before, after=after)
    return order
