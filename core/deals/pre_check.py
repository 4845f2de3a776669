"""The blind question before a deal is registered: is this customer free? Nobody learns more than that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.deals.lookalikes import find, sighting
from core.deals.models import PreCheck, Product, Territory
from core.deals.names import domain_name, domain_of
from core.errors import Invalid, NotFound, TooManyAttempts
from core.format import instant
from core.settings import settings

DAY = timedelta(days=1)


class CustomerUnnamed(Invalid):
    """Give the customer's name, web address or registration number."""


class TooManyPreChecks(TooManyAttempts):
    """Your company asked {most} times within a day. Ask again after {until}, or register the deal."""


class Verdict(StrEnum):
    """What one learns of a customer."""

    CLEAR = "clear"
    CONTESTED = "contested"
    """Somebody else works on it, or it seems so."""
    PROTECTED = "protected"


@dataclass(frozen=True)
class Answer:
    """What one learns. ``until``: when the protection ends; None where there is none or no end."""

    verdict: Verdict
    until: datetime | None = None


@permits(Act.SUBMIT_DEALS)
def pre_check(session: Session, *, customer: str, product_id: UUID, territory_id: UUID, by: Actor) -> Answer:
    """Whether a customer is free for a product in a territory. The question is kept and recorded.

    ``customer`` is a name, a web or e-mail address, or a registration number. The partner's own deals do not count.

    Raises:
        CustomerUnnamed, Invalid: the customer cannot be looked for.
        NotFound: there is no such product or territory.
        TooManyPreChecks: the partner has asked too often within a day.
    """
    asked = fields.line(customer, name="Customer", least=0)
    if not any(letter.isalnum() for letter in asked):
        raise CustomerUnnamed
    partner_id, contact_id = by.partner or UUID(int=0), by.id or UUID(int=0)
    territory = session.get(Territory, territory_id)
    if territory is None or session.get(Product, product_id) is None:
        raise NotFound("This product or territory was not found. Choose one from the list.")
    _count(session, partner_id)
    answer = _answer(session, asked, product_id, territory, partner_id)
    session.add(PreCheck(partner_id=partner_id, contact_id=contact_id, asked=asked, answer=answer.verdict, at=now()))
    session.flush()
    record(session, Tag.PRE_CHECK, by=by, after={"asked": asked, "answer": answer.verdict.value})
    return answer


def _count(session: Session, partner_id: UUID) -> None:
    """Refuse what is too much for a day; questions of one partner take turns."""
    lock(session, f"pre-check:{partner_id}")
    most, at = settings().pre_checks_per_day, now()
    since = (PreCheck.partner_id == partner_id, PreCheck.at > at - DAY)
    asked, first = session.execute(select(func.count(), func.min(PreCheck.at)).where(*since)).one()
    if asked >= most:
        until = instant(first + DAY, zone=own_company(session).time_zone)
        raise TooManyPreChecks(retry_at=first + DAY, most=most, until=until)


def _answer(session: Session, asked: str, product_id: UUID, territory: Territory, partner_id: UUID) -> Answer:
    seen = sighting(domain_name(domain_of(asked)) or asked, domain=asked, registration_number=asked)
    found = find(session, seen, product_id=product_id, territory_id=territory.id)
    others = [one for one in found if one.partner_id != partner_id]
    ends = [one.protected_until for one in others if one.is_same_ground and one.protected_until]
    if ends:
        return Answer(Verdict.PROTECTED, max(ends))
    is_exclusive = territory.exclusive_partner_id not in (None, partner_id)
    return Answer(Verdict.CONTESTED if others or is_exclusive else Verdict.CLEAR)
