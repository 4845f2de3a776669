"""What the clock does to protections: notices before the end, the end, and whose turn it is then; a job of the worker.

Each notice is one mail by its key, so that any number of workers send it once. After a pause only the newest notice is
made up for.
"""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.clock import now
from core.db import lock, reading, transaction
from core.deals import protection_mails
from core.deals.models import Protection, Quote, Waiting
from core.deals.protection import MOST_DAYS, end
from core.deals.states import ProtectionEnd, QuoteStatus
from core.failpoints import reach

NOTICES = (3, 14, 30)
"""How many days before the end partner and owner are told, the last time first."""
UNDECIDED = (QuoteStatus.PENDING, QuoteStatus.RETURNED)


def watch() -> None:
    """Send every notice that is due, end what has run out, and call whose turn it is, in every company."""
    at = now()
    with reading(system()) as session:
        waiting = session.execute(_due(at)).all()
    for company_id, protection_id in waiting:
        by = system(company_id)
        with transaction(by) as session:
            _attend(session, protection_id, by=by)


def notice_due(ends_at: datetime, at: datetime) -> int | None:
    """The notice a protection stands at, by its days; None before the first one and from the end on."""
    if at >= ends_at:
        return None
    return next((days for days in NOTICES if ends_at - timedelta(days=days) <= at), None)


def _due(at: datetime) -> Select[UUID, UUID]:
    """Company and protection of everything that is to be done; as a rule nothing."""
    untold = [
        and_(Protection.ends_at <= at + timedelta(days=days), func.coalesce(Protection.told_days, MOST_DAYS) > days)
        for days in NOTICES
    ]
    runs_out = and_(Protection.ended.is_(None), or_(Protection.ends_at <= at, *untold))
    is_next = and_(Protection.ended.is_not(None), _waits(told=False), ~_waits(told=True))
    due = select(Protection.company_id, Protection.id).where(or_(runs_out, is_next))
    return due.order_by(Protection.ends_at)


def _waits(*, told: bool) -> ColumnElement[bool]:
    """That an undecided deal waits for a protection, and was told that its turn came, or not."""
    is_told = Waiting.told_at.is_not(None) if told else Waiting.told_at.is_(None)
    return exists().where(
        Waiting.protection_id == Protection.id, is_told, Quote.id == Waiting.quote_id, Quote.status.in_(UNDECIDED)
    )


def _attend(session: Session, protection_id: UUID, *, by: Actor) -> None:
    """Do what is due for one protection, if it still is."""
    protection = session.get_one(Protection, protection_id)
    lock(session, f"protection:{protection.company_id}")
    session.refresh(protection)
    at = now()
    if protection.ended is None and protection.ends_at <= at:
        end(session, protection, ProtectionEnd.EXPIRED, by=by, at=at)
        protection_mails.tell_ended(session, protection)
        reach("protection:ended")
    if protection.ended is not None:
        call_next(session, protection)
        return
    due = notice_due(protection.ends_at, at)
    if due is not None and (protection.told_days is None or protection.told_days > due):
        protection.told_days = due
        if protection.ends_at - timedelta(days=due) <= protection.starts_at:
            return
        left = ceil((protection.ends_at - at) / timedelta(days=1))
        protection_mails.tell_ending(session, protection, days=left, notice=due)
        reach("protection:told")


def call_next(session: Session, protection: Protection) -> Waiting | None:
    """Tell the partner that waited longest for a protection that ended; None: nobody waits, or one was told already."""
    queue = (
        select(Waiting, Quote)
        .join(Quote, Quote.id == Waiting.quote_id)
        .where(Waiting.protection_id == protection.id, Quote.status.in_(UNDECIDED))
        .order_by(Waiting.since, Waiting.id)
    )
    rows = session.execute(queue).all()
    if not rows or any(waiting.told_at for waiting, _ in rows):
        return None
    first, quote = rows[0]
    first.told_at = now()
    protection_mails.tell_turn(session, quote, first)
    reach("protection:turn")
    return first
