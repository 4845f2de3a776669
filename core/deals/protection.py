"""Protecting a customer for a partner: one product, one territory, some time. Part of acts; mails are in ``turns``.

The database refuses two protections of the same that overlap, whoever writes them. Other spellings of a customer are
found by ``lookalikes``; so that two of those do not pass each other, protecting takes turns within a company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.deals.collision import Sighting
from core.deals.lookalikes import Collision, CollisionKind, find
from core.deals.models import Customer, Extension, Protection, Quote, Territory, Waiting
from core.deals.states import ExtensionState, ProtectionEnd
from core.errors import Conflict, Invalid
from core.format import day
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

DAYS = 90
MOST_DAYS = 365


class CustomerProtected(Conflict):
    """{customer} is protected for {partner} until {until}. Wait until then, or say why you approve it all the same."""


class TerritoryExclusive(Conflict):
    """{territory} is exclusive to {partner}. Choose another territory, or say why you approve it all the same."""


class ProtectionOverlaps(Conflict):
    """This customer is protected for another partner, for the same product and territory. Nothing was changed."""


class DaysOutOfRange(Invalid):
    """A protection lasts from 1 to 365 days."""


@dataclass(frozen=True)
class Barrier:
    """What speaks against an approval: the customer is protected for another partner, or the territory is another's.

    ``quote_id``, ``protection_id``: of the protected deal; None for an exclusive territory. ``until``: None where there
    is no end.
    """

    partner: str
    quote_id: UUID | None
    reference: str
    until: datetime | None
    protection_id: UUID | None = None
    customer: str = ""
    territory: str = ""


def barriers(session: Session, quote: Quote, *, found: Sequence[Collision] | None = None) -> list[Barrier]:
    """What stands in the way of approving a deal. ``found``: its collisions, where they are known already."""
    collisions = collisions_of(session, quote) if found is None else found
    in_way = [
        Barrier(one.partner, one.quote_id, one.reference, one.protected_until, one.protection_id, one.customer)
        for one in collisions
        if one.kind is CollisionKind.PROTECTED and one.is_same_ground and one.partner_id != quote.partner_id
    ]
    territory = session.get_one(Territory, quote.territory_id)
    if (owner := territory.exclusive_partner_id) is not None and owner != quote.partner_id:
        in_way.append(Barrier(session.get_one(Partner, owner).name, None, "", None, territory=territory.name))
    return in_way


def collisions_of(session: Session, quote: Quote) -> list[Collision]:
    """What a deal collides with: see ``core.deals.lookalikes.find``."""
    customer = session.get_one(Customer, quote.customer_id)
    seen = Sighting(quote.customer_name, customer.domain, customer.registration)
    return find(session, seen, product_id=quote.product_id, territory_id=quote.territory_id, but=quote.id)


def refuse_if_barred(session: Session, quote: Quote, *, override: str = "") -> bool:
    """Whether a deal's customer can be protected for its partner now; False: another's protection was overridden.

    Raises:
        CustomerProtected, TerritoryExclusive: something is in the way, and ``override`` gives no reason.
    """
    lock(session, f"protection:{quote.company_id}")
    in_way = barriers(session, quote)
    if in_way and not override.strip():
        raise _refusal(session, in_way[0])
    return not any(one.protection_id for one in in_way)


def _refusal(session: Session, barrier: Barrier) -> Conflict:
    if barrier.until is None:
        return TerritoryExclusive(territory=barrier.territory, partner=barrier.partner)
    until = barrier.until.astimezone(ZoneInfo(own_company(session).time_zone)).date()
    return CustomerProtected(customer=barrier.customer, partner=barrier.partner, until=until)


def protect(session: Session, quote: Quote, *, days: int = DAYS, at: datetime | None = None) -> Protection:
    """Protect a deal's customer for its partner, or longer where it is protected for that partner already.

    Who waited for an earlier protection of the same customer waits for this one from now on.

    Raises:
        DaysOutOfRange: of ``days``.
        ProtectionOverlaps: it is protected for somebody else.
    """
    if not 1 <= days <= MOST_DAYS:
        raise DaysOutOfRange
    if quote.partner_id is None:
        raise ValueError("the company needs no protection from itself")
    lock(session, f"protection:{quote.company_id}")
    at = at or now()
    ends_at = at + timedelta(days=days)
    row = find_in_force(session, quote, at=at)
    if row is not None and row.partner_id == quote.partner_id:
        row.ends_at = max(row.ends_at, ends_at)
    else:
        row = Protection(quote_id=quote.id, partner_id=quote.partner_id, customer_id=quote.customer_id, starts_at=at)
        row.product_id, row.territory_id, row.ends_at = quote.product_id, quote.territory_id, ends_at
    _keep(session, row)
    _follow(session, row, quote)
    return row


def find_in_force(session: Session, quote: Quote, *, at: datetime) -> Protection | None:
    """The protection of exactly a deal's customer, product and territory, whoever's it is."""
    found = select(Protection).where(
        Protection.customer_id == quote.customer_id, Protection.product_id == quote.product_id,
        Protection.territory_id == quote.territory_id, Protection.ended.is_(None),
        Protection.starts_at <= at, Protection.ends_at > at,
    )  # fmt: skip
    return session.scalars(found).one_or_none()


def extend(session: Session, protection: Protection, *, days: int, by: Actor) -> None:
    """Protect for so many days more; the notices before the end begin anew.

    Raises:
        ProtectionOverlaps: it is protected for somebody else by then.
    """
    protection.ends_at += timedelta(days=days)
    protection.told_days = None
    _keep(session, protection)
    quote, zone = session.get_one(Quote, protection.quote_id), own_company(session).time_zone
    until = day(protection.ends_at, zone=zone, year=True)
    name = quote.customer_name
    note_timeline(session, protection.partner_id, Kind.PROTECTION_EXTENDED, by=by, customer=name, until=until)


def end(session: Session, protection: Protection, why: ProtectionEnd, *, by: Actor, at: datetime | None = None,
        reason: str = "") -> None:  # fmt: skip
    """End a protection that is in force; ended twice, it ended once. ``reason``: in words, of one that is lifted."""
    if protection.ended is not None:
        return
    at = at or now()
    protection.ended, protection.ends_at = why, max(protection.starts_at, min(protection.ends_at, at))
    session.execute(
        update(Extension)
        .where(Extension.protection_id == protection.id, Extension.state == ExtensionState.ASKED)
        .values(state=ExtensionState.REFUSED, decided_at=at, decided_by=by.name, note="The protection ended.")
    )
    session.flush()
    quote = session.get_one(Quote, protection.quote_id)
    note_timeline(session, protection.partner_id, Kind.PROTECTION_ENDED, by=by, customer=quote.customer_name)
    tag = Tag.PROTECTION_LIFT if why is ProtectionEnd.LIFTED else Tag.PROTECTION_END
    said = {"why": why.value, "ends_at": protection.ends_at.isoformat()} | ({"reason": reason} if reason else {})
    record(session, tag, by=by, subject=quote, after=said)


def end_of_deal(session: Session, quote: Quote, why: ProtectionEnd, *, by: Actor) -> None:
    """End the protection a deal has, if it has one: it was sold, or lost."""
    mine = select(Protection).where(Protection.quote_id == quote.id, Protection.ended.is_(None))
    for protection in session.scalars(mine):
        end(session, protection, why, by=by)


def wait(session: Session, quote: Quote, *, found: Sequence[Collision] | None = None) -> Waiting | None:
    """Put a submitted intent into the queue for the protection that stands in its way; None: there is none."""
    in_way = [one for one in barriers(session, quote, found=found) if one.protection_id]
    row = session.scalars(select(Waiting).where(Waiting.quote_id == quote.id)).one_or_none()
    if not in_way or row is not None:
        return row
    row = Waiting(quote_id=quote.id, protection_id=in_way[0].protection_id, since=now())
    session.add(row)
    session.flush()
    return row


def _keep(session: Session, row: Protection) -> None:
    """Write a protection; what the database refuses is a refusal of ours."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise ProtectionOverlaps from None


def _follow(session: Session, row: Protection, quote: Quote) -> None:
    """Who waited for an ended protection of the same waits for this one; the deal itself waits no more."""
    same = select(Protection.id).where(
        Protection.customer_id == row.customer_id, Protection.product_id == row.product_id,
        Protection.territory_id == row.territory_id, Protection.id != row.id,
    )  # fmt: skip
    told = session.scalars(select(Waiting).where(Waiting.quote_id == quote.id)).one_or_none()
    waited_for = [told.protection_id] if told else []
    if told:
        session.delete(told)
        session.flush()
    session.execute(
        update(Waiting)
        .where((Waiting.protection_id.in_(same)) | Waiting.protection_id.in_(waited_for), Waiting.quote_id != quote.id)
        .values(protection_id=row.id, told_at=None)
    )
