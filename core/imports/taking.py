"""One line of a table into the programme: a partner, a contact, a deal. Each is part of an import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Actor, ContactRole
from core.clock import now
from core.companies.rows import own_company
from core.contacts.invitations import invite
from core.contacts.models import Contact
from core.contacts.rows import NewContact, keep_new
from core.deals import money, registering
from core.deals.models import Product, Territory
from core.deals.terms import NewDeal
from core.errors import Invalid
from core.imports.columns import What
from core.imports.dates import day
from core.partners import service as partners
from core.partners.models import Partner


class NoSuchPartner(Invalid):
    """No partner is called {name}. Import the partners first, or correct the name."""


class PartnerNoReseller(Invalid):
    """{name} is no reseller. Make it one on its page first."""


class NoSuchRole(Invalid):
    """{role} is no role. Use {roles}, or leave it empty."""


class NoSuchProduct(Invalid):
    """There is no product {name} on the price list. Correct it, or choose one for all lines without."""


class NoSuchTerritory(Invalid):
    """There is no territory {name}. Correct it, or choose one for all lines without."""


class DealEnded(Invalid):
    """This deal ended already ({stage}). Only open deals are imported; each one waits for a review."""


@dataclass(frozen=True)
class Choices:
    """What holds for every line that says nothing itself."""

    resellers: bool = False
    """Partners become resellers."""
    invited: bool = False
    """Contacts are mailed their invite at once."""
    role: ContactRole = ContactRole.VIEWER
    product_id: UUID | None = None
    territory_id: UUID | None = None
    month_first: bool = False


def take_partner(session: Session, facts: Mapping[str, str], chosen: Choices, *, by: Actor) -> bool:
    """Add a partner; False where one of that name is there."""
    name = fields.line(facts["name"], name="Partner")
    if _partner_called(session, name) is not None:
        return False
    known: dict[str, Any] = {key: facts.get(key, "") for key in _PROFILE}
    website = known["website"]
    known["website"] = f"https://{website}" if website and "://" not in website else website
    commission = money.percent(facts["commission"]) if facts.get("commission") else None
    partner = partners.create(session, partners.Profile(name=name, **known), by=by)
    partner.registration = fields.line(facts.get("registration", ""), name="Registration number", least=0, most=40)
    if commission is not None:
        partner.default_commission_pct = commission
    if chosen.resellers:
        partner.reseller_since = now()
    session.flush()
    return True


_PROFILE = ("name_ar", "city", "country", "website", "summary", "territory", "contact_name", "contact_email")


def take_contact(session: Session, facts: Mapping[str, str], chosen: Choices, *, by: Actor) -> bool:
    """Add a contact to its reseller; False where the address is known."""
    partner = _reseller_called(session, facts["partner"])
    email = fields.email(facts["email"])
    if session.scalar(select(Contact.id).where(Contact.email == email)) is not None:
        return False
    name = facts.get("name") or f"{facts.get('first', '')} {facts.get('last', '')}".strip()
    language = "ar" if facts.get("language", "").casefold() in ("ar", "arabic", "العربية") else "en"
    role = _role(facts.get("role", ""), chosen.role)
    person = NewContact(name=name, email=email, title=facts.get("title", ""), role=role, language=language)
    contact = keep_new(session, partner.id, person, by=by)
    if chosen.invited:
        invite(session, contact, by=by)
    return True


def _role(text: str, usual: ContactRole) -> ContactRole:
    wanted = text.strip().casefold()
    if wanted and wanted not in set(ContactRole):
        raise NoSuchRole(role=f"“{text[:40]}”", roles=", ".join(ContactRole))
    return ContactRole(wanted) if wanted else usual


def take_deal(session: Session, facts: Mapping[str, str], chosen: Choices, *, by: Actor) -> bool:
    """Register a deal for its reseller, where it waits for a review; False where the same waits already."""
    partner = _reseller_called(session, facts["partner"])
    stage = facts.get("stage", "")
    if stage.casefold().startswith("closed"):
        raise DealEnded(stage=stage)
    currency = facts.get("currency", "").upper() or own_company(session).base_currency
    deal = NewDeal(
        customer_name=facts["customer"],
        customer_domain=facts.get("website", ""),
        customer_registration=facts.get("registration", ""),
        customer_contact=facts.get("customer_contact", ""),
        product_id=_product(session, facts.get("product", ""), chosen),
        territory_id=_territory(session, facts.get("territory", ""), chosen),
        amount=facts["amount"],
        currency=currency,
        close_on=day(facts["close_on"], month_first=chosen.month_first),
        need=facts.get("need", ""),
    )
    return registering.register_for(session, partner, deal, by=by) is not None


def _product(session: Session, text: str, chosen: Choices) -> UUID | None:
    if not text:
        return chosen.product_id
    called = text.casefold()
    same = (func.lower(Product.code) == called) | (func.lower(Product.name) == called)
    found = session.scalar(select(Product.id).where(same, Product.withdrawn_at.is_(None)).limit(1))
    if found is None:
        raise NoSuchProduct(name=f"“{text[:60]}”")
    return found


def _territory(session: Session, text: str, chosen: Choices) -> UUID | None:
    if not text:
        return chosen.territory_id
    mine = (func.lower(Territory.name) == text.casefold(), Territory.withdrawn_at.is_(None))
    found = session.scalar(select(Territory.id).where(*mine).limit(1))
    if found is None:
        raise NoSuchTerritory(name=f"“{text[:60]}”")
    return found


def _partner_called(session: Session, name: str) -> Partner | None:
    same = select(Partner).where(func.lower(Partner.name) == name.strip().casefold())
    return session.scalars(same.order_by(Partner.id).limit(1)).one_or_none()


def _reseller_called(session: Session, name: str) -> Partner:
    partner = _partner_called(session, name)
    if partner is None:
        raise NoSuchPartner(name=f"“{name[:60]}”")
    if partner.reseller_since is None:
        raise PartnerNoReseller(name=partner.name)
    return partner


Taker = Callable[..., bool]
TAKERS: dict[What, Taker] = {What.PARTNERS: take_partner, What.CONTACTS: take_contact, What.DEALS: take_deal}
