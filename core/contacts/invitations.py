"""Links that let contacts in: issued, replaced, mailed. Parts of the acts that call them."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.access.secret import hashed, new_secret
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.contacts.models import Contact, ContactLink, LinkUse
from core.format import instant
from core.i18n import t
from core.mail.contact_letters import contact_invite, contact_new_device, contact_sign_in
from core.mail.outbox import enqueue
from core.partners.models import Partner
from core.settings import settings

LASTS = {
    LinkUse.INVITE: timedelta(days=7),
    LinkUse.SIGN_IN: timedelta(minutes=20),
    LinkUse.VIEW: timedelta(minutes=5),
}
"""How long a link of each use may be pressed."""


def new_link(session: Session, contact: Contact, use: LinkUse, *, viewer_id: UUID | None = None) -> str:
    """A one-time secret that lets a contact in. Only its hash is kept."""
    secret, at = new_secret(), now()
    link = ContactLink(secret_hash=hashed(secret), contact_id=contact.id, use=use, viewer_id=viewer_id)
    link.issued_at, link.expires_at = at, at + LASTS[use]
    session.add(link)
    session.flush()
    return secret


def replace_links(session: Session, contact: Contact, *uses: LinkUse) -> None:
    """Put a contact's links of some uses out of force."""
    unused = (ContactLink.used_at.is_(None), ContactLink.replaced_at.is_(None))
    mine = update(ContactLink).where(ContactLink.contact_id == contact.id, ContactLink.use.in_(uses), *unused)
    session.execute(mine.values(replaced_at=now()), execution_options={"synchronize_session": "fetch"})


def invite(session: Session, contact: Contact, *, by: Actor) -> None:
    """Mail a contact the link that lets it in; an earlier one stops working."""
    partner, company = _whose(session, contact)
    replace_links(session, contact, LinkUse.INVITE)
    secret, language = new_link(session, contact, LinkUse.INVITE), contact.language
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    message = contact_invite(
        brand_of(company, language),
        contact.email,
        contact.name,
        partner_name=partner.name_ar if language == "ar" and partner.name_ar else partner.name,
        sender_name=by.name or company.name,
        role_text=t(f"role.{contact.role}", language),
        link=f"{settings().portal_url}/join/{secret}",
        expires_on=(now() + LASTS[LinkUse.INVITE]).astimezone(ZoneInfo(company.time_zone)).date(),
        language=language,
        reply_to=owner.email if owner and not owner.disabled_at else "",
    )
    enqueue(session, message, key=f"contact-invite:{hashed(secret).hex()}", partner_id=partner.id)
    record(session, Tag.CONTACT_INVITE, by=by, subject=contact, after={"to": contact.email})


def mail_sign_in(session: Session, contact: Contact, *, by: Actor) -> None:
    """Mail a contact the link it asked for; earlier ones go on working for their few minutes."""
    partner, company = _whose(session, contact)
    secret = new_link(session, contact, LinkUse.SIGN_IN)
    message = contact_sign_in(
        brand_of(company, contact.language),
        contact.email,
        contact.name,
        link=f"{settings().portal_url}/join/{secret}",
        minutes=int(LASTS[LinkUse.SIGN_IN].total_seconds() // 60),
        language=contact.language,
    )
    enqueue(session, message, key=f"contact-sign-in:{hashed(secret).hex()}", partner_id=partner.id)
    record(session, Tag.SIGN_IN_LINK, by=by, subject=contact)


def mail_new_device(session: Session, contact: Contact, *, device_name: str, key: UUID, by: Actor) -> None:
    """Tell a contact that it came in on a device it never came from. ``key``: the link it came by."""
    partner, company = _whose(session, contact)
    message = contact_new_device(
        brand_of(company, contact.language),
        contact.email,
        contact.name,
        when_text=instant(now(), zone=company.time_zone, language=contact.language),
        device_text=device_name or by.ip or "",
        devices_url=f"{settings().portal_url}/devices",
        language=contact.language,
    )
    enqueue(session, message, key=f"contact-device:{key}", partner_id=partner.id)


def _whose(session: Session, contact: Contact) -> tuple[Partner, Company]:
    return session.get_one(Partner, contact.partner_id), session.get_one(Company, contact.company_id)
