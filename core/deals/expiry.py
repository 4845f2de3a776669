"""Quotes that nobody answered in time: expired the day after they were valid last; a job of the worker."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.db import reading, transaction
from core.deals import sale_mails
from core.deals.matching import agreed_total
from core.deals.models import Quote
from core.deals.rows import partner_of
from core.deals.sale_rows import deal_held
from core.deals.states import QuoteStatus
from core.failpoints import reach
from core.mail.messages import Kind as MailKind
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


def expire() -> None:
    """Expire every quote whose last day has passed where its company is, and tell its partner."""
    surely = now().date() + timedelta(days=1)
    late = (Quote.status == QuoteStatus.SENT, Quote.valid_until < surely)
    with reading(system()) as session:
        found = session.execute(select(Quote.company_id, Quote.id).where(*late).order_by(Quote.valid_until)).all()
    for company_id, quote_id in found:
        by = system(company_id)
        with transaction(by) as session:
            _expire(session, quote_id, by=by)


def _expire(session: Session, quote_id: UUID, *, by: Actor) -> None:
    """Expire one quote, if it still is to be."""
    quote = deal_held(session, quote_id)
    day = quote.valid_until
    if quote.status is not QuoteStatus.SENT or day is None or day >= today(own_company(session).time_zone):
        return
    quote.status = QuoteStatus.EXPIRED
    session.flush()
    reach("quote:expired")
    number, sent = quote.quote_reference or quote.reference, quote.sent_at.isoformat() if quote.sent_at else ""
    if quote.partner_id is not None:
        note_timeline(session, quote.partner_id, Kind.QUOTE_EXPIRED, by=by, reference=number)
        sale_mails.tell(
            session, quote, partner_of(session, quote), MailKind.QUOTE_EXPIRED, number=number,
            amount=agreed_total(session, quote), day=day, key=f"quote-expired:{quote.id}:{sent}",
        )  # fmt: skip
    record(session, Tag.QUOTE_EXPIRE, by=by, subject=quote, after={"quote": number, "valid_until": day.isoformat()})
