"""Links by which one person signs: for the colleague a signing was handed over to, and for renewing.

A link is a JWT of its own audience that names a row of ``nda_handover``. Looking at it changes nothing; a press opens
a session that may sign under the invited name's address and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import fields
from core.access import codes, sessions, tokens
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.ids import new_id
from core.keys import signing_keys
from core.nda.models import NdaHandover, NdaSigning
from core.nda.rows import ended_at
from core.partners.hosts import Host, host_of, owner_name
from core.partners.models import Partner
from core.settings import settings
from core.tenancy import enter

AUDIENCE = "partnerdesk:nda"


@dataclass(frozen=True)
class HandoverPage(Host):
    """What the page before a signing may say to whoever holds its link."""

    slug: str
    name: str
    email_masked: str
    asked_by: str
    expires_on: date


def invite_to_sign(
    session: Session, partner: Partner, *, name: str, email: str, title: str, asked_by: str
) -> NdaHandover:
    """Make a link for one person. Part of another act, which mails it.

    Raises:
        Invalid: the name or the address cannot be used.
    """
    at = now().replace(microsecond=0)
    row = NdaHandover(id=new_id(), partner_id=partner.id, key_id=next(iter(signing_keys())), asked_by=asked_by[:200])
    row.name, row.email = fields.line(name, name="Name"), fields.email(email)
    row.title = fields.line(title, name="Title", least=0)
    row.issued_at, row.expires_at = at, at + tokens.LIFETIME
    session.add(row)
    session.flush()
    return row


def revoke(session: Session, partner_id: UUID) -> int:
    """Put every link to sign of a partner out of force. Returns how many were in force."""
    live = (NdaHandover.partner_id == partner_id, NdaHandover.revoked_at.is_(None), NdaHandover.expires_at > now())
    done = session.execute(update(NdaHandover).where(*live).values(revoked_at=now()))
    return int(done.rowcount)  # type: ignore[attr-defined]


def recent(session: Session, partner_id: UUID, *, since: datetime) -> Sequence[NdaHandover]:
    """The links made for a partner since an instant."""
    mine = (NdaHandover.partner_id == partner_id, NdaHandover.issued_at > since)
    return session.scalars(select(NdaHandover).where(*mine)).all()


def spell(handover: NdaHandover) -> str:
    """The token of a link: the same text each time."""
    return tokens.spell(handover, audience=AUDIENCE)


def signing_address(partner: Partner, handover: NdaHandover) -> str:
    """The address that lets its person sign."""
    return f"{settings().portal_url}/sign/{partner.slug}/nda?token={spell(handover)}"


def look_handover(session: Session, token: str) -> HandoverPage:
    """What to show to whoever holds this link. Nothing is changed.

    Raises:
        LinkRefused: the link opens nothing; its subclass and ``status`` say why.
    """
    handover, partner, company = _in_force(session, token)
    return HandoverPage(
        slug=partner.slug,
        **vars(host_of(session, partner, company)),
        name=handover.name,
        email_masked=codes.masked(handover.email),
        asked_by=handover.asked_by,
        expires_on=_local(company, handover.expires_at),
    )


def open_handover(session: Session, token: str, *, device: str, by: Actor) -> str:
    """Let its person in to sign. Returns the secret of the session; ``device`` is the browser's own cookie.

    Raises:
        LinkRefused: see ``look_handover``.
    """
    handover, partner, company = _in_force(session, token)
    by = enter(session, company.id)
    kind = SessionKind.READER
    secret = sessions.open_session(session, kind=kind, partner_id=partner.id, device=device, by=by)
    opened = session.scalars(select(AccessSession).where(AccessSession.secret_hash == hashed(secret))).one()
    signing = NdaSigning(partner_id=partner.id, session_id=opened.id, handover_id=handover.id, begun_at=now())
    signing.clause_ms, signing.email, signing.language = {}, handover.email, partner.language
    session.add(signing)
    session.flush()
    record(session, Tag.NDA_OPEN, by=by, subject=partner, after={"invited": handover.name, "handover": handover.id})
    return secret


def _in_force(session: Session, token: str) -> tuple[NdaHandover, Partner, Company]:
    """The link in force, its partner and company; from here the session stays in that company."""
    handover = read(session, token)
    enter(session, handover.company_id)
    partner = session.get_one(Partner, handover.partner_id)
    company = session.get_one(Company, handover.company_id)
    if ended_at(session, handover) is not None or now() >= handover.expires_at:
        raise _why_dead(session, handover, partner, company)
    return handover, partner, company


def read(session: Session, token: str) -> NdaHandover:
    """The link a token stands for, in force or not.

    Raises:
        LinkAltered: it is no token of ours in our own spelling.
        WrongPurpose: it is ours, for something else.
    """
    claims = tokens.verified_claims(token, audience=AUDIENCE)
    found = session.scalars(select(NdaHandover).where(NdaHandover.id == tokens.named(claims))).one_or_none()
    if found is None or found.partner_id.hex != claims["sub"] or spell(found) != token:
        raise LinkAltered
    return found


def _why_dead(session: Session, handover: NdaHandover, partner: Partner, company: Company) -> LinkRefused:
    owner = owner_name(session, partner, company)
    ended = ended_at(session, handover)
    if ended is None:
        return LinkExpired(day=_local(company, handover.expires_at), owner=owner)
    newer = select(NdaHandover.id).where(
        NdaHandover.partner_id == partner.id,
        NdaHandover.email == handover.email,
        NdaHandover.issued_at >= handover.issued_at,
        NdaHandover.id != handover.id,
    )
    kind = LinkReplaced if session.scalar(newer.limit(1)) else LinkRevoked
    return kind(day=_local(company, ended), owner=owner)


def _local(company: Company, at: datetime) -> date:
    return at.astimezone(ZoneInfo(company.time_zone)).date()
