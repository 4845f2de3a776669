"""The protections' mails, put into the outbox with what asks for them: each side once."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.deals.models import Extension, Product, Protection, Quote, Territory, Waiting
from core.deals.rows import admins, partner_of, who_decides, who_hears
from core.format import day
from core.mail import protection_letters
from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Message
from core.mail.outbox import enqueue
from core.mail.protection_letters import ProtectionFacts
from core.partners.models import Partner
from core.settings import settings

Write = Callable[[Brand, Addressee, ProtectionFacts], Message]


def tell_ending(session: Session, protection: Protection, *, days: int, notice: int) -> None:
    """That a protection ends in so many days, to the partner and to its owner. ``notice``: which of the notices."""
    quote = session.get_one(Quote, protection.quote_id)
    key = f"protection-ending:{protection.id}:{protection.ends_at.date()}:{notice}"

    def theirs(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.protection_ending(brand, to, facts, days, url=_portal(quote))

    def ours(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.protection_ending(brand, to, facts, days, url=_desk(protection), for_team=True)

    _tell_partner(session, quote, theirs, key=key, protection=protection)
    _tell_owner(session, quote, ours, key=key, protection=protection)


def tell_ended(session: Session, protection: Protection, *, why: str = "") -> None:
    """That a protection is over, to the partner and to its owner. ``why``: of one that was lifted."""
    quote = session.get_one(Quote, protection.quote_id)

    def theirs(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.protection_ended(brand, to, facts, url=_portal(quote), why=why)

    def ours(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        url = _desk(protection)
        return protection_letters.protection_ended(brand, to, facts, url=url, for_team=True, why=why)

    _tell_partner(session, quote, theirs, key=f"protection-ended:{protection.id}")
    _tell_owner(session, quote, ours, key=f"protection-ended:{protection.id}")


def tell_asked(session: Session, protection: Protection, extension: Extension) -> None:
    """That a partner asks to be protected longer, to its owner and the reviewers."""
    quote = session.get_one(Quote, protection.quote_id)

    def ours(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.extension_asked(
            brand, to, facts, extension.days, extension.asked_by, evidence=extension.evidence, url=_desk(protection)
        )

    told = who_decides(session, partner_of(session, quote))
    _tell_staff(session, told, quote, ours, key=f"extension-asked:{extension.id}", protection=protection)


def tell_decided(session: Session, protection: Protection, extension: Extension, *, granted: bool) -> None:
    """Whether a partner is protected longer, to who registered the deal."""
    quote = session.get_one(Quote, protection.quote_id)

    def theirs(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.extension_decided(
            brand, to, facts, extension.days, granted=granted, note=extension.note, url=_portal(quote)
        )

    _tell_partner(session, quote, theirs, key=f"extension-decided:{extension.id}", protection=protection)


def tell_turn(session: Session, quote: Quote, waiting: Waiting) -> None:
    """That the customer a deal waited for is free, to who registered the deal."""

    def theirs(brand: Brand, to: Addressee, facts: ProtectionFacts) -> Message:
        return protection_letters.turn_came(brand, to, facts, url=_portal(quote))

    _tell_partner(session, quote, theirs, key=f"turn-came:{waiting.id}:{waiting.protection_id}")


def _tell_partner(
    session: Session, quote: Quote, write: Write, *, key: str, protection: Protection | None = None
) -> None:
    company, partner = own_company(session), partner_of(session, quote)
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    reply_to = owner.email if owner and owner.disabled_at is None else ""
    for contact in who_hears(session, quote):
        to = Addressee(contact.email, contact.name, contact.language, reply_to)
        message = write(brand_of(company, to.language), to, _facts(session, company, quote, to.language, protection))
        enqueue(session, message, key=f"{key}:{contact.id}", partner_id=partner.id)


def _tell_owner(
    session: Session, quote: Quote, write: Write, *, key: str, protection: Protection | None = None
) -> None:
    partner = partner_of(session, quote)
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    told = [owner] if owner and owner.disabled_at is None else admins(session)
    _tell_staff(session, told, quote, write, key=key, protection=protection)


def _tell_staff(
    session: Session,
    told: Iterable[Staff],
    quote: Quote,
    write: Write,
    *,
    key: str,
    protection: Protection | None = None,
) -> None:
    company = own_company(session)
    for colleague in told:
        to = Addressee(colleague.email, colleague.name, colleague.language)
        message = write(brand_of(company, to.language), to, _facts(session, company, quote, to.language, protection))
        enqueue(session, message, key=f"{key}:{colleague.id}", partner_id=quote.partner_id)


def _facts(
    session: Session, company: Company, quote: Quote, language: str, protection: Protection | None
) -> ProtectionFacts:
    product, territory = session.get_one(Product, quote.product_id), session.get_one(Territory, quote.territory_id)
    until = day(protection.ends_at, zone=company.time_zone, language=language, year=True) if protection else ""
    return ProtectionFacts(
        partner_name=_named(partner_of(session, quote), language),
        reference=quote.reference,
        customer=quote.customer_name,
        product=_named(product, language),
        territory=_named(territory, language),
        until=until,
    )


def _named(row: Partner | Product | Territory, language: str) -> str:
    return row.name_ar if language == "ar" and row.name_ar else row.name


def _portal(quote: Quote) -> str:
    return f"{settings().portal_url}/deal?id={quote.id}"


def _desk(protection: Protection) -> str:
    return f"{settings().admin_url}/protection?id={protection.id}"
