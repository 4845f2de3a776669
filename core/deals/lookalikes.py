"""Whom a customer collides with: open deals, protections and the direct pipeline, found by its name, domain and number.

The names' keys of all customers with something open are read as one column and compared in one call; only the few that
come near are read in full and judged by ``core.deals.collision``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.clock import now
from core.deals.collision import Match, Reason, Sighting, compare
from core.deals.models import Customer, Protection, Quote
from core.deals.names import domain_of, key, registration
from core.deals.states import OPEN, QuoteKind
from core.partners.models import Partner

NEAR = 50
"""How near keys must be, of 100, for their names to be compared."""
MOST_NEAR = 100
MOST_FOUND = 50


class CollisionKind(StrEnum):
    """What a customer collides with."""

    PROTECTED = "protected"
    INTENT = "intent"
    QUOTE = "quote"
    DIRECT = "direct"
    """A deal of the company itself."""


@dataclass(frozen=True)
class Collision:
    """One deal of what seems to be the same customer. ``partner`` "" and ``partner_id`` None: the company's own.

    ``is_same_ground``: the same product and territory, so that its protection would stand in the way.
    """

    kind: CollisionKind
    quote_id: UUID
    reference: str
    partner_id: UUID | None
    partner: str
    customer_id: UUID
    customer: str
    product_id: UUID
    territory_id: UUID
    is_same_ground: bool
    score: int
    reasons: tuple[Reason, ...]
    protected_until: datetime | None
    protection_id: UUID | None


def sighting(name: str, *, domain: str = "", registration_number: str = "") -> Sighting:
    """A customer as it was typed: ``domain`` may be an address of a page or a mailbox."""
    return Sighting(name.strip(), domain_of(domain), registration(registration_number))


def find(
    session: Session,
    seen: Sighting,
    *,
    product_id: UUID | None = None,
    territory_id: UUID | None = None,
    but: UUID | None = None,
) -> list[Collision]:
    """What this customer collides with, protections first, then by score; at most 50. ``but``: a deal left out."""
    matches = customers(session, seen)
    if not matches:
        return []
    rows = session.execute(_deals(list(matches), but))
    found = [_collision(row, matches[row.customer_id], product_id, territory_id) for row in rows]
    found.sort(key=lambda one: (one.protected_until is None, -one.score, one.reference))
    return found[:MOST_FOUND]


def customers(session: Session, seen: Sighting) -> dict[UUID, Match]:
    """Which customers with something open this may be, by id."""
    near = _near_keys(session, key(seen.name))
    alike: list[ColumnElement[bool]] = [Customer.key.in_(near)] if near else []
    alike += [Customer.domain == seen.domain] if seen.domain else []
    alike += [Customer.registration == seen.registration] if seen.registration else []
    if not alike:
        return {}
    known = (Customer.id, Customer.name, Customer.domain, Customer.registration)
    rows = session.execute(select(*known).where(or_(*alike)).limit(1_000))
    compared = {row.id: compare(seen, Sighting(row.name, row.domain, row.registration)) for row in rows}
    return {customer_id: match for customer_id, match in compared.items() if match}


def customer_for(session: Session, seen: Sighting) -> Customer:
    """The customer that is named exactly so, with nothing that contradicts; a new one when there is none.

    Alike is not the same: two spellings stay two customers, which collide, so that no score moves a deal to another
    customer.
    """
    found = session.scalars(select(Customer).where(*_exactly(seen)).order_by(Customer.id).limit(20)).all()
    for one in found:
        if _agrees(one.domain, seen.domain) and _agrees(one.registration, seen.registration):
            one.domain, one.registration = one.domain or seen.domain, one.registration or seen.registration
            return one
    fresh = Customer(name=seen.name, key=key(seen.name), domain=seen.domain, registration=seen.registration)
    fresh.added_at = now()
    session.add(fresh)
    session.flush()
    return fresh


def _exactly(seen: Sighting) -> tuple[ColumnElement[bool], ...]:
    if seen.registration:
        same_number = Customer.registration == seen.registration
        return (or_(same_number, and_(Customer.key == key(seen.name), Customer.name == seen.name)),)
    return (Customer.key == key(seen.name), Customer.name == seen.name)


def _agrees(known: str, said: str) -> bool:
    return not known or not said or known == said


def _near_keys(session: Session, wanted: str) -> list[str]:
    """The keys of customers with something open that come near a key.

    Each set of keys comes as one text: ten thousand rows would take three times as long to read.
    """
    keys = func.aggregate_strings(Customer.key, "\n")
    of_deals = select(keys).join(Quote, Quote.customer_id == Customer.id).where(Quote.status.in_(OPEN))
    of_protected = select(keys).join(Protection, Protection.customer_id == Customer.id).where(*_in_force())
    both = session.execute(select(of_deals.scalar_subquery(), of_protected.scalar_subquery())).one()
    known = {key for text in both for key in (text or "").split("\n")}
    found = process.extract(wanted, known - {""}, scorer=fuzz.token_set_ratio, score_cutoff=NEAR, limit=MOST_NEAR)
    return [str(one[0]) for one in found]


def _in_force() -> tuple[ColumnElement[bool], ...]:
    at = now()
    return (Protection.ended.is_(None), Protection.starts_at <= at, Protection.ends_at > at)


def _deals(customer_ids: list[UUID], but: UUID | None) -> Select[*tuple[Any, ...]]:
    """Open deals of customers, and those whose protection is in force, with their partner."""
    ours = and_(Protection.quote_id == Quote.id, *_in_force())
    found = (
        select(
            Quote.id, Quote.kind, Quote.reference, Quote.partner_id, Partner.name.label("partner"), Quote.customer_id,
            Quote.customer_name, Quote.product_id, Quote.territory_id, Protection.ends_at,
            Protection.id.label("protection_id"),
        )
        .outerjoin(Partner, Partner.id == Quote.partner_id)
        .outerjoin(Protection, ours)
        .where(Quote.customer_id.in_(customer_ids), or_(Quote.status.in_(OPEN), Protection.id.is_not(None)))
        .limit(500)
    )  # fmt: skip
    return found.where(Quote.id != but) if but else found


def _collision(
    row: Row[*tuple[Any, ...]], match: Match, product_id: UUID | None, territory_id: UUID | None
) -> Collision:
    return Collision(
        kind=_kind(row),
        quote_id=row.id,
        reference=row.reference,
        partner_id=row.partner_id,
        partner=row.partner or "",
        customer_id=row.customer_id,
        customer=row.customer_name,
        product_id=row.product_id,
        territory_id=row.territory_id,
        is_same_ground=(row.product_id, row.territory_id) == (product_id, territory_id),
        score=match.score,
        reasons=match.reasons,
        protected_until=row.ends_at,
        protection_id=row.protection_id,
    )


def _kind(row: Row[*tuple[Any, ...]]) -> CollisionKind:
    if row.ends_at is not None:
        return CollisionKind.PROTECTED
    if row.partner_id is None:
        return CollisionKind.DIRECT
    return CollisionKind.INTENT if row.kind is QuoteKind.PARTNER_INTENT else CollisionKind.QUOTE
