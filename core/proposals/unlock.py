"""How a partner's people get in: the link is looked at by a GET, and opened only by a press."""

import hmac
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import room_links, sessions, tokens
from core.access.kinds import SessionKind
from core.access.models import ProposalLink
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import brand_of
from core.db import lock
from core.format import clock_time, day
from core.mail import messages
from core.mail.outbox import enqueue
from core.partners.hosts import Host, host_of, owner_name
from core.partners.models import Partner
from core.partners.service import code_hash
from core.proposals.rows import find_published
from core.proposals.service import display_name, link_address, local_day
from core.settings import settings
from core.tenancy import enter
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class CodesEnded(LinkRefused):
    """Access codes are no longer accepted. Ask {owner} for a link."""

    status = 410


class CodeWrong(LinkRefused):
    """This access code is not right. Check it, or ask for a link."""


class NotReady(LinkRefused):
    """This proposal is being written anew. Try again later, or contact {owner}."""

    status = 410


@dataclass(frozen=True)
class EntryPage(Host):
    """What the page before a proposal may say to whoever holds its link."""

    slug: str
    expires_on: date


def look(session: Session, slug: str, token: str) -> EntryPage:
    """What to show to whoever holds this link. Nothing is changed.

    Raises:
        LinkRefused: the link opens nothing; its subclass and ``status`` say why.
    """
    link, partner, company = _opened(session, slug, token)
    host = host_of(session, partner, company)
    return EntryPage(**vars(host), slug=partner.slug, expires_on=local_day(company, link))


def _opened(session: Session, slug: str, token: str) -> tuple[ProposalLink, Partner, Company]:
    """The link in force, its partner and company; from here the session stays in that company."""
    link, partner, company = _behind(session, slug, token)
    if not tokens.is_in_force(link, now()):
        raise _why_dead(session, link, partner, company)
    if find_published(session, partner.id) is None:
        raise NotReady(owner=owner_name(session, partner, company))
    return link, partner, company


def _behind(session: Session, slug: str, token: str) -> tuple[ProposalLink, Partner, Company]:
    link = _read(session, token)
    enter(session, link.company_id)
    partner = session.get(Partner, link.partner_id)
    if partner is None or partner.slug != slug:
        raise LinkAltered
    return link, partner, session.get_one(Company, link.company_id)


def _read(session: Session, token: str) -> ProposalLink:
    try:
        return tokens.read(session, token)
    except LinkAltered:
        if room_links.is_for_room(token):
            raise room_links.LinkForRoom from None
        raise


def _why_dead(session: Session, link: ProposalLink, partner: Partner, company: Company) -> LinkRefused:
    owner = owner_name(session, partner, company)
    for at, kind in (
        (link.revoked_at, LinkRevoked),
        (link.replaced_at, LinkReplaced),
        (link.expires_at, LinkExpired),
    ):
        if at is not None:
            return kind(day=at.astimezone(ZoneInfo(company.time_zone)).date(), owner=owner)
    raise AssertionError("a link in force is not dead")


def open_by_link(session: Session, slug: str, token: str, *, measured: bool, device: str, by: Actor) -> str:
    """Open a proposal by its link. Returns the secret of the reader's session.

    Raises:
        LinkRefused: see ``look``.
    """
    link, partner, _company = _opened(session, slug, token)
    return _let_in(session, partner, link, measured=measured, device=device, by=by)


def open_by_code(session: Session, slug: str, code: str, *, measured: bool, device: str, by: Actor) -> str:
    """Open a proposal by an access code of an older system, while the settings accept them.

    Raises:
        CodesEnded: they are not accepted.
        CodeWrong: the code is not this partner's, or there is no such partner: one wording for both.
    """
    if not settings().legacy_proposal_codes_accepted:
        raise CodesEnded(owner="the sender")
    partner = session.scalars(select(Partner).where(Partner.slug == slug)).one_or_none()
    given = code_hash(partner.id if partner else UUID(int=0), code)
    if partner is None or not hmac.compare_digest(given, partner.legacy_code_hash or bytes(32)):
        raise CodeWrong
    enter(session, partner.company_id)
    if find_published(session, partner.id) is None:
        raise CodeWrong
    return _let_in(session, partner, None, measured=measured, device=device, by=by)


def _let_in(
    session: Session, partner: Partner, link: ProposalLink | None, *, measured: bool, device: str, by: Actor
) -> str:
    by = enter(session, partner.company_id)
    secret = sessions.open_session(
        session,
        kind=SessionKind.READER,
        partner_id=partner.id,
        link_id=link.id if link else None,
        measured=measured,
        device=device,
        by=by,
    )
    record(session, Tag.PROPOSAL_OPEN, by=by, subject=partner, after={"measured": measured, "code": link is None})
    return secret


def ask_for_new_link(session: Session, slug: str, token: str, *, by: Actor) -> None:
    """Mail a new link to the partner's known contact, and tell the owner. Silent whatever the link is.

    Only a link that died of age or was replaced asks for another one: what was revoked stays revoked.
    """
    try:
        link, partner, company = _behind(session, slug, token)
    except LinkRefused:
        return
    if link.revoked_at or not partner.contact_email or find_published(session, partner.id) is None:
        return
    by = enter(session, company.id)
    lock(session, f"proposal:{partner.id}")
    newest = tokens.issue(session, partner.id, by=by)
    mail_new_link(session, partner, company, newest)
    tell_owner(session, partner, company, newest)
    note_timeline(session, partner.id, Kind.LINK_REQUESTED, by=by, to=partner.contact_email)
    record(session, Tag.LINK_REQUEST, by=by, subject=partner, after={"link": newest.id})


def mail_new_link(session: Session, partner: Partner, company: Company, link: ProposalLink) -> None:
    """The new link, to the contact on record."""
    message = messages.link_reissued(
        brand_of(company, partner.language),
        partner.contact_email,
        partner.contact_name,
        display_name(partner, partner.language),
        link_address(partner, link),
        local_day(company, link),
        partner.language,
    )
    enqueue(session, message, key=f"link:{link.id}", partner_id=partner.id)


def tell_owner(session: Session, partner: Partner, company: Company, link: ProposalLink) -> None:
    """That a new link was asked for, to the partner's owner if there is one."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    if owner is None or owner.disabled_at:
        return
    at = link.issued_at.astimezone(ZoneInfo(company.time_zone))
    message = messages.link_requested(
        brand_of(company, owner.language),
        owner.email,
        owner.name,
        display_name(partner, owner.language),
        partner.contact_email,
        f"{day(at, zone=company.time_zone, language=owner.language)}, {clock_time(at, zone=company.time_zone)}",
        f"{settings().admin_url}/partner?id={partner.id}",
        owner.language,
    )
    enqueue(session, message, key=f"link-asked:{link.id}", partner_id=partner.id)
