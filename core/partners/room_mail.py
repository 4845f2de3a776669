"""Mailing the link to a partner's room: part of sending it, and of asking for it."""

from sqlalchemy.orm import Session

from core.access import room_links
from core.access.models import RoomLink
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.mail.outbox import enqueue
from core.mail.room_letters import room_access
from core.partners.models import Partner
from core.partners.rows import NoContact
from core.settings import settings
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


def mail_link(
    session: Session, partner: Partner, company: Company, link: RoomLink, *, language: str, by: Actor
) -> None:
    """The link, to the contact on record.

    Raises:
        NoContact: there is no address to mail it to.
    """
    if not partner.contact_email:
        raise NoContact
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    message = room_access(
        brand_of(company, language),
        partner.contact_email,
        partner.contact_name,
        partner.name_ar if language == "ar" and partner.name_ar else partner.name,
        link_address(link),
        owner.name if owner else by.name,
        language,
        reply_to=owner.email if owner and not owner.disabled_at else "",
    )
    link.sent_at, link.sent_to = now(), message.to
    enqueue(session, message, key=f"room:{link.id}:{link.sent_at.timestamp()}", partner_id=partner.id)
    note_timeline(session, partner.id, Kind.ROOM_LINK_SENT, by=by, to=message.to)
    facts = {"to": message.to, "language": language, "epoch": link.epoch}
    record(session, Tag.ROOM_LINK_SEND, by=by, subject=partner, after=facts)


def link_address(link: RoomLink) -> str:
    """The address that opens a partner's room."""
    return f"{settings().portal_url}/portal/{room_links.spell(link)}"
