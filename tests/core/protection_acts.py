"""A customer, product and territory that two resellers want, for tests of protections."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor, ContactRole, system
from core.companies.models import Company
from core.db import reading, transaction
from core.deals.lookalikes import customer_for, sighting
from core.deals.models import Protection, Quote, Waiting
from core.deals.protection import protect, wait
from core.mail.messages import Kind
from core.mail.models import Mail
from core.partners.models import Partner
from tests.core.deal_acts import contact_actor, make_contact, make_intent, make_product, make_reseller, make_territory


@dataclass(frozen=True)
class Ground:
    """Two resellers with a salesperson each, and what they both want to sell where."""

    company: UUID
    first: Partner
    second: Partner
    salim: Actor
    huda: Actor
    product_id: UUID
    territory_id: UUID


def ground(company: Company, **facts: Any) -> Ground:
    """It all, committed; ``facts`` of the territory."""
    with transaction(system(company.id)) as session:
        first, second = make_reseller(session, name="Salalah Retail"), make_reseller(session, name="Nizwa Systems")
        people = [
            make_contact(session, partner, role=ContactRole.SALESPERSON, name=name)
            for partner, name in ((first, "Salim Al Kindi"), (second, "Huda Al Lawati"))
        ]
        product, territory = make_product(session, name="Suite"), make_territory(session, **{"name": "Muscat"} | facts)
        salim, huda = (contact_actor(person) for person in people)
        return Ground(company.id, first, second, salim, huda, product.id, territory.id)


def registered(
    place: Ground, by: Actor, customer: str = "Al Maha Trading", *, waits: bool = True, **facts: Any
) -> UUID:
    """An intent of one of the two for a customer; it waits where another's protection is in the way."""
    with transaction(system(place.company)) as session:
        domain = facts.pop("domain", "")
        partner = place.first if by == place.salim else place.second
        usual: dict[str, Any] = {
            "customer_id": customer_for(session, sighting(customer, domain=domain)).id,
            "customer_name": customer,
        }
        usual |= {"product_id": place.product_id, "territory_id": place.territory_id, "contact_id": by.id}
        quote = make_intent(session, partner, **usual | facts)
        if waits:
            wait(session, quote)
        return quote.id


def protected(place: Ground, quote_id: UUID, *, days: int = 90, at: datetime | None = None) -> UUID:
    """Protect an intent's customer, as its approval does; the protection's id."""
    with transaction(system(place.company)) as session:
        return protect(session, session.get_one(Quote, quote_id), days=days, at=at).id


def protection(place: Ground, protection_id: UUID) -> Protection:
    """The row as it stands."""
    with reading(system(place.company)) as session:
        return session.get_one(Protection, protection_id)


def waiting(place: Ground, quote_id: UUID) -> Waiting | None:
    """Its place in the queue, if it has one."""
    with reading(system(place.company)) as session:
        return session.scalars(select(Waiting).where(Waiting.quote_id == quote_id)).one_or_none()


def in_queue(place: Ground, quote_id: UUID) -> Waiting:
    """Its place in the queue, which it must have."""
    found = waiting(place, quote_id)
    assert found is not None
    return found


def mails(place: Ground, kind: Kind, **where: str) -> list[Mail]:
    """The mails of a kind, the oldest first."""
    with reading(system(place.company)) as session:
        return list(session.scalars(select(Mail).filter_by(kind=kind, **where).order_by(Mail.id)))
