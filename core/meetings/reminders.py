"""Reminders of action items: the day before, on the day, and once a week while overdue; a job of the worker.

A reminder goes out at a working hour of its company, to the colleague who does it or to the partner's contact. Each is
one mail by its key, so that any number of workers send it once, and one that was missed is made up for.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from core.actor import system
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.db import reading, transaction
from core.mail.meeting_letters import Addressee, action_due
from core.mail.messages import Message
from core.mail.models import Mail
from core.mail.outbox import enqueue
from core.meetings.models import ActionItem, Meeting, Side
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.settings import settings

FROM_HOUR, TO_HOUR = 8, 18
"""The working hours in which reminders go out, in the company's time zone."""
MOST_WEEKS = 8
"""After so many weeks a reminder helps nobody."""
MOST_AT_ONCE = 500
WHOLE = (ActionItem, Partner, Staff, Meeting.title.label("meeting"))


def remind() -> None:
    """Mail every reminder that is due now, in every company."""
    with reading(system()) as session:
        companies = list(session.scalars(select(Company)))
    for company in companies:
        local = now().astimezone(ZoneInfo(company.time_zone))
        if FROM_HOUR <= local.hour < TO_HOUR:
            _remind_in(company, local)


def _remind_in(company: Company, local: datetime) -> None:
    with reading(system(company.id)) as session:
        waiting = _missing(session, local)
    if not waiting:
        return
    with transaction(system(company.id)) as session:
        for row in session.execute(_due(local, *WHOLE).where(ActionItem.id.in_(waiting))):
            _mail(session, company, row, local.date())


def _missing(session: Session, local: datetime) -> list[UUID]:
    """The action items whose reminder was not mailed yet."""
    keys = {
        key(row.id, row.due_on, local.date()): row.id
        for row in session.execute(_due(local, ActionItem.id, ActionItem.due_on))
    }
    sent = set(session.scalars(select(Mail.key).where(Mail.key.in_(keys))))
    return [item for name, item in keys.items() if name not in sent]


def _due(local: datetime, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Open action items that somebody is reminded of today; those of partners on hold only on our side.

    One that was written down today is still on everybody's mind.
    """
    today = local.date()
    midnight = datetime.combine(today, time(), local.tzinfo)
    soonest, latest = today - timedelta(weeks=MOST_WEEKS + 1), today + timedelta(days=1)
    owner = or_(Staff.id == ActionItem.owner_id, and_(ActionItem.owner_id.is_(None), Staff.id == Partner.owner_id))
    return (
        select(*columns)
        .select_from(ActionItem)
        .join(Partner, Partner.id == ActionItem.partner_id)
        .outerjoin(Staff, and_(owner, Staff.disabled_at.is_(None)))
        .outerjoin(Meeting, Meeting.id == ActionItem.meeting_id)
        .where(
            ActionItem.done_at.is_(None),
            ActionItem.due_on.between(soonest, latest),
            ActionItem.created_at < midnight,
            or_(
                and_(ActionItem.side == Side.OURS, Staff.id.is_not(None)),
                and_(ActionItem.side == Side.PARTNER, Partner.contact_email != "", Partner.status != Status.ON_HOLD),
            ),
        )
        .order_by(ActionItem.due_on)
        .limit(MOST_AT_ONCE)
    )


def key(item: UUID, due_on: date, today: date) -> str:
    """What a reminder is for: the item, its day, and how many whole weeks late; the day before is week -1."""
    return f"action-due:{item}:{due_on}:{(today - due_on).days // 7}"


def _mail(session: Session, company: Company, row: Any, today: date) -> None:
    item = row.ActionItem
    letter = _to_us(company, row, today) if item.side is Side.OURS else _to_them(company, row, today)
    enqueue(session, letter, key=key(item.id, item.due_on, today), partner_id=item.partner_id)


def _to_us(company: Company, row: Any, today: date) -> Message:
    owner, partner, item = row.Staff, row.Partner, row.ActionItem
    return action_due(
        brand_of(company, owner.language),
        Addressee(owner.email, owner.name, owner.language),
        _name(partner, owner.language),
        item.text,
        item.due_on,
        state(item.due_on, today),
        meeting=row.meeting or "",
        partner_url=f"{settings().admin_url}/partner?id={partner.id}&tab=Meetings",
    )


def _to_them(company: Company, row: Any, today: date) -> Message:
    owner, partner, item = row.Staff, row.Partner, row.ActionItem
    reply_to = owner.email if owner else ""
    return action_due(
        brand_of(company, partner.language),
        Addressee(partner.contact_email, partner.contact_name, partner.language, reply_to=reply_to),
        _name(partner, partner.language),
        item.text,
        item.due_on,
        state(item.due_on, today),
        sender_name=owner.name if owner else "",
        meeting=row.meeting or "",
    )


def _name(partner: Partner, language: str) -> str:
    return partner.name_ar if language == "ar" and partner.name_ar else partner.name


def state(due_on: date, today: date) -> str:
    """How a reminder calls the day: ``tomorrow``, ``today`` or ``late``."""
    if due_on > today:
        return "tomorrow"
    return "today" if due_on == today else "late"
