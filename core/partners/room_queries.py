"""Reading who may come into a partner's room: for staff, and for the page of whoever is in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import codes, devices, room_links, sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession, CodePurpose, RoomLink, TrustedDevice
from core.access.tokens import LinkExpired
from core.actor import Act, Actor, actor_of, allowed, permits
from core.clock import now
from core.companies.models import Company, Staff
from core.partners.models import Partner
from core.partners.room_mail import link_address
from core.partners.rows import get_partner
from core.settings import settings


@dataclass(frozen=True)
class RoomSession:
    """A session in force that lets somebody into a room; ``trusted``: documents open there without a code."""

    id: UUID
    opened_at: datetime
    last_used_at: datetime
    ip: str
    user_agent: str
    trusted: bool


@dataclass(frozen=True)
class RoomAccess:
    """A room's link and who is in. ``address`` is empty for who may not hand it out, and when its key was retired.

    ``asks_for_code``: whether documents open on a new device only after a mailed code.
    """

    exists: bool
    address: str
    rotated_at: datetime | None
    sent_at: datetime | None
    sent_to: str
    contact_email: str
    language: str
    last_entered: datetime | None
    sessions: list[RoomSession]
    asks_for_code: bool

    @property
    def is_waiting(self) -> bool:
        """Whether the link was replaced and the new one was not mailed yet."""
        replaced, sent = self.rotated_at, self.sent_at
        return self.exists and replaced is not None and (sent is None or sent < replaced)


@dataclass(frozen=True)
class Host:
    """Whose room it is, and which device looks at it.

    ``needs_code``: documents open only after a code; ``waiting_for``: the masked address a code was sent to that was
    not typed yet, ``address``: the masked address one would be sent to; both may be empty.
    """

    partner: str
    partner_ar: str
    company: str
    company_ar: str
    owner: str
    booking_url: str
    time_zone: str
    language: str
    needs_code: bool
    waiting_for: str
    address: str


@permits(Act.READ_PIPELINE)
def room_access(session: Session, partner_id: UUID) -> RoomAccess:
    """The state of a partner's room: its link, when it was entered last, who is in."""
    partner, link = get_partner(session, partner_id), room_links.find(session, partner_id)
    return RoomAccess(
        exists=link is not None,
        address=_address(link) if link and allowed(actor_of(session), Act.WORK_PIPELINE) else "",
        rotated_at=link.rotated_at if link else None,
        sent_at=link.sent_at if link else None,
        sent_to=link.sent_to if link else "",
        contact_email=partner.contact_email,
        language=partner.language,
        last_entered=_last_entered(session, partner_id),
        sessions=_sessions(session, partner_id),
        asks_for_code=settings().code_on_new_device,
    )


def _address(link: RoomLink) -> str:
    try:
        return link_address(link)
    except LinkExpired:
        return ""


def _last_entered(session: Session, partner_id: UUID) -> datetime | None:
    mine = (AccessSession.partner_id == partner_id, AccessSession.kind == SessionKind.ROOM)
    return session.scalar(select(func.max(AccessSession.opened_at)).where(*mine))


def _sessions(session: Session, partner_id: UUID) -> list[RoomSession]:
    known = select(TrustedDevice.device_hash).where(TrustedDevice.partner_id == partner_id, TrustedDevice.until > now())
    trusted = set(session.scalars(known))
    return [
        RoomSession(row.id, row.opened_at, row.last_used_at, row.ip, row.user_agent, row.device_hash in trusted)
        for row in sessions.in_room(session, partner_id)
    ]


@permits(Act.USE_ROOM)
def room(session: Session) -> Host:
    """Whose room the actor is in, and what its device may do."""
    actor = actor_of(session)
    needs_code = devices.needs_code(session, by=actor)
    waiting = codes.find_waiting(session, purpose=CodePurpose.DEVICE, by=actor) if needs_code else None
    partner, company, owner = _whose(session, actor)
    return Host(
        partner=partner.name,
        partner_ar=partner.name_ar,
        company=company.name,
        company_ar=company.name_ar,
        owner=owner or "",
        booking_url=company.booking_url,
        time_zone=company.time_zone,
        language=partner.language,
        needs_code=needs_code,
        waiting_for=codes.masked(waiting.address) if waiting else "",
        address=codes.masked(partner.contact_email) if partner.contact_email else "",
    )


def _whose(session: Session, actor: Actor) -> tuple[Partner, Company, str | None]:
    """The actor's partner, the company, and the owner's name if there is one."""
    found = select(Partner, Company, Staff.name).join(Company, Company.id == Partner.company_id)
    mine = found.outerjoin(Staff, Staff.id == Partner.owner_id).where(Partner.id == actor.partner)
    partner, company, owner = session.execute(mine).one()
    return partner, company, owner
