"""How contacts come in, and staff who look as one: a link is looked at by a GET, and spent by a press."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from core import fields
from core.access import room_links, sessions, tokens
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced, LinkRevoked, WrongPurpose
from core.actor import Act, Actor, ActorKind, ContactRole, may
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.sign_in import staff_actor
from core.contacts.invitations import mail_new_device, mail_sign_in
from core.contacts.models import Contact, ContactLink, LinkUse
from core.db import lock, reading, transaction
from core.errors import Invalid
from core.failpoints import reach
from core.mail.brand import Brand
from core.mail.contact_letters import contact_sign_in
from core.partners.hosts import Host, host_of, owner_name
from core.partners.models import Partner
from core.settings import settings
from core.tenancy import enter as enter_company
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

COMES_IN = (LinkUse.INVITE, LinkUse.SIGN_IN)
"""The uses of links that are mailed to the contact."""
VIEW_LASTS = timedelta(minutes=30)
MOST_MAILED = 5
"""To how many companies' portals one address is mailed a link at a time."""


class LinkUsed(LinkRefused):
    """This link was used already, on {day}. Ask for a new one."""

    status = 410


class NotAvailable(LinkRefused):
    """The partner portal is not available. Contact {owner}."""

    status = 410


@dataclass(frozen=True)
class Entry(Host):
    """What the page before the portal may say to whoever holds a contact's link. ``expires_at``: of the link."""

    name: str
    role: ContactRole
    use: LinkUse
    expires_at: datetime
    time_zone: str


@dataclass(frozen=True)
class _Behind:
    """A link, and what stands behind it."""

    link: ContactLink
    contact: Contact
    partner: Partner
    company: Company


def look(session: Session, secret: str, *, uses: tuple[LinkUse, ...] = COMES_IN) -> Entry:
    """What to show to whoever holds this link. Nothing is changed.

    Raises:
        LinkRefused: the link opens nothing; its subclass and ``status`` say why.
    """
    found = _opened(session, secret, uses)
    host, contact = host_of(session, found.partner, found.company), found.contact
    language = "en" if found.link.use is LinkUse.VIEW else contact.language
    told = {**vars(host), "language": language}
    return Entry(
        **told,
        name=contact.name,
        role=contact.role,
        use=found.link.use,
        expires_at=found.link.expires_at,
        time_zone=found.company.time_zone,
    )


def enter(session: Session, secret: str, *, device: str, device_name: str = "", by: Actor) -> str:
    """Let a contact in by its link, and spend the link. Returns the secret of the session.

    ``device``: the secret by which the browser is known again; ``device_name``: how a mail calls it.

    Raises:
        LinkRefused: see ``look``.
    """
    found = _spent(session, secret, COMES_IN)
    contact, by = found.contact, _as_contact(found.contact, by)
    is_new = _is_new_device(session, contact, device)
    opened = sessions.open_session(
        session,
        kind=SessionKind.CONTACT,
        partner_id=contact.partner_id,
        contact_id=contact.id,
        device=device,
        by=by,
    )
    _note_first(session, contact, by=by)
    record(session, Tag.CONTACT_ENTER, by=by, subject=contact, after={"by": found.link.use})
    if is_new:
        mail_new_device(session, contact, device_name=device_name, key=found.link.id, by=by)
    return opened


def enter_view(session: Session, secret: str, *, by: Actor) -> str:
    """Let a member of staff look as a contact, for half an hour. Returns the secret of the session.

    Raises:
        LinkRefused: see ``look``.
    """
    found = _spent(session, secret, (LinkUse.VIEW,))
    contact, viewer = found.contact, session.get(Staff, found.link.viewer_id)
    if viewer is None or viewer.disabled_at is not None or not may(viewer.role, Act.VIEW_AS):
        raise LinkAltered
    by = staff_actor(viewer, ip=by.ip, user_agent=by.user_agent)
    opened = sessions.open_session(
        session,
        kind=SessionKind.CONTACT,
        partner_id=contact.partner_id,
        contact_id=contact.id,
        viewer_id=viewer.id,
        lasts=VIEW_LASTS,
        by=by,
    )
    record(session, Tag.CONTACT_VIEW_AS, by=by, subject=contact, after={"entered": True})
    return opened


def ask_for_link(email: str, *, by: Actor) -> None:
    """Mail a link to whoever this address belongs to; silent either way, and as much work.

    It opens its own transactions, since an address may be a contact's of several companies.
    """
    address = _address(email)
    with reading(by) as session:
        known = list(session.scalars(_let_in_now(address)))
    for contact_id in known:
        with transaction(by) as session:
            contact = session.get_one(Contact, contact_id)
            mail_sign_in(session, contact, by=enter_company(session, contact.company_id))
    if not known:
        _work_for_nothing(by)


def ask_again(session: Session, secret: str, *, by: Actor) -> None:
    """Mail a fresh link to the mailbox a dead one was mailed to. Silent whatever the link is."""
    try:
        found = _behind(session, secret, COMES_IN)
        _require_welcome(session, found)
    except LinkRefused:
        return
    mail_sign_in(session, found.contact, by=enter_company(session, found.company.id))


def _behind(session: Session, secret: str, uses: tuple[LinkUse, ...]) -> _Behind:
    """The link and what stands behind it; from here the session stays in that company."""
    link = session.scalars(select(ContactLink).where(ContactLink.secret_hash == hashed(secret))).one_or_none()
    if link is None:
        raise _other_link(secret)
    if link.use not in uses:
        raise WrongPurpose
    enter_company(session, link.company_id)
    contact = session.get_one(Contact, link.contact_id)
    partner = session.get_one(Partner, contact.partner_id)
    return _Behind(link, contact, partner, session.get_one(Company, link.company_id))


def _opened(session: Session, secret: str, uses: tuple[LinkUse, ...]) -> _Behind:
    found = _behind(session, secret, uses)
    _require_welcome(session, found)
    if (dead := _why_dead(session, found)) is not None:
        raise dead
    return found


def _spent(session: Session, secret: str, uses: tuple[LinkUse, ...]) -> _Behind:
    """The link, used up by this; of all who press it at once, one gets in."""
    at, mine = now(), ContactLink.secret_hash == hashed(secret)
    unused = (ContactLink.used_at.is_(None), ContactLink.replaced_at.is_(None), ContactLink.expires_at > at)
    spend = update(ContactLink).where(mine, ContactLink.use.in_(uses), *unused).values(used_at=at)
    spent = session.execute(spend.returning(ContactLink.contact_id)).scalar_one_or_none()
    if spent is None:
        _opened(session, secret, uses)
        raise LinkAltered
    reach("contact:spent")
    lock(session, f"contact:{spent}")
    found = _behind(session, secret, uses)
    _require_welcome(session, found)
    return found


def _require_welcome(session: Session, found: _Behind) -> None:
    """Go on only for a contact who may come in.

    Raises:
        LinkRevoked, NotAvailable
    """
    owner = owner_name(session, found.partner, found.company)
    if found.contact.disabled_at is not None:
        raise LinkRevoked(day=_local_day(found, found.contact.disabled_at), owner=owner)
    if not found.company.module_partner_portal_enabled:
        raise NotAvailable(owner=owner)


def _why_dead(session: Session, found: _Behind) -> LinkRefused | None:
    link, owner = found.link, owner_name(session, found.partner, found.company)
    if link.used_at is not None:
        return LinkUsed(day=_local_day(found, link.used_at))
    if link.replaced_at is not None:
        return LinkReplaced(day=_local_day(found, link.replaced_at))
    if link.expires_at <= now():
        return LinkExpired(day=_local_day(found, link.expires_at), owner=owner)
    return None


def _local_day(found: _Behind, at: datetime) -> date:
    return at.astimezone(ZoneInfo(found.company.time_zone)).date()


def _other_link(secret: str) -> LinkRefused:
    """Why a text is no link of a contact: it is one of ours for something else, or none."""
    if room_links.is_for_room(secret):
        return room_links.LinkForRoom()
    try:
        tokens.verified_claims(secret)
    except LinkRefused:
        return LinkAltered()
    return room_links.LinkForProposal()


def _as_contact(contact: Contact, by: Actor) -> Actor:
    told = {"id": contact.id, "name": contact.name, "company": contact.company_id, "partner": contact.partner_id}
    where = {"ip": by.ip, "user_agent": by.user_agent, "language": contact.language}
    return Actor(ActorKind.CONTACT, contact_role=contact.role, **told, **where)  # type: ignore[arg-type]


def _note_first(session: Session, contact: Contact, *, by: Actor) -> None:
    first = update(Contact).where(Contact.id == contact.id, Contact.entered_at.is_(None)).values(entered_at=now())
    if session.execute(first).rowcount:  # type: ignore[attr-defined]
        note_timeline(session, contact.partner_id, Kind.CONTACT_ENTERED, by=by, name=contact.name)


def _is_new_device(session: Session, contact: Contact, device: str) -> bool:
    """Whether a contact who was in before comes from a browser it never came from."""
    mine = (AccessSession.contact_id == contact.id, AccessSession.viewer_id.is_(None))
    known = set(session.scalars(select(AccessSession.device_hash).where(*mine).distinct()))
    return bool(known) and hashed(device) not in known


def _address(email: str) -> str:
    try:
        return fields.email(email)
    except Invalid:
        return ""


def _let_in_now(address: str) -> Select[UUID]:
    """The contacts of an address who may come in, of every company."""
    return (
        select(Contact.id)
        .join(Company, Company.id == Contact.company_id)
        .where(Contact.email == address, Contact.disabled_at.is_(None), Company.module_partner_portal_enabled)
        .order_by(Contact.id)
        .limit(MOST_MAILED)
    )


def _work_for_nothing(by: Actor) -> None:
    """What a known address costs, so that time does not tell: a letter drawn up, and a turn at writing."""
    link = settings().portal_url
    contact_sign_in(Brand("Partnerdesk"), "nobody@partner.example", "Nobody", link=link, minutes=20, language="en")
    with transaction(by) as session:
        lock(session, "contact-address:")
