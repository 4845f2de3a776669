"""A visit's beginning: who opens the proposal, on what, and whether they or their device were here before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.clock import now
from core.companies.models import Company
from core.engagement import rollups
from core.engagement.devices import device_text, is_machine
from core.engagement.models import PartnerViews, Reader, Visit
from core.engagement.rollups import Changes, Writer
from core.proposals.models import ProposalVersion

SILENCE = timedelta(minutes=30)
"""Reading on after a longer pause is another visit."""
CAME_BACK_DAYS = 7
_SECOND_HAND = (Reader.UNKNOWN, Reader.HUMAN)


@dataclass(frozen=True)
class _Known:
    """What earlier visits say about this one."""

    new_device: bool
    read_before: bool
    away_days: int | None


@permits(Act.READ_OWN_PROPOSAL)
def begin_visit(
    session: Session,
    *,
    partner_id: UUID,
    company_id: UUID,
    version: ProposalVersion,
    link_id: UUID | None,
    session_id: UUID,
    device_hash: bytes | None,
    measured: bool,
    language: str,
    user_agent: str,
    staff: bool,
    by: Actor,
) -> Visit:
    """Note that a reader opened a proposal. ``staff``: the reader is signed in to the admin app as well."""
    at = now()
    zone = session.get_one(Company, company_id).time_zone
    known = _known(session, partner_id, link_id, device_hash, at)
    visit = Visit(
        company_id=company_id,
        partner_id=partner_id,
        proposal_version_id=version.id,
        version_number=version.number,
        link_id=link_id,
        session_id=session_id,
        device_hash=device_hash,
        device=device_text(user_agent),
        new_device=known.new_device,
        read_before=known.read_before,
        away_days=known.away_days,
        came_back=(known.away_days or 0) >= CAME_BACK_DAYS,
        language=language,
        measured=measured,
        reader=Reader.STAFF if staff else Reader.BOT if is_machine(user_agent) else Reader.UNKNOWN,
        started_at=at,
        day=at.astimezone(ZoneInfo(zone)).date(),
        last_seen_at=at,
    )
    session.add(visit)
    session.flush()
    changes = Changes()
    changes.leave_out(visit, visit.reader, measured=measured)
    rollups.write(Writer(session), changes)
    return visit


def _known(session: Session, partner_id: UUID, link_id: UUID | None, device_hash: bytes | None, at: datetime) -> _Known:
    last_read = session.scalar(select(PartnerViews.last_read_at).where(PartnerViews.partner_id == partner_id))
    if device_hash is None:
        return _Known(new_device=False, read_before=False, away_days=_days(last_read, at))
    seen = select(Visit.id).where(Visit.partner_id == partner_id, Visit.reader.in_(_SECOND_HAND)).limit(1)
    here = seen.where(Visit.device_hash == device_hash)
    used_elsewhere = session.scalar(seen.where(Visit.link_id == link_id, Visit.device_hash != device_hash))
    return _Known(
        new_device=used_elsewhere is not None and session.scalar(here) is None,
        read_before=session.scalar(here.where(Visit.reader == Reader.HUMAN)) is not None,
        away_days=_days(last_read, at),
    )


def _days(last_read: datetime | None, at: datetime) -> int | None:
    return None if last_read is None else max(0, (at - last_read).days)
