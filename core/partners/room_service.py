"""The room's link and who comes in by it: sent, replaced, let out; and a device proved from inside."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.access import codes, devices, room_links, sessions
from core.access.codes import Outcome
from core.access.kinds import SessionKind
from core.access.models import CodePurpose, RoomLink
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.db import lock
from core.errors import Conflict, Invalid
from core.i18n import LANGUAGES
from core.partners.room_mail import mail_link
from core.partners.rows import NoContact, get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class NoRoomLink(Conflict):
    """No link to the room was sent yet. Send portal access first."""


@permits(Act.WORK_PIPELINE)
def send_portal_access(session: Session, partner_id: UUID, *, language: str, by: Actor) -> RoomLink:
    """Mail the link to the partner's room to its contact: the same link each time, until it is replaced.

    Raises:
        NoContact: there is no address to mail it to.
    """
    if language not in LANGUAGES:
        raise Invalid("Choose English or Arabic as the language.")
    lock(session, f"room:{partner_id}")
    partner = get_partner(session, partner_id)
    link = room_links.issue(session, partner_id)
    mail_link(session, partner, own_company(session), link, language=language, by=by)
    return link


@permits(Act.WORK_PIPELINE)
def rotate(session: Session, partner_id: UUID, *, by: Actor) -> int:
    """Replace the link: the one before opens nothing any more, and everybody in the room is let out at once.

    Devices are no longer trusted either: a link is replaced when it may be in the wrong hands, and then a device may
    be too; a code is little trouble. The new link is mailed by ``send_portal_access``, and until somebody does that the
    old one says that access was withdrawn. Readers of the proposal stay, since another link let them in. Returns how
    many sessions ended.

    Raises:
        NoRoomLink: none was sent yet.
    """
    lock(session, f"room:{partner_id}")
    partner, link = get_partner(session, partner_id), room_links.find(session, partner_id)
    if link is None:
        raise NoRoomLink
    before = link.epoch
    room_links.rotate(link)
    ended = sessions.revoke(session, partner_id=partner_id, kind=SessionKind.ROOM)
    forgotten = devices.forget(session, partner_id)
    note_timeline(session, partner_id, Kind.ROOM_LINK_ROTATED, by=by)
    facts = {"epoch": link.epoch, "sessions_ended": ended, "devices_forgotten": forgotten}
    record(session, Tag.ROOM_LINK_ROTATE, by=by, subject=partner, before={"epoch": before}, after=facts)
    return ended


@permits(Act.WORK_PIPELINE)
def end_room_sessions(session: Session, partner_id: UUID, *, by: Actor) -> int:
    """Let everybody out of the room; the link stays, so they may come in again. Returns how many sessions ended."""
    partner = get_partner(session, partner_id)
    ended = sessions.revoke(session, partner_id=partner_id, kind=SessionKind.ROOM)
    record(session, Tag.SESSION_REVOKE, by=by, subject=partner, after={"room": True, "sessions_ended": ended})
    return ended


@permits(Act.USE_ROOM)
def send_device_code(session: Session, *, language: str, by: Actor) -> str:
    """Mail a code for this device to the partner's contact; where it went to, masked.

    Count it by ``limits.asked_for_code`` first, before the transaction.

    Raises:
        NoContact: there is no address to mail it to.
    """
    partner = get_partner(session, by.partner or UUID(int=0))
    if not partner.contact_email:
        raise NoContact
    brand = brand_of(own_company(session), language)
    code = codes.send(session, partner, address=partner.contact_email, purpose=CodePurpose.DEVICE, brand=brand, by=by)
    return codes.masked(code.address)


@permits(Act.USE_ROOM)
def prove_device(session: Session, *, text: str, by: Actor) -> Outcome:
    """Try the mailed code; when it is right, this device is trusted for ninety days."""
    outcome = codes.check(session, text, purpose=CodePurpose.DEVICE, by=by)
    device = devices.device_of(session, by)
    if outcome.is_right and by.partner and device:
        code = codes.newest(session, purpose=CodePurpose.DEVICE, by=by)
        codes.use(session, code)
        devices.trust(session, by.partner, device, address=code.address)
    return outcome
