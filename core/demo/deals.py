"""The deals of the demo's resellers in every state, told relative to the day they are loaded."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind, actor_of
from core.clock import now
from core.companies.models import Company
from core.contacts.models import Contact
from core.deals.lookalikes import customer_for, sighting
from core.deals.models import PlanVersion, Product, Protection, Quote, QuoteLine, Review, Sale, Territory
from core.deals.numbering import Series, reference, take
from core.deals.protection import DAYS, wait
from core.deals.states import (
    ProtectionEnd,
    QuoteKind,
    QuoteStatus,
    SaleStatus,
    TermsKind,
    Verdict,
)
from core.ids import new_id
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

FILE = Path(__file__).parents[2] / "data" / "demo" / "deals.json"
Facts = dict[str, Any]
DESK = Actor(ActorKind.STAFF, name="Sara Al Lawati")
"""Who decided on them."""
_TURNED = {
    "rejected": (Verdict.REJECTED, QuoteStatus.REJECTED, Kind.INTENT_REJECTED),
    "returned": (Verdict.RETURNED, QuoteStatus.RETURNED, Kind.INTENT_RETURNED),
    "withdrawn": (None, QuoteStatus.WITHDRAWN, Kind.INTENT_WITHDRAWN),
}
_ENDS = {QuoteStatus.DECLINED: ProtectionEnd.LOST, QuoteStatus.EXPIRED: ProtectionEnd.LOST}


def add_deals(session: Session, company: Company, *, partner_id: UUID | None = None) -> None:
    """What the resellers of the demo brought, the oldest first; of one of them only, when it is named."""
    told: list[Facts] = json.loads(FILE.read_text(encoding="utf-8"))
    partners = {row.slug: row for row in session.scalars(select(Partner).where(Partner.is_demo.is_(True)))}
    for facts in sorted(told, key=lambda one: -one["submitted_days_ago"]):
        partner = partners.get(facts["partner"])
        if partner is not None and partner_id in (None, partner.id):
            _deal(session, company, partner, facts)
    waiting = (Quote.status == QuoteStatus.PENDING, Quote.partner_id.in_([row.id for row in partners.values()]))
    for quote in session.scalars(select(Quote).where(*waiting).order_by(Quote.submitted_at)).all():
        wait(session, quote)


def _deal(session: Session, company: Company, partner: Partner, facts: Facts) -> None:
    quote = _submitted(session, company, partner, facts)
    decided: Facts | None = facts.get("decided")
    if decided is None:
        return
    at = min(quote.submitted_at + timedelta(hours=decided["after_hours"]), now())
    if decided["verdict"] == "approved":
        _approved(session, quote, decided, at)
        _went_on(session, quote, QuoteStatus(facts["becomes"]), at, is_paid=facts.get("paid", False))
        return
    verdict, status, kind = _TURNED[decided["verdict"]]
    by = DESK if verdict else _author(session, quote, partner)
    if verdict is not None:
        _reviewed(session, quote, verdict, decided["note"], at)
    quote.decided_by = by.name
    quote.status, quote.decided_at, quote.note = status, at, decided["note"]
    session.flush()
    note_timeline(session, partner.id, kind, by=by, at=at, reference=quote.reference)


def _author(session: Session, quote: Quote, partner: Partner) -> Actor:
    """Who registered a deal."""
    contact = session.get(Contact, quote.contact_id) if quote.contact_id else None
    return Actor(ActorKind.CONTACT, name=contact.name if contact else partner.name)


def _submitted(session: Session, company: Company, partner: Partner, facts: Facts) -> Quote:
    at = now() - timedelta(days=facts["submitted_days_ago"])
    product = session.scalars(select(Product).where(Product.code == facts["product"])).one()
    territory = session.scalars(select(Territory).where(Territory.name == facts["territory"])).one()
    contact = session.scalars(select(Contact).where(Contact.email == (facts["contact"] or ""))).one_or_none()
    customer = customer_for(session, sighting(facts["customer"], domain=facts["domain"]))
    number = take(session, Series.INTENT, by=actor_of(session))
    quote = Quote(
        kind=QuoteKind.PARTNER_INTENT, status=QuoteStatus.PENDING, number=number, partner_id=partner.id,
        reference=reference(Series.INTENT, number), contact_id=contact.id if contact else None,
        customer_id=customer.id, product_id=product.id, territory_id=territory.id, customer_name=facts["customer"],
        customer_contact=facts["customer_contact"], amount=product.price * facts["quantity"],
        currency=company.base_currency, close_on=(now() + timedelta(days=facts["close_in_days"])).date(),
        need=facts["need"], submitted_at=at, submitted_key=new_id().hex,
    )  # fmt: skip
    session.add(quote)
    session.flush()
    line = QuoteLine(quote_id=quote.id, position=1, product_id=product.id, text=product.name)
    line.quantity, line.unit_price = Decimal(facts["quantity"]), product.price
    session.add(line)
    by = _author(session, quote, partner)
    said = {"reference": quote.reference, "customer": quote.customer_name}
    note_timeline(session, partner.id, Kind.INTENT_SUBMITTED, by=by, at=at, company=company.id, **said)
    return quote


def _reviewed(session: Session, quote: Quote, verdict: Verdict, note: str, at: datetime) -> None:
    review = Review(quote_id=quote.id, verdict=verdict, at=at, by=DESK.name, note=note)
    review.submitted_at = quote.submitted_at
    session.add(review)
    session.flush()
    quote.decided_by = review.by


def _approved(session: Session, quote: Quote, decided: Facts, at: datetime) -> None:
    _reviewed(session, quote, Verdict.APPROVED, decided["note"], at)
    number = take(session, Series.QUOTE, by=actor_of(session))
    newest = select(PlanVersion).where(PlanVersion.plan == decided.get("plan", "")).order_by(PlanVersion.number.desc())
    plan = session.scalars(newest.limit(1)).one_or_none()
    quote.kind, quote.status, quote.note, quote.decided_at = QuoteKind.QUOTE, QuoteStatus.DRAFT, decided["note"], at
    quote.quote_reference = reference(Series.QUOTE, number)
    quote.terms, quote.plan_version_id = TermsKind.PLAN if plan else TermsKind.FLAT, plan.id if plan else None
    quote.commission_pct = None if plan else Decimal(decided["pct"])
    session.add(
        Protection(
            quote_id=quote.id, partner_id=quote.partner_id, customer_id=quote.customer_id, product_id=quote.product_id,
            territory_id=quote.territory_id, starts_at=at, ends_at=at + timedelta(days=DAYS),
        )
    )  # fmt: skip
    session.flush()
    note_timeline(session, _partner(quote), Kind.INTENT_APPROVED, by=DESK, at=at, reference=quote.reference)


def _went_on(session: Session, quote: Quote, status: QuoteStatus, at: datetime, *, is_paid: bool) -> None:
    """What became of the quote: sent a day after, answered a week after, invoiced the next day."""
    if status is QuoteStatus.DRAFT:
        return
    quote.sent_at, answered = at + timedelta(days=1), min(at + timedelta(days=8), now())
    quote.valid_until = (quote.sent_at + timedelta(days=30)).date()
    note_timeline(
        session, _partner(quote), Kind.QUOTE_SENT, by=DESK, at=quote.sent_at, reference=quote.quote_reference or ""
    )
    if status is QuoteStatus.SENT:
        quote.status = status
    else:
        quote.answered_at = None if status is QuoteStatus.EXPIRED else answered
        quote.status = QuoteStatus.ACCEPTED if status is QuoteStatus.INVOICED else status
    session.flush()
    if status is QuoteStatus.INVOICED:
        _invoiced(session, quote, answered + timedelta(days=1), is_paid=is_paid)
    if status in _ENDS or status is QuoteStatus.INVOICED:
        _end(session, quote, _ENDS.get(status, ProtectionEnd.SOLD), answered)


def _invoiced(session: Session, quote: Quote, at: datetime, *, is_paid: bool) -> None:
    at = min(at, now())
    number = take(session, Series.INVOICE, by=actor_of(session))
    sale = Sale(
        quote_id=quote.id, partner_id=quote.partner_id, partner_commission_rate=quote.commission_pct, number=number,
        invoice_number=reference(Series.INVOICE, number), amount=quote.amount, currency=quote.currency,
        status=SaleStatus.PAID if is_paid else SaleStatus.INVOICED, invoiced_at=at,
        due_on=(at + timedelta(days=30)).date(), paid_at=min(at + timedelta(days=17), now()) if is_paid else None,
    )  # fmt: skip
    session.add(sale)
    session.flush()
    quote.status = QuoteStatus.INVOICED
    session.flush()
    note_timeline(session, _partner(quote), Kind.SALE_INVOICED, by=DESK, at=at, number=sale.invoice_number)
    if sale.paid_at:
        note_timeline(session, _partner(quote), Kind.SALE_PAID, by=DESK, at=sale.paid_at, number=sale.invoice_number)


def _end(session: Session, quote: Quote, why: ProtectionEnd, at: datetime) -> None:
    row = session.scalars(select(Protection).where(Protection.quote_id == quote.id)).one()
    row.ended, row.ends_at = why, at
    session.flush()


def _partner(quote: Quote) -> UUID:
    if quote.partner_id is None:
        raise ValueError("the demo's deals are its resellers'")
    return quote.partner_id
