"""Whom a cookie of the portal stands for: a reader, a guest of a room, a contact, or staff who look as a contact."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.access import sessions
from core.access.kinds import PORTAL_KINDS, SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Act, Actor, ActorKind, may
from core.clock import now
from core.companies.models import Company, Staff
from core.contacts.models import Contact, ContactLink
from core.partners.models import Partner

_PRESENT = (
    select(
        AccessSession.id.label("session_id"), AccessSession.company_id, AccessSession.kind, AccessSession.revoked_at,
        AccessSession.expires_at, AccessSession.last_used_at, AccessSession.viewer_id, Partner.id.label("partner_id"),
        Partner.name.label("partner_name"), Partner.contact_name, Partner.language.label("partner_language"),
        Contact.id, Contact.name, Contact.role, Contact.language, Contact.disabled_at,
        Company.module_partner_portal_enabled.label("is_offered"),
        Staff.role.label("viewer_role"), Staff.disabled_at.label("viewer_disabled_at"),
    )
    .join(Partner, Partner.id == AccessSession.partner_id)
    .join(Company, Company.id == AccessSession.company_id)
    .outerjoin(Contact, Contact.id == AccessSession.contact_id)
    .outerjoin(Staff, Staff.id == AccessSession.viewer_id)
    .where(AccessSession.secret_hash == bindparam("secret_hash"), AccessSession.kind.in_(PORTAL_KINDS))
)  # fmt: skip
"""Built once: it is asked in every run of every page."""


def who(session: Session, secret: str, *, ip: str | None = None, user_agent: str | None = None) -> Actor | None:
    """Whom a cookie's secret stands for now; None when it lets nobody in.

    A contact is let in while it is enabled and its company offers the portal; staff who look as a contact, while they
    may.
    """
    found: Any = session.execute(_PRESENT, {"secret_hash": hashed(secret)}).one_or_none()
    if found is None or not sessions.in_force(found, now()):
        return None
    where = {"company": found.company_id, "ip": ip, "user_agent": user_agent}
    where |= {"session": found.session_id, "partner": found.partner_id}
    if found.kind is SessionKind.CONTACT:
        return _contact(found, where) if _is_let_in(found) else None
    kind = ActorKind.PARTNER if found.kind is SessionKind.ROOM else ActorKind.READER
    return Actor(kind, name=found.contact_name or found.partner_name, language=found.partner_language, **where)


def is_contacts_link(session: Session, text: str) -> bool:
    """Whether a text is the secret of a link that a contact was mailed, or of one to look as a contact."""
    return session.scalar(select(ContactLink.id).where(ContactLink.secret_hash == hashed(text))) is not None


def _is_let_in(found: Any) -> bool:
    if found.disabled_at is not None or not found.is_offered:
        return False
    return found.viewer_id is None or (found.viewer_disabled_at is None and may(found.viewer_role, Act.VIEW_AS))


def _contact(found: Any, where: dict[str, Any]) -> Actor:
    told = {"id": found.id, "name": found.name, "language": found.language}
    return Actor(ActorKind.CONTACT, contact_role=found.role, viewer=found.viewer_id, **told, **where)
