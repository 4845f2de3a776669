"""How far a partner's people are with signing: who, at which step, since when, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from core.access import limits
from core.access.models import AccessSession
from core.access.sessions import IDLE, in_force
from core.actor import Act, permits
from core.clock import now
from core.nda.models import Instrument, NdaHandover, NdaSigning, SigningState
from core.nda.queries import step_of
from core.nda.rows import ended_at, find_current_nda, find_published_text
from core.nda.steps import Step

MOST = 20


@dataclass(frozen=True)
class SigningRow:
    """One person's way to a signature, other than one that ended in it.

    ``seen_at``: when that person was last here. ``ended_at``, ``reason``: of one that was declined or handed over.
    """

    id: UUID
    name: str
    email: str
    title: str
    state: SigningState
    step: Step
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Asked:
    """A person who was mailed a link to sign that is still in force. ``is_opened``: whether it was."""

    id: UUID
    name: str
    email: str
    asked_by: str
    issued_at: datetime
    expires_at: datetime
    is_opened: bool


@dataclass(frozen=True)
class UnderWay:
    """What happened towards the next signature, the newest first.

    ``stopped_until``: too much was submitted from where the newest signing comes from; it is taken again from then on.
    """

    signings: list[SigningRow]
    asked: list[Asked]
    stopped_until: datetime | None


@permits(Act.READ_NDA)
def under_way(session: Session, partner_id: UUID, *, instrument: Instrument = Instrument.NDA) -> UnderWay:
    """The signings and links of a partner since its last signature; people who cannot go on any more are left out."""
    current = find_current_nda(session, partner_id, instrument)
    since = current.signed_at if current else None
    text, found = find_published_text(session, instrument), _found(session, partner_id, instrument, since)
    rows = [_row(signing, access, step_of(signing, text, is_open=True)) for signing, access in found]
    going_on = next((access for signing, access in found if signing.state is SigningState.OPEN), None)
    asked = _asked(session, partner_id, since) if instrument is Instrument.NDA else []
    return UnderWay(rows, asked, _stopped_until(going_on))


@permits(Act.READ_NDA)
def reading_now(session: Session, *, instrument: Instrument = Instrument.NDA) -> int:
    """How many people were shown the text in force, can still go on, and did not sign it yet."""
    text = find_published_text(session, instrument)
    mine = (NdaSigning.state == SigningState.OPEN, NdaSigning.text_id == text.id if text else false())
    live = (AccessSession.revoked_at.is_(None), AccessSession.expires_at > now())
    used = AccessSession.last_used_at > now() - IDLE
    found = select(func.count()).select_from(NdaSigning).join(AccessSession, AccessSession.id == NdaSigning.session_id)
    return session.scalar(found.where(*mine, *live, used)) or 0


def _found(
    session: Session, partner_id: UUID, instrument: Instrument, since: datetime | None
) -> list[tuple[NdaSigning, AccessSession]]:
    mine = (NdaSigning.partner_id == partner_id, NdaSigning.instrument == instrument)
    found = (
        select(NdaSigning, AccessSession)
        .join(AccessSession, AccessSession.id == NdaSigning.session_id)
        .where(*mine, NdaSigning.state != SigningState.SIGNED)
        .order_by(NdaSigning.begun_at.desc(), NdaSigning.id.desc())
        .limit(MOST)
    )
    if since is not None:
        found = found.where(NdaSigning.begun_at >= since)
    return [
        (signing, access)
        for signing, access in session.execute(found)
        if signing.state is not SigningState.OPEN or in_force(access, now())
    ]


def _stopped_until(access: AccessSession | None) -> datetime | None:
    if access is None or not access.ip:
        return None
    return limits.nda_stopped_until(access.ip, str(access.contact_id or access.partner_id))


def _row(signing: NdaSigning, access: AccessSession, step: Step) -> SigningRow:
    return SigningRow(
        id=signing.id,
        name=signing.name,
        email=signing.email,
        title=signing.title,
        state=signing.state,
        step=step,
        begun_at=signing.begun_at,
        seen_at=access.last_used_at,
        ended_at=signing.ended_at,
        reason=signing.reason,
    )


def _asked(session: Session, partner_id: UUID, since: datetime | None) -> list[Asked]:
    opened = select(NdaSigning.id).where(NdaSigning.handover_id == NdaHandover.id).exists()
    live = (NdaHandover.partner_id == partner_id, NdaHandover.revoked_at.is_(None), NdaHandover.expires_at > now())
    found = select(NdaHandover, opened).where(*live).order_by(NdaHandover.id.desc()).limit(MOST)
    if since is not None:
        found = found.where(NdaHandover.issued_at >= since)
    return [
        Asked(row.id, row.name, row.email, row.asked_by, row.issued_at, row.expires_at, bool(is_opened))
        for row, is_opened in session.execute(found)
        if ended_at(session, row) is None
    ]
