"""Intents that wait for longer than was promised: admins are told, once for each submission; a job of the worker."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.db import reading, transaction
from core.deals import letters
from core.deals.models import Quote
from core.deals.rows import partner_of
from core.deals.states import REVIEW_WITHIN, QuoteStatus
from core.failpoints import reach

AT_ONCE = 100
"""Intents of a company that are told of in one turn of the job."""


def escalate() -> None:
    """Tell of every intent that is late and was not told of, in every company."""
    with reading(system()) as session:
        companies = session.scalars(select(Company.id)).all()
        late = [(company, quote_id) for company in companies for quote_id in _late(session, company)]
    for company, quote_id in late:
        by = system(company)
        with transaction(by) as session:
            _escalate(session, quote_id, by=by)


def _late(session: Session, company: UUID) -> list[UUID]:
    since = now() - REVIEW_WITHIN
    waits = (Quote.company_id == company, Quote.status == QuoteStatus.PENDING, Quote.submitted_at <= since)
    oldest = select(Quote.id).where(*waits, Quote.escalated_at.is_(None)).order_by(Quote.submitted_at)
    return list(session.scalars(oldest.limit(AT_ONCE)))


def _escalate(session: Session, quote_id: UUID, *, by: Actor) -> None:
    """Tell of one, if it waits still and nobody else told of it."""
    waits = (Quote.status == QuoteStatus.PENDING, Quote.escalated_at.is_(None))
    late = (Quote.id == quote_id, *waits, Quote.submitted_at <= now() - REVIEW_WITHIN)
    first = update(Quote).where(*late).values(escalated_at=now())
    if not session.execute(first, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]
        return
    reach("deal:late")
    quote = session.get_one(Quote, quote_id)
    partner, company = partner_of(session, quote), session.get_one(Company, quote.company_id)
    letters.tell_late(session, company, partner, quote)
    record(session, Tag.INTENT_ESCALATE, by=by, subject=quote, after={"submitted_at": quote.submitted_at})
