"""What the team does with an approved deal: write its lines, send the quote, note what the customer answered."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.deals import lines as line_work
from core.deals import matching, sale_mails
from core.deals.issuing import issue_quote
from core.deals.lines import Line, NewLine, NoLines
from core.deals.models import Product, Quote, QuoteLine
from core.deals.protection import end_of_deal
from core.deals.sale_rows import deal_held, kept_lines, reseller_of, to_stand_at
from core.deals.states import ProtectionEnd, QuoteStatus
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.mail.messages import Kind as MailKind
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class QuoteChanged(Conflict):
    """Somebody changed this quote meanwhile. Look at its new state and try again."""


class ProductUnknown(Invalid):
    """Line {line}: this product is not in the catalogue. Choose another one, or none."""


class ValidityMissing(Invalid):
    """Choose until when the quote is valid."""


class ValidityPassed(Invalid):
    """The quote would be valid until {day}, which has passed. Choose a later day."""


@permits(Act.SELL)
def save_lines(
    session: Session,
    quote_id: UUID,
    *,
    lines: Sequence[NewLine],
    valid_until: date | None,
    conditions: str,
    version: int,
    by: Actor,
) -> Quote:
    """Write what is offered. A quote that was sent or has expired is a draft again, to be sent anew.

    Raises:
        NotApprovedYet, StandsElsewhere: it is not a quote, or its answer is known already.
        QuoteChanged: somebody changed it since ``version``.
        Invalid: a line cannot be used, or the day has passed; the message names it.
    """
    quote = deal_held(session, quote_id)
    if quote.version != version:
        raise QuoteChanged
    if quote.status is not QuoteStatus.DRAFT:
        to_stand_at(quote, QuoteStatus.DRAFT)
    offered = line_work.read(lines, quote.currency)
    _check_products(session, lines)
    if valid_until is not None and valid_until < today(own_company(session).time_zone):
        raise ValidityPassed(day=valid_until)
    before = {"status": quote.status, "total": str(line_work.totals(kept_lines(session, quote), quote.currency).total)}
    _replace_lines(session, quote, offered)
    quote.conditions = fields.body(conditions, name="Conditions", most=4_000)
    quote.valid_until, quote.status, quote.answered_at = valid_until, QuoteStatus.DRAFT, None
    quote.version = version + 1
    session.flush()
    reach("quote:lines")
    after = {
        "status": quote.status,
        "total": str(line_work.totals(offered, quote.currency).total),
        "lines": len(offered),
    }
    record(session, Tag.QUOTE_CHANGE, by=by, subject=quote, before=before, after=after)
    return quote


def _replace_lines(session: Session, quote: Quote, offered: Sequence[Line]) -> None:
    session.execute(delete(QuoteLine).where(QuoteLine.quote_id == quote.id))
    for position, line in enumerate(offered, 1):
        row = QuoteLine(quote_id=quote.id, position=position, product_id=line.product_id, text=line.text)
        row.quantity, row.unit_price, row.discount_pct = line.quantity, line.unit_price, line.discount_pct
        session.add(row)


def _check_products(session: Session, lines: Sequence[NewLine]) -> None:
    asked = {line.product_id for line in lines if line.product_id}
    known = set(session.scalars(select(Product.id).where(Product.id.in_(asked))))
    for number, line in enumerate(lines, 1):
        if line.product_id and line.product_id not in known:
            raise ProductUnknown(line=number)


@permits(Act.SELL)
def send(session: Session, quote_id: UUID, *, by: Actor) -> Quote:
    """File the quote as a PDF among the deal's documents, and mail it to the partner's people.

    Raises:
        NotApprovedYet, StandsElsewhere, SoldDirectly: it cannot be sent.
        NoLines, ValidityMissing, ValidityPassed: it is not complete.
    """
    quote, at = deal_held(session, quote_id), now()
    to_stand_at(quote, QuoteStatus.SENT)
    partner, lines = reseller_of(session, quote), kept_lines(session, quote)
    if not lines:
        raise NoLines
    if quote.valid_until is None:
        raise ValidityMissing
    if quote.valid_until < today(own_company(session).time_zone):
        raise ValidityPassed(day=quote.valid_until)
    quote.status, quote.sent_at, quote.answered_at = QuoteStatus.SENT, at, None
    session.flush()
    total = line_work.totals(lines, quote.currency).total
    matching.compare_again(session, quote, total)
    number = quote.quote_reference or quote.reference
    version, pdf = issue_quote(session, quote, partner, lines, by=by, at=at)
    note_timeline(session, partner.id, Kind.QUOTE_SENT, by=by, reference=number)
    sale_mails.tell(
        session, quote, partner, MailKind.QUOTE_SENT, number=number, amount=total, day=quote.valid_until, pdf=pdf,
        key=f"quote-sent:{version.id}",
    )  # fmt: skip
    after = {
        "quote": number,
        "total": str(total),
        "valid_until": quote.valid_until.isoformat(),
        "sha256": version.sha256,
    }
    record(session, Tag.QUOTE_SEND, by=by, subject=quote, after=after)
    return quote


@permits(Act.SELL)
def answer(session: Session, quote_id: UUID, *, accepted: bool, note: str = "", by: Actor) -> Quote:
    """Note what the customer answered. A deal that is declined is lost: its protection ends.

    Raises:
        NotApprovedYet, StandsElsewhere: no answer can be noted now.
    """
    quote = deal_held(session, quote_id)
    before = {"status": quote.status}
    to_stand_at(quote, QuoteStatus.ACCEPTED if accepted else QuoteStatus.DECLINED)
    why = fields.body(note, name="The note", most=2_000)
    quote.status = QuoteStatus.ACCEPTED if accepted else QuoteStatus.DECLINED
    quote.answered_at = now()
    session.flush()
    reach("quote:answer")
    if not accepted:
        end_of_deal(session, quote, ProtectionEnd.LOST, by=by)
    if quote.partner_id is not None:
        number = quote.quote_reference or quote.reference
        note_timeline(
            session,
            quote.partner_id,
            Kind.QUOTE_ANSWERED,
            by=by,
            reference=number,
            answer=quote.status.value,
            reason=why,
        )
    record(session, Tag.QUOTE_ANSWER, by=by, subject=quote, before=before, after={"status": quote.status, "note": why})
    return quote
