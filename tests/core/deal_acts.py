"""Resellers, products, territories, customers and deals for tests, each with believable values."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import devices, sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, ActorKind, ContactRole, actor_of, system
from core.clock import now
from core.contacts.models import Contact
from core.db import transaction
from core.deals.models import Customer, PlanVersion, Product, Quote, Review, Territory
from core.deals.numbering import Series, reference, take
from core.deals.states import QuoteKind, QuoteStatus, TermsKind, Verdict
from core.deals.terms import NewDeal
from core.partners.models import Partner
from tests.factories import Row, make_partner

_number = count(1)


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_reseller(session: Session, **facts: Any) -> Partner:
    """A partner whose people may use the portal, paid 10 per cent."""
    return make_partner(session, **{"reseller_since": now(), "default_commission_pct": Decimal(10)} | facts)


def make_contact(session: Session, partner: Partner, **facts: Any) -> Contact:
    """A person of a reseller, a principal unless the test says otherwise."""
    n = next(_number)
    usual: dict[str, Any] = {
        "name": f"Contact {n}",
        "email": f"contact-{n}@{partner.slug}.om",
        "role": ContactRole.PRINCIPAL,
    }
    usual |= {"partner_id": partner.id, "added_at": now(), "added_by": "Aisha Al Balushi", "title": "Manager"}
    return _added(session, Contact(**usual | {"language": "en"} | facts))


def contact_actor(contact: Contact) -> Actor:
    """The actor that a contact is once signed in."""
    return Actor(
        ActorKind.CONTACT,
        id=contact.id,
        name=contact.name,
        company=contact.company_id,
        partner=contact.partner_id,
        contact_role=contact.role,
        language=contact.language,
        ip="198.51.100.20",
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0",
    )


def make_product(session: Session, **facts: Any) -> Product:
    """Something to sell, at OMR 120."""
    n = next(_number)
    usual: dict[str, Any] = {"code": f"PD-{n}", "name": f"Product {n}", "price": Decimal("120.000"), "currency": "OMR"}
    return _added(session, Product(**usual | {"unit": "user a year", "unit_ar": "مستخدم في السنة"} | facts))


def make_territory(session: Session, **facts: Any) -> Territory:
    """A place to sell in, everybody's."""
    return _added(session, Territory(**{"name": f"Territory {next(_number)}"} | facts))


def make_customer(session: Session, **facts: Any) -> Customer:
    """An organisation that is sold to."""
    n = next(_number)
    name = facts.get("name", f"Customer {n}")
    usual: dict[str, Any] = {"name": name, "key": name.casefold(), "domain": f"customer-{n}.om", "added_at": now()}
    return _added(session, Customer(**usual | facts))


def make_plan(session: Session, **facts: Any) -> PlanVersion:
    """A version of a commission plan: 10 per cent, 12 above OMR 50,000."""
    usual: dict[str, Any] = {
        "plan": f"Plan {next(_number)}",
        "number": 1,
        "starts_on": date(2026, 1, 1),
        "added_by": "Aisha",
    }
    usual |= {"brackets": [{"above": "0", "pct": "10"}, {"above": "50000", "pct": "12"}], "added_at": now()}
    return _added(session, PlanVersion(**usual | facts))


def make_intent(session: Session, partner: Partner, contact: Contact | None = None, **facts: Any) -> Quote:
    """A submitted intent over OMR 1,200; customer, product and territory are made unless they are given."""
    number = take(session, Series.INTENT, by=actor_of(session))
    if "customer_id" not in facts:
        facts["customer_id"] = make_customer(session, name=facts.get("customer_name", f"Customer {number}")).id
    product_id = facts.pop("product_id", None) or make_product(session).id
    territory_id = facts.pop("territory_id", None) or make_territory(session).id
    usual: dict[str, Any] = {"kind": QuoteKind.PARTNER_INTENT, "status": QuoteStatus.PENDING, "submitted_at": now()}
    usual |= {"number": number, "reference": reference(Series.INTENT, number), "submitted_key": uuid4().hex}
    usual |= {"customer_name": f"Customer {number}", "customer_contact": "Huda Al Lawati", "need": "40 seats"}
    usual |= {"amount": Decimal("1200.000"), "currency": "OMR", "close_on": (now() + timedelta(days=60)).date()}
    usual |= {"partner_id": partner.id, "contact_id": contact.id if contact else None}
    return _added(session, Quote(**usual | {"product_id": product_id, "territory_id": territory_id} | facts))


def make_quote(session: Session, partner: Partner, contact: Contact | None = None, **facts: Any) -> Quote:
    """An approved deal, paid flat at 10 per cent; with ``status`` further on its way."""
    status = facts.pop("status", QuoteStatus.DRAFT)
    quote = make_intent(session, partner, contact, **facts)
    approve_row(session, quote)
    quote.status = status
    session.flush()
    return quote


def approve_row(session: Session, quote: Quote) -> None:
    """Put the rows of an approval, without what else it does."""
    at = now()
    _added(
        session,
        Review(
            quote_id=quote.id, verdict=Verdict.APPROVED, at=at, by="Nora Al Harthy", submitted_at=quote.submitted_at
        ),
    )
    number = take(session, Series.QUOTE, by=actor_of(session))
    quote.kind, quote.status, quote.decided_at, quote.decided_by = QuoteKind.QUOTE, QuoteStatus.DRAFT, at, "Nora"
    quote.quote_reference = reference(Series.QUOTE, number)
    quote.terms, quote.commission_pct = TermsKind.FLAT, Decimal(10)
    session.flush()


def new_deal(product: Product, territory: Territory, **facts: Any) -> NewDeal:
    """An intent as a salesperson fills it in."""
    n = next(_number)
    usual: dict[str, Any] = {
        "customer_name": f"Muscat Pharmacies {n}",
        "customer_domain": f"pharmacies-{n}.om",
        "need": "40 seats",
    }
    usual |= {"customer_registration": "", "customer_contact": "Huda Al Lawati", "close_on": date(2027, 2, 1)}
    usual |= {"product_id": product.id, "territory_id": territory.id, "amount": "1,200", "currency": "OMR"}
    return NewDeal(**usual | facts)


def as_contact(
    partner: Partner, role: ContactRole = ContactRole.PRINCIPAL, *, trusted: bool = True, **facts: Any
) -> Actor:
    """A new contact of a partner, signed in, as a rule on a confirmed device; in transactions of its own."""
    by = system(partner.company_id)
    with transaction(by) as session:
        contact = make_contact(session, partner, role=role, **facts)
    with transaction(by) as session:
        device = f"device-{contact.id}"
        opened = {"kind": SessionKind.CONTACT, "partner_id": partner.id, "contact_id": contact.id, "device": device}
        secret = sessions.open_session(session, **opened, by=by)  # type: ignore[arg-type]
        if trusted:
            devices.trust(session, partner.id, devices.known_as(hashed(device), contact.id), address=contact.email)
        kept = session.scalars(select(AccessSession.id).where(AccessSession.secret_hash == hashed(secret))).one()
    return replace(contact_actor(contact), session=kept)
