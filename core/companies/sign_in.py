"""How staff get in: a mailed link, or an address their identity provider vouches for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import fields
from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession, SignInLink
from core.access.secret import hashed, new_secret
from core.actor import Actor, ActorKind
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.errors import Invalid, NotAllowed, NotFound
from core.failpoints import reach
from core.mail import messages
from core.mail.outbox import enqueue
from core.settings import settings
from core.tenancy import enter

LIFETIME = timedelta(minutes=20)


class SignInLinkDead(NotFound):
    """This sign-in link was used already, or is too old. Ask for a new one."""


class NotStaff(NotAllowed):
    """This address is not known here. Ask an admin of your company to add you to the team."""


def request_link(session: Session, email: str, *, by: Actor) -> None:
    """Mail a sign-in link if the address belongs to a member of staff; say nothing either way."""
    try:
        address = fields.email(email)
    except Invalid:
        return
    staff = _enabled(session, address)
    if staff is None:
        return
    secret = make_link(session, staff, by=enter(session, staff.company_id))
    company = session.get_one(Company, staff.company_id)
    message = messages.staff_sign_in(
        brand_of(company, staff.language),
        staff.email,
        staff.name,
        link=f"{settings().admin_url}/sign-in/{secret}",
        minutes=int(LIFETIME.total_seconds() // 60),
        language=staff.language,
    )
    enqueue(session, message, key=f"sign-in:{hashed(secret).hex()}")


def make_link(session: Session, staff: Staff, *, by: Actor) -> str:
    """A one-time secret that lets this member of staff in. Only its hash is kept."""
    secret, at = new_secret(), now()
    link = SignInLink(secret_hash=hashed(secret), staff_id=staff.id, issued_at=at, expires_at=at + LIFETIME)
    session.add(link)
    session.flush()
    record(session, Tag.SIGN_IN_LINK, by=by, subject=staff)
    return secret


def spend_link(session: Session, secret: str, *, by: Actor) -> str:
    """Use a link up and open a session. Returns the session's secret.

    Raises:
        SignInLinkDead: it is unknown, used or too old: one wording for all.
    """
    at, mine = now(), SignInLink.secret_hash == hashed(secret)
    spent = session.execute(
        update(SignInLink)
        .where(mine, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(used_at=at)
        .returning(SignInLink.staff_id)
    ).scalar_one_or_none()
    staff = session.get(Staff, spent) if spent else None
    if staff is None or staff.disabled_at:
        raise SignInLinkDead
    reach("sign_in:spent")
    return _let_in(session, staff, how="link", by=by)


def open_for_email(session: Session, email: str, *, by: Actor) -> str:
    """Open a session for an address that an identity provider vouched for. Returns the session's secret.

    Raises:
        NotStaff: no enabled member of staff has this address.
    """
    staff = _enabled(session, email.strip().lower())
    if staff is None:
        raise NotStaff
    return _let_in(session, staff, how="identity provider", by=by)


def _let_in(session: Session, staff: Staff, *, how: str, by: Actor) -> str:
    by = enter(session, staff.company_id)
    secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=staff.id, by=by)
    record(session, Tag.SIGN_IN, by=by, subject=staff, after={"how": how})
    return secret


def _enabled(session: Session, email: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.email == email, Staff.disabled_at.is_(None))).one_or_none()


@dataclass(frozen=True)
class Present:
    """A member of staff who is here, the name and time zone of their company, and whether it offers the portal."""

    actor: Actor
    company: str
    offers_portal: bool
    zone: str = "Asia/Muscat"


_PRESENT = (
    select(
        AccessSession.id.label("session_id"), AccessSession.revoked_at, AccessSession.expires_at,
        AccessSession.last_used_at, Staff.id, Staff.name, Staff.company_id, Staff.role, Staff.language,
        Staff.disabled_at, Company.name.label("company"), Company.module_partner_portal_enabled,
        Company.time_zone,
    )
    .join(Staff, Staff.id == AccessSession.staff_id)
    .join(Company, Company.id == Staff.company_id)
    .where(AccessSession.secret_hash == bindparam("secret_hash"), AccessSession.kind == SessionKind.STAFF)
)  # fmt: skip
"""Built once: it is asked in every run of every page."""


def find_present(
    session: Session, secret: str, *, ip: str | None = None, user_agent: str | None = None
) -> Present | None:
    """The member of staff a cookie's secret stands for now, with their company; None when it lets nobody in."""
    found: Any = session.execute(_PRESENT, {"secret_hash": hashed(secret)}).one_or_none()
    if found is None or not sessions.in_force(found, now()) or found.disabled_at:
        return None
    actor = staff_actor(found, session_id=found.session_id, ip=ip, user_agent=user_agent)
    return Present(actor, found.company, found.module_partner_portal_enabled, found.time_zone)


def who(session: Session, secret: str, *, ip: str | None = None, user_agent: str | None = None) -> Actor | None:
    """The member of staff a cookie's secret stands for now; None when it lets nobody in."""
    present = find_present(session, secret, ip=ip, user_agent=user_agent)
    return present.actor if present else None


def staff_actor(
    staff: Staff, *, session_id: UUID | None = None, ip: str | None = None, user_agent: str | None = None
) -> Actor:
    """The actor a member of staff is."""
    return Actor(
        ActorKind.STAFF,
        id=staff.id,
        name=staff.name,
        company=staff.company_id,
        role=staff.role,
        ip=ip,
        user_agent=user_agent,
        session=session_id,
        language=staff.language,
    )
