"""The deals' mails, put into the outbox with the act that asks for them. Amounts go to roles that see them alone."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core import format
from core.actor import CONTACT_GRANTS, Act, Actor, ContactRole
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.deals.models import PlanVersion, Product, Quote, Territory
from core.deals.rows import admins, who_decides, who_hears
from core.deals.states import REVIEW_WITHIN, TermsKind
from core.mail import deal_letters
from core.mail.deal_letters import DealFacts
from core.mail.meeting_letters import Addressee
from core.mail.messages import Message
from core.mail.outbox import enqueue
from core.partners.models import Partner
from core.settings import settings


def tell_submitted(session: Session, company: Company, partner: Partner, quote: Quote, *, by: Actor) -> None:
    """That a deal waits for a review, to whoever decides; once for each time it was submitted."""

    def letter(colleague: Staff, deal: DealFacts) -> Message:
        brand = brand_of(company, colleague.language)
        facts = replace(deal, contact=by.name)
        return deal_letters.deal_submitted(brand, _staff(colleague), facts, need=quote.need, url=_desk(quote))

    key = f"deal-submitted:{quote.id}:{quote.version}"
    _tell_staff(session, company, partner, quote, who_decides(session, partner), letter, key=key)


def tell_withdrawn(session: Session, company: Company, partner: Partner, quote: Quote, *, by: Actor) -> None:
    """That a deal was taken back, to the partner's owner, or to the admins where it has none."""

    def letter(colleague: Staff, deal: DealFacts) -> Message:
        facts = replace(deal, contact=by.name, due="")
        return deal_letters.deal_withdrawn(
            brand_of(company, colleague.language), _staff(colleague), facts, url=_desk(quote)
        )

    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    told = [owner] if owner and owner.disabled_at is None else admins(session)
    _tell_staff(session, company, partner, quote, told, letter, key=f"deal-withdrawn:{quote.id}")


def tell_late(session: Session, company: Company, partner: Partner, quote: Quote) -> None:
    """That a deal waits for too long, to every admin; once for each time it was submitted."""

    def letter(colleague: Staff, deal: DealFacts) -> Message:
        return deal_letters.deal_late(brand_of(company, colleague.language), _staff(colleague), deal, url=_desk(quote))

    key = f"deal-late:{quote.id}:{quote.submitted_at.timestamp()}"
    _tell_staff(session, company, partner, quote, admins(session), letter, key=key)


def tell_approved(
    session: Session, company: Company, partner: Partner, quote: Quote, *, protected_until: datetime | None
) -> None:
    """That a deal was approved, to the contact who registered it."""
    letter = deal_letters.deal_approved
    _tell_contacts(session, company, partner, quote, letter, key="approved", protected_until=protected_until)


def tell_rejected(session: Session, company: Company, partner: Partner, quote: Quote) -> None:
    """That a deal was rejected, and why."""
    _tell_contacts(session, company, partner, quote, deal_letters.deal_rejected, key="rejected")


def tell_returned(session: Session, company: Company, partner: Partner, quote: Quote) -> None:
    """What is asked about a deal; each time it is."""
    key = f"returned:{quote.submitted_at.timestamp()}"
    _tell_contacts(session, company, partner, quote, deal_letters.deal_returned, key=key)


def _tell_staff(
    session: Session,
    company: Company,
    partner: Partner,
    quote: Quote,
    told: Iterable[Staff],
    letter: Callable[[Staff, DealFacts], Message],
    *,
    key: str,
) -> None:
    for colleague in told:
        language = colleague.language
        due = quote.submitted_at + REVIEW_WITHIN
        facts = replace(
            _facts(session, company, partner, quote, language),
            amount=format.money(quote.amount, quote.currency, language=language),
            due=format.instant(due, zone=company.time_zone, language=language),
        )
        enqueue(session, letter(colleague, facts), key=f"{key}:{colleague.id}", partner_id=partner.id)


def _tell_contacts(
    session: Session,
    company: Company,
    partner: Partner,
    quote: Quote,
    letter: Callable[..., Message],
    *,
    key: str,
    protected_until: datetime | None = None,
) -> None:
    for contact in who_hears(session, quote):
        language, day = contact.language, ""
        facts = _facts(session, company, partner, quote, language)
        if Act.SEE_MONEY in CONTACT_GRANTS[contact.role]:
            facts = _with_money(session, quote, facts, language)
        if protected_until is not None:
            day = format.day(protected_until, zone=company.time_zone, language=language, year=True)
        note = "" if contact.role is ContactRole.VIEWER else quote.note
        to = Addressee(contact.email, contact.name, language, _reply_to(session, partner))
        message = letter(brand_of(company, language), to, replace(facts, protected=day), note=note, url=_portal(quote))
        enqueue(session, message, key=f"deal-{key}:{quote.id}:{contact.id}", partner_id=partner.id)


def _facts(session: Session, company: Company, partner: Partner, quote: Quote, language: str) -> DealFacts:
    """A deal without its money."""
    product, territory = session.get_one(Product, quote.product_id), session.get_one(Territory, quote.territory_id)
    return DealFacts(
        partner_name=_named(partner, language),
        reference=quote.reference,
        customer=quote.customer_name,
        product=_named(product, language),
        territory=_named(territory, language),
        closing=format.day(quote.close_on, zone=company.time_zone, language=language, year=True),
        quote=quote.quote_reference or "",
    )


def _with_money(session: Session, quote: Quote, facts: DealFacts, language: str) -> DealFacts:
    amount, commission = format.money(quote.amount, quote.currency, language=language), ""
    if quote.terms is TermsKind.FLAT and quote.commission_pct is not None:
        commission = format.rate(quote.commission_pct, language=language)
    elif quote.terms is TermsKind.PLAN and (plan := session.get(PlanVersion, quote.plan_version_id)):
        commission = plan.plan
    return replace(facts, amount=amount, commission=commission)


def _named(row: Partner | Product | Territory, language: str) -> str:
    return row.name_ar if language == "ar" and row.name_ar else row.name


def _staff(colleague: Staff) -> Addressee:
    return Addressee(colleague.email, colleague.name, colleague.language)


def _reply_to(session: Session, partner: Partner) -> str:
    """Where a contact's answer goes: to the partner's owner, if it has one."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    return owner.email if owner and owner.disabled_at is None else ""


def _desk(quote: Quote) -> str:
    return f"{settings().admin_url}/deal_intents?id={quote.id}"


def _portal(quote: Quote) -> str:
    return f"{settings().portal_url}/deal?id={quote.id}"
