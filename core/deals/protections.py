"""What people do about protections: staff lift them and decide on longer ones, resellers ask for longer."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.deals import protection_mails
from core.deals.models import Extension, Protection, Quote
from core.deals.protection import MOST_DAYS, DaysOutOfRange, end, extend
from core.deals.rows import shown_to
from core.deals.states import ExtensionState, ProtectionEnd
from core.deals.turns import call_next
from core.errors import Conflict, Invalid, NotFound
from core.failpoints import reach


class ProtectionOver(Conflict):
    """This protection has ended already. Nothing was changed."""


class AlreadyAsked(Conflict):
    """Longer protection was asked for already and waits for an answer."""


class ExtensionDecided(Conflict):
    """{who} decided on this wish already. Nothing was changed."""


class EvidenceNeeded(Invalid):
    """Say what speaks for longer protection: a meeting, an approved budget, a date the customer named."""


class LiftNeedsReason(Invalid):
    """Say why the protection is lifted; the partner reads it."""


class AnswerNeedsNote(Invalid):
    """Say why in a few words; the partner reads it."""


@permits(Act.DECIDE_DEALS)
def lift(session: Session, protection_id: UUID, *, reason: str, by: Actor) -> Protection:
    """End a protection before its time, and say why; partner and owner are mailed, and whose turn it is now.

    Raises:
        LiftNeedsReason: no reason was given.
        ProtectionOver: it has ended.
        NotFound: there is no such protection.
    """
    why = fields.body(reason, name="The reason", most=1_000)
    if not why:
        raise LiftNeedsReason
    protection = _in_force(session, session.get(Protection, protection_id))
    end(session, protection, ProtectionEnd.LIFTED, by=by, reason=why)
    reach("protection:lifted")
    protection_mails.tell_ended(session, protection, why=why)
    call_next(session, protection)
    return protection


@permits(Act.SUBMIT_DEALS)
def ask_extension(session: Session, protection_id: UUID, *, days: int, evidence: str, by: Actor) -> Extension:
    """Ask to be protected so many days longer; who decides on deals is mailed.

    Raises:
        DaysOutOfRange, EvidenceNeeded, Invalid: something cannot be used.
        AlreadyAsked: an earlier wish waits for an answer.
        ProtectionOver: it has ended.
        NotFound: there is no such protection of a deal the actor sees.
    """
    if not 1 <= days <= MOST_DAYS:
        raise DaysOutOfRange
    said = fields.body(evidence, name="The evidence", most=2_000)
    if not said:
        raise EvidenceNeeded
    mine = select(Protection).join(Quote, Quote.id == Protection.quote_id).where(Protection.id == protection_id)
    protection = _in_force(session, session.scalars(mine.where(*shown_to(by))).one_or_none())
    waits = select(Extension.id).where(
        Extension.protection_id == protection.id, Extension.state == ExtensionState.ASKED
    )  # fmt: skip
    if session.scalar(waits) is not None:
        raise AlreadyAsked
    row = Extension(protection_id=protection.id, days=days, evidence=said, state=ExtensionState.ASKED)
    row.asked_at, row.asked_by = now(), by.name
    session.add(row)
    session.flush()
    reach("extension:asked")
    protection_mails.tell_asked(session, protection, row)
    quote = session.get_one(Quote, protection.quote_id)
    record(session, Tag.EXTENSION_ASK, by=by, subject=quote, after={"days": days, "evidence": said})
    return row


@permits(Act.DECIDE_DEALS)
def decide_extension(session: Session, extension_id: UUID, *, granted: bool, note: str = "", by: Actor) -> Extension:
    """Grant or refuse a wish for longer protection; a refusal says why. The partner is mailed.

    Raises:
        AnswerNeedsNote: it is refused without a word.
        ExtensionDecided: somebody decided already.
        ProtectionOver: the protection has ended.
        NotFound: there is no such wish.
    """
    said = fields.body(note, name="The note", most=1_000)
    if not said and not granted:
        raise AnswerNeedsNote
    row = session.get(Extension, extension_id)
    if row is None:
        raise NotFound("This wish for longer protection was not found. Choose one from the list.")
    first = update(Extension).where(Extension.id == row.id, Extension.state == ExtensionState.ASKED)
    state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    decided = first.values(state=state, decided_at=now(), decided_by=by.name, note=said)
    won = session.execute(decided, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
    session.refresh(row)
    if not won:
        raise ExtensionDecided(who=row.decided_by)
    protection = _in_force(session, session.get_one(Protection, row.protection_id))
    if granted:
        extend(session, protection, days=row.days, by=by)
    reach("extension:decided")
    protection_mails.tell_decided(session, protection, row, granted=granted)
    quote = session.get_one(Quote, protection.quote_id)
    after = {"days": row.days, "granted": granted, "note": said, "ends_at": protection.ends_at.isoformat()}
    record(session, Tag.EXTENSION_DECIDE, by=by, subject=quote, after=after)
    return row


def _in_force(session: Session, protection: Protection | None) -> Protection:
    """A protection that still counts, held until the transaction ends."""
    if protection is None:
        raise NotFound("This protection was not found. Choose one from the list.")
    lock(session, f"protection:{protection.company_id}")
    session.refresh(protection)
    if protection.ended is not None or protection.ends_at <= now():
        raise ProtectionOver
    return protection
