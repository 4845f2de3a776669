"""A contact's own place in the portal: who they are there, and proving the mailbox on a device that is new."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import codes, devices, sessions
from core.access.codes import Outcome
from core.access.models import AccessSession, CodePurpose, TrustedDevice
from core.actor import Act, Actor, ContactRole, actor_of, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.contacts.models import Contact
from core.contacts.money import is_for_money
from core.contacts.rows import get_contact
from core.errors import Invalid, NotAllowed
from core.i18n import LANGUAGES
from core.partners.models import Partner
from core.partners.rows import get_partner


@dataclass(frozen=True)
class Desk:
    """Who is here, for whom, and what the device still lacks.

    ``needs_code``: amounts and documents open only after a mailed code; ``waiting_for``: the masked address a code was
    sent to that was not typed yet, else empty; ``address``: the masked address one would be sent to.
    """

    person: str
    role: ContactRole
    partner: str
    partner_ar: str
    company: str
    company_ar: str
    owner: str
    time_zone: str
    for_money: bool
    needs_code: bool
    waiting_for: str
    address: str

    @property
    def sees_money(self) -> bool:
        """Whether amounts are shown now."""
        return self.for_money and not self.needs_code

    @property
    def asks_for_device(self) -> bool:
        """Whether a code would open something: a viewer has neither amounts nor documents to open."""
        return self.needs_code and self.role is not ContactRole.VIEWER


@permits(Act.USE_PORTAL)
def desk(session: Session) -> Desk:
    """The place of whoever asks.

    Raises:
        NotAllowed: it is no contact.
    """
    by = actor_of(session)
    (contact, partner, company, owner), is_known = _place(session, by)
    needs_code = devices.asks(by) and not is_known
    waiting = codes.find_waiting(session, purpose=CodePurpose.DEVICE, by=by) if needs_code else None
    return Desk(
        person=contact.name,
        role=contact.role,
        partner=partner.name,
        partner_ar=partner.name_ar,
        company=company.name,
        company_ar=company.name_ar,
        owner=owner or "",
        time_zone=company.time_zone,
        for_money=is_for_money(by),
        needs_code=needs_code,
        waiting_for=codes.masked(waiting.address) if waiting else "",
        address=codes.masked(contact.email),
    )


def _place(session: Session, by: Actor) -> tuple[tuple[Contact, Partner, Company, str | None], bool]:
    """A contact with where it belongs to, and whether it proved its mailbox where it is now, in one look."""
    whose = select(Contact, Partner, Company, Staff.name, AccessSession.device_hash, TrustedDevice.device_hash)
    whose = whose.join(Partner, Partner.id == Contact.partner_id).join(Company, Company.id == Partner.company_id)
    whose = whose.outerjoin(Staff, Staff.id == Partner.owner_id).outerjoin(
        AccessSession, AccessSession.id == by.session
    )
    whose = whose.outerjoin(TrustedDevice, devices.trusted_beside())
    rows = session.execute(whose.where(Contact.id == by.id)).all()
    if not rows:
        raise NotAllowed
    contact, partner, company, owner = rows[0][:4]
    return (contact, partner, company, owner), devices.is_known((row[4:] for row in rows), by)


@permits(Act.USE_PORTAL)
def send_device_code(session: Session, *, language: str, by: Actor) -> str:
    """Mail a code for this device to the contact's own address; where it went to, masked.

    Count it by ``limits.asked_for_code`` first, before the transaction.
    """
    if language not in LANGUAGES:
        raise Invalid("Choose English or Arabic as the language.")
    contact = get_contact(session, by.id or UUID(int=0))
    partner, brand = get_partner(session, contact.partner_id), brand_of(own_company(session), language)
    address, to = contact.email, contact.name
    codes.send(session, partner, address=address, purpose=CodePurpose.DEVICE, brand=brand, to_name=to, by=by)
    return codes.masked(address)


@permits(Act.USE_PORTAL)
def prove_device(session: Session, *, text: str, by: Actor) -> Outcome:
    """Try the mailed code; when it is right, amounts and documents open to this contact here for ninety days."""
    outcome = codes.check(session, text, purpose=CodePurpose.DEVICE, by=by)
    device = devices.device_of(session, by)
    if outcome.is_right and by.partner and by.id and device:
        code = codes.newest(session, purpose=CodePurpose.DEVICE, by=by)
        codes.use(session, code)
        devices.trust(session, by.partner, devices.known_as(device, by.id), address=code.address)
    return outcome


@permits(Act.USE_PORTAL)
def end_other_sessions(session: Session, *, by: Actor) -> int:
    """End every session of the contact's own but the one this is done in. Returns how many ended."""
    if by.id is None or by.session is None:
        raise NotAllowed
    others = [row for row in sessions.of_contact(session, by.id) if row.id != by.session]
    for row in others:
        row.revoked_at = now()
    record(session, Tag.SESSION_REVOKE, by=by, after={"own": True, "sessions_ended": len(others)})
    return len(others)
