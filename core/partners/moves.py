"""Moving a partner through the pipeline. Nothing else assigns a status."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.errors import Conflict
from core.failpoints import reach
from core.format import clock_time
from core.partners.models import Hop, Partner
from core.partners.pipeline import BEFORE_SIGNING, NAMES, AnswerMissing, Ask, HoldReason, Status, check
from core.partners.rows import get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class MovedMeanwhile(Conflict):
    """Moved to {stage} by {who} at {time}. Showing the new state."""


@dataclass(frozen=True)
class Answer:
    """What a person says when a move asks: a note or reason, a date, or how a deal was closed."""

    reason: str = ""
    on: date | None = None
    hold: HoldReason | None = None


@permits(Act.WORK_PIPELINE)
def move(
    session: Session, partner_id: UUID, *, to: Status, version: int, answer: Answer = Answer(), by: Actor
) -> Partner:
    """Move a partner to another stage, as seen at ``version``.

    Raises:
        MovedMeanwhile: somebody else moved or changed it since.
        MoveRefused, SignatureNeeded: the pipeline has no such move.
        AnswerMissing: the move asks for something that was not given.
    """
    partner = get_partner(session, partner_id)
    if partner.version != version:
        raise _moved_meanwhile(session, partner)
    ask = check(partner.status, to, left=partner.stage_left, partner=partner.name).ask
    stamps = _stamps(ask, answer, partner)
    _enter(session, partner, to, reason=_reason(ask, answer), stamps=stamps, by=by)
    return partner


@permits(Act.WORK_PIPELINE)
def close_deal(session: Session, partner_id: UUID, *, outcome: str, reason: str, version: int, by: Actor) -> Partner:
    """Close a deal as ``won``, ``lost`` or ``stalled``; the reason is asked for unless it was won."""
    hold = None if outcome == "won" else HoldReason(outcome)
    to = Status.ON_HOLD if hold else Status.ACTIVE
    return move(session, partner_id, to=to, version=version, answer=Answer(reason, hold=hold), by=by)


@permits(Act.WORK_PIPELINE)
def reopen(session: Session, partner_id: UUID, *, reason: str, version: int, by: Actor) -> Partner:
    """Take a partner off hold, back to the stage it left."""
    left = get_partner(session, partner_id).stage_left
    return move(session, partner_id, to=left or Status.DRAFT, version=version, answer=Answer(reason), by=by)


def proposal_was_sent(session: Session, partner: Partner, *, by: Actor) -> None:
    """Note in the pipeline that an invitation went out: a draft becomes ``proposal_sent``."""
    if partner.status is Status.DRAFT:
        _enter(session, partner, Status.PROPOSAL_SENT, reason="", stamps={}, by=by)


def meeting_was_scheduled(session: Session, partner: Partner, *, by: Actor) -> None:
    """Note in the pipeline that a meeting was set: ``proposal_sent`` becomes ``meeting_scheduled``."""
    if partner.status is Status.PROPOSAL_SENT:
        _enter(session, partner, Status.MEETING_SCHEDULED, reason="", stamps={}, by=by)


def nda_was_signed(session: Session, partner: Partner, *, expires_at: datetime, by: Actor) -> None:
    """Note in the pipeline that the NDA was signed, and until when it is valid.

    A partner before ``nda_signed`` moves there; one on hold will return there; one past it stays where it is.
    """
    if partner.status in BEFORE_SIGNING:
        _enter(session, partner, Status.NDA_SIGNED, reason="", stamps={"nda_expires_at": expires_at}, by=by)
        return
    partner.nda_expires_at = expires_at
    if partner.stage_left in BEFORE_SIGNING:
        partner.stage_left = Status.NDA_SIGNED


def _reason(ask: Ask, answer: Answer) -> str:
    needed = ask in (Ask.REASON, Ask.CLOSE_HOLD, Ask.NOTE)
    text = fields.body(answer.reason, name="The reason", most=1_000)
    if needed and not text:
        raise AnswerMissing("Say why in a few words.")
    return text


def _stamps(ask: Ask, answer: Answer, partner: Partner) -> dict[str, Any]:
    """The columns a move sets besides the status."""
    cleared = {"hold_reason": None, "stage_left": None}
    if ask is Ask.DATE:
        if answer.on is None:
            raise AnswerMissing("Give the date the MOU was signed.")
        if answer.on > now().date():
            raise AnswerMissing("The MOU cannot be signed in the future. Choose today or an earlier day.")
        return {**cleared, "mou_signed_at": answer.on}
    if ask is Ask.CLOSE_WON:
        return {**cleared, "activated_at": now()}
    if ask is Ask.CLOSE_HOLD:
        if answer.hold is None:
            raise AnswerMissing("Say whether the deal was lost or stalled.")
        return {"hold_reason": answer.hold, "stage_left": partner.status}
    return cleared


_TAGS = {Status.ON_HOLD: Tag.PARTNER_CLOSE, Status.ACTIVE: Tag.PARTNER_CLOSE}


def _enter(session: Session, partner: Partner, to: Status, *, reason: str, stamps: dict[str, Any], by: Actor) -> None:
    """Set the status where the partner still is as it was read; keep the hop, the entry and the audit line."""
    at, start = now(), partner.status
    seconds = int((at - partner.status_entered_at).total_seconds())
    values = {"status": to, "status_entered_at": at, "version": partner.version + 1, **stamps}
    won = session.execute(
        update(Partner).where(Partner.id == partner.id, Partner.version == partner.version).values(**values),
        execution_options={"synchronize_session": False},
    )
    if won.rowcount != 1:  # type: ignore[attr-defined]
        raise _moved_meanwhile(session, partner)
    session.refresh(partner)
    reach("move:status")
    hop = Hop(partner_id=partner.id, at=at, start=start, to=to, seconds_in_stage=seconds, reason=reason)
    hop.actor_name = by.name
    session.add(hop)
    note_timeline(session, partner.id, Kind.MOVED, by=by, at=at, start=start.value, to=to.value, reason=reason)
    tag = Tag.PARTNER_REOPEN if start is Status.ON_HOLD else _TAGS.get(to, Tag.PARTNER_MOVE)
    record(session, tag, by=by, subject=partner, before={"status": start}, after={"status": to, "reason": reason})


def _moved_meanwhile(session: Session, partner: Partner) -> Conflict:
    """Say who moved it where; where it was only edited, say that."""
    session.refresh(partner)
    last = session.scalars(
        select(Hop).where(Hop.partner_id == partner.id).order_by(Hop.at.desc(), Hop.id.desc()).limit(1)
    ).first()
    if last is None or last.to is not partner.status:
        return Conflict("{name} was changed meanwhile. Showing the new state.", name=partner.name)
    return MovedMeanwhile(stage=NAMES[last.to], who=last.actor_name, time=clock_time(last.at))
