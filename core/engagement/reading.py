"""A reader's page load: the visit it belongs to, found again or begun."""

from dataclasses import dataclass
from ipaddress import ip_address

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Act, Actor, permits
from core.clock import now
from core.engagement.beacons import sign_visit
from core.engagement.models import Visit
from core.engagement.visits import SILENCE, begin_visit
from core.errors import NotFound
from core.failpoints import reach
from core.proposals.models import ProposalVersion
from core.proposals.rows import find_published
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


@dataclass(frozen=True)
class Opened:
    """The visit a page load belongs to: its signed id for the tracker, and whether the reader chose to be measured."""

    visit: str
    measured: bool


@permits(Act.READ_OWN_PROPOSAL)
def resume(session: Session, *, language: str, by: Actor) -> Opened:
    """Read on in the visit of this session, or begin another one after half an hour of silence.

    Asked twice, it gives the same visit twice.

    Raises:
        NotFound: the session ended, or nothing is published any more.
    """
    mine = session.get(AccessSession, by.session) if by.session else None
    version = find_published(session, mine.partner_id) if mine and mine.partner_id else None
    if mine is None or version is None:
        raise NotFound("This proposal cannot be read at the moment. Ask its sender.")
    visit = _current(session, mine, version) or _begin(session, mine, version, language, by)
    return Opened(visit=sign_visit(visit.id, mine.id), measured=mine.measured)


def _current(session: Session, mine: AccessSession, version: ProposalVersion) -> Visit | None:
    """The visit that is still going on, if it reads the version published now."""
    newest = select(Visit).where(Visit.session_id == mine.id).order_by(Visit.started_at.desc()).limit(1)
    visit = session.scalars(newest.with_for_update()).first()
    if visit is None or visit.proposal_version_id != version.id:
        return None
    return visit if now() - visit.last_seen_at < SILENCE else None


def _begin(session: Session, mine: AccessSession, version: ProposalVersion, language: str, by: Actor) -> Visit:
    visit = begin_visit(
        session,
        partner_id=version.partner_id,
        company_id=mine.company_id,
        version=version,
        link_id=mine.link_id,
        session_id=mine.id,
        device_hash=mine.device_hash,
        measured=mine.measured,
        language=language,
        user_agent=by.user_agent or mine.user_agent,
        staff=_is_colleague(session, by),
        by=by,
    )
    reach("visit:begin")
    note_timeline(session, version.partner_id, Kind.OPENED if mine.measured else Kind.OPENED_UNMEASURED, by=by)
    return visit


def _is_colleague(session: Session, by: Actor) -> bool:
    """Whether a colleague is signed in to the admin app from the same public address with the same browser."""
    if not by.ip or not ip_address(by.ip).is_global:
        return False
    same = (AccessSession.ip == by.ip, AccessSession.user_agent == (by.user_agent or "")[:400])
    in_force = (AccessSession.revoked_at.is_(None), AccessSession.expires_at > now())
    found = select(AccessSession.id).where(AccessSession.kind == SessionKind.STAFF, *same, *in_force).limit(1)
    return session.scalars(found).first() is not None
