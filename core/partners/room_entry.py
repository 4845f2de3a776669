"""How people come into a partner's room: its link is looked at by a GET, and used only by a press."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.access import room_links, sessions
from core.access.kinds import SessionKind
from core.access.models import RoomLink
from core.access.tokens import LinkAltered, LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.models import Company
from core.db import lock
from core.partners.hosts import Host, host_of, owner_name
from core.partners.models import Partner
from core.partners.room_mail import mail_link
from core.tenancy import enter as enter_company
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


def look(session: Session, token: str) -> Host:
    """What to show to whoever holds this link. Nothing is changed.

    Raises:
        LinkRefused: the link opens nothing; its subclass and ``status`` say why.
    """
    _link, partner, company = _opened(session, token)
    return host_of(session, partner, company)


def enter(session: Session, token: str, *, device: str, by: Actor) -> str:
    """Let somebody into the room. Returns the secret of the session.

    Raises:
        LinkRefused: see ``look``.
    """
    link, partner, company = _opened(session, token)
    by = enter_company(session, company.id)
    secret = sessions.open_session(session, kind=SessionKind.ROOM, partner_id=partner.id, device=device, by=by)
    note_timeline(session, partner.id, Kind.ROOM_ENTERED, by=by)
    record(session, Tag.ROOM_ENTER, by=by, subject=partner, after={"epoch": link.epoch})
    return secret


def ask_for_new_link(session: Session, token: str, *, by: Actor) -> None:
    """Mail the link in force to the partner's known contact. Silent whatever the link is.

    Only a link that a newer, mailed one replaced asks for that: where nobody has sent the newer one, access was taken
    away, and stays so.
    """
    try:
        link, partner, company = _behind(session, token)
    except LinkRefused:
        return
    if room_links.is_in_force(link, token) or not _was_sent_since(link) or not partner.contact_email:
        return
    by = enter_company(session, company.id)
    lock(session, f"room:{partner.id}")
    newest = room_links.issue(session, partner.id)
    mail_link(session, partner, company, newest, language=partner.language, by=by)


def _opened(session: Session, token: str) -> tuple[RoomLink, Partner, Company]:
    """The link in force, its partner and company; from here the session stays in that company."""
    link, partner, company = _behind(session, token)
    if not room_links.is_in_force(link, token):
        raise _why_dead(session, link, partner, company)
    return link, partner, company


def _behind(session: Session, token: str) -> tuple[RoomLink, Partner, Company]:
    link = room_links.read(session, token)
    enter_company(session, link.company_id)
    partner = session.get(Partner, link.partner_id)
    if partner is None:
        raise LinkAltered
    return link, partner, session.get_one(Company, link.company_id)


def _why_dead(session: Session, link: RoomLink, partner: Partner, company: Company) -> LinkRefused:
    """Replaced by a newer one that was mailed, or simply withdrawn."""
    at = link.sent_at if _was_sent_since(link) else link.rotated_at
    zone, owner = ZoneInfo(company.time_zone), owner_name(session, partner, company)
    kind = LinkReplaced if _was_sent_since(link) else LinkRevoked
    return kind(day=(at or link.issued_at).astimezone(zone).date(), owner=owner)


def _was_sent_since(link: RoomLink) -> bool:
    """Whether the link in force was mailed to anybody."""
    return link.sent_at is not None and (link.rotated_at is None or link.sent_at >= link.rotated_at)
