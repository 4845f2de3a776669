"""Reading the company and its team."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.access.sessions import IDLE
from core.actor import Act, Role, actor_of, permits
from core.clock import now
from core.companies.models import Staff
from core.companies.rows import own_company


@dataclass(frozen=True)
class CompanyRow:
    """The actor's company."""

    id: UUID
    name: str
    name_ar: str
    base_currency: str
    time_zone: str
    colour: str
    booking_url: str
    module_partner_portal_enabled: bool
    version: int


@dataclass(frozen=True)
class Member:
    """A member of staff; ``sessions``: how many are in force, ``seen_at``: when any was used last."""

    id: UUID
    name: str
    email: str
    role: Role
    language: str
    added_at: datetime
    disabled_at: datetime | None
    sessions: int
    seen_at: datetime | None


@permits(Act.READ_COMPANY)
def company(session: Session) -> CompanyRow:
    """The actor's company."""
    row = own_company(session)
    return CompanyRow(
        id=row.id,
        name=row.name,
        name_ar=row.name_ar,
        base_currency=row.base_currency,
        time_zone=row.time_zone,
        colour=row.colour,
        booking_url=row.booking_url,
        module_partner_portal_enabled=row.module_partner_portal_enabled,
        version=row.version,
    )


@permits(Act.READ_TEAM)
def team(session: Session) -> list[Member]:
    """Everybody on the team, the enabled first, by name."""
    at = now()
    in_use = (AccessSession.expires_at > at) & (AccessSession.last_used_at > at - IDLE)
    used = (
        select(
            AccessSession.staff_id,
            func.count().filter(AccessSession.revoked_at.is_(None), in_use).label("open"),
            func.max(AccessSession.last_used_at).label("seen_at"),
        )
        .where(AccessSession.staff_id.is_not(None))
        .group_by(AccessSession.staff_id)
        .subquery()
    )
    rows = session.execute(
        select(Staff, used.c.open, used.c.seen_at)
        .outerjoin(used, used.c.staff_id == Staff.id)
        .order_by(Staff.disabled_at.is_not(None), Staff.name)
    )
    return [_member(staff, count, seen_at) for staff, count, seen_at in rows]


def _member(staff: Staff, count: int | None, seen_at: datetime | None) -> Member:
    return Member(
        id=staff.id,
        name=staff.name,
        email=staff.email,
        role=staff.role,
        language=staff.language,
        added_at=staff.added_at,
        disabled_at=staff.disabled_at,
        sessions=count or 0,
        seen_at=seen_at,
    )


@permits(Act.OWN_SESSION)
def own_address(session: Session) -> str:
    """The actor's own e-mail address; empty for somebody who is not staff."""
    return session.scalar(select(Staff.email).where(Staff.id == actor_of(session).id)) or ""


@permits(Act.READ_COMPANY)
def owners(session: Session) -> dict[UUID, str]:
    """Who can own a partner: the enabled staff, by id."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.disabled_at.is_(None)).order_by(Staff.name))
    return {row.id: row.name for row in rows}
