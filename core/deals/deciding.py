"""What reviewers do with an intent. Whoever comes first decides; everybody else reads who did."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.deals import letters, money
from core.deals.models import PlanVersion, Quote, Review
from core.deals.numbering import Series, reference, take
from core.deals.protection import MOST_DAYS, DaysOutOfRange, protect, refuse_if_barred
from core.deals.rows import get_deal, partner_of
from core.deals.states import QuoteKind, QuoteStatus, TermsKind, Verdict
from core.deals.terms import Terms
from core.errors import Conflict, DomainError, Invalid
from core.failpoints import reach
from core.format import ago, clock_time
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class AlreadyApproved(Conflict):
    """Already approved by {who} {ago}. Nothing changed."""


class AlreadyRejected(Conflict):
    """Rejected by {who} {ago}: {reason} Nothing changed."""


class AlreadyReturned(Conflict):
    """Returned by {who} {ago}: {reason} Nothing changed."""


class AlreadyWithdrawn(Conflict):
    """Withdrawn by {who} {ago}. Nothing changed."""


class SentAgainMeanwhile(Conflict):
    """The partner changed this deal and sent it again {ago}. Nothing changed; look at the new one."""


class NoteNeeded(Invalid):
    """Say why in a few words; the partner reads it."""


class PlanMissing(Invalid):
    """Choose a version of a commission plan."""


@permits(Act.DECIDE_DEALS)
def approve(
    session: Session,
    quote_id: UUID,
    *,
    terms: Terms,
    note: str = "",
    override: str = "",
    protect_days: int = 90,
    version: int,
    by: Actor,
) -> Quote:
    """Make an intent a quote, lock its terms in and protect the customer.

    ``override``: why, where another partner is protected or has the territory alone; its protection stays as it is.

    Raises:
        AlreadyApproved, AlreadyRejected, AlreadyReturned, AlreadyWithdrawn, SentAgainMeanwhile: it waits no more.
        CustomerProtected, TerritoryExclusive: another partner has it, and no reason was given against that.
        PercentUnusable, PlanMissing, DaysOutOfRange, Invalid: something cannot be used.
        NotFound: there is no such deal.
    """
    note, override = _said(note), fields.body(override, name="The reason", most=2_000)
    locked_in = _locked_in(session, terms)
    if not 1 <= protect_days <= MOST_DAYS:
        raise DaysOutOfRange
    quote = _seized(session, quote_id, version)
    is_free = refuse_if_barred(session, quote, override=override)
    at = _judge(session, quote, Verdict.APPROVED, note, override, by=by)
    number = take(session, Series.QUOTE, by=by)
    quote.kind, quote.status = QuoteKind.QUOTE, QuoteStatus.DRAFT
    quote.quote_reference = reference(Series.QUOTE, number)
    for name, value in locked_in.items():
        setattr(quote, name, value)
    session.flush()
    reach("deal:quote")
    until = protect(session, quote, days=protect_days, at=at).ends_at if is_free else None
    reach("deal:protected")
    _tell(session, quote, Kind.INTENT_APPROVED, by=by)
    letters.tell_approved(session, own_company(session), partner_of(session, quote), quote, protected_until=until)
    after = locked_in | {"quote": quote.quote_reference, "note": note, "protected_until": until}
    after |= {"override": override} if override else {}
    record(session, Tag.INTENT_APPROVE, by=by, subject=quote, after=after)
    return quote


@permits(Act.DECIDE_DEALS)
def reject(session: Session, quote_id: UUID, *, note: str, version: int, by: Actor) -> Quote:
    """Say no, and why; the partner reads it.

    Raises:
        NoteNeeded: it does not say why.
        AlreadyApproved, AlreadyRejected, AlreadyReturned, AlreadyWithdrawn, SentAgainMeanwhile, NotFound
    """
    quote = _turned_down(session, quote_id, Verdict.REJECTED, QuoteStatus.REJECTED, note, version, by=by)
    _tell(session, quote, Kind.INTENT_REJECTED, by=by)
    letters.tell_rejected(session, own_company(session), partner_of(session, quote), quote)
    record(session, Tag.INTENT_REJECT, by=by, subject=quote, after={"note": quote.note})
    return quote


@permits(Act.DECIDE_DEALS)
def return_(session: Session, quote_id: UUID, *, note: str, version: int, by: Actor) -> Quote:
    """Ask the partner for more before deciding.

    Raises:
        NoteNeeded: it does not say what is asked.
        AlreadyApproved, AlreadyRejected, AlreadyReturned, AlreadyWithdrawn, SentAgainMeanwhile, NotFound
    """
    quote = _turned_down(session, quote_id, Verdict.RETURNED, QuoteStatus.RETURNED, note, version, by=by)
    _tell(session, quote, Kind.INTENT_RETURNED, by=by)
    letters.tell_returned(session, own_company(session), partner_of(session, quote), quote)
    record(session, Tag.INTENT_RETURN, by=by, subject=quote, after={"note": quote.note})
    return quote


def _said(note: str) -> str:
    return fields.body(note, name="The note", most=2_000)


def _locked_in(session: Session, terms: Terms) -> dict[str, Any]:
    """The columns of the terms."""
    pct: Decimal | None = None
    plan: PlanVersion | None = None
    if terms.kind is TermsKind.FLAT:
        pct = money.percent(terms.pct)
    else:
        plan = session.get(PlanVersion, terms.plan_version_id or UUID(int=0))
        if plan is None:
            raise PlanMissing
    return {"terms": terms.kind, "commission_pct": pct, "plan_version_id": plan.id if plan else None}


def _seized(session: Session, quote_id: UUID, version: int) -> Quote:
    """The intent, out of everybody else's hands until the transaction ends; whoever comes later finds it decided."""
    quote = get_deal(session, quote_id)
    waits = update(Quote).where(Quote.id == quote_id, Quote.status == QuoteStatus.PENDING, Quote.version == version)
    done = session.execute(waits.values(version=Quote.version + 1), execution_options={"synchronize_session": False})
    session.refresh(quote)
    reach("deal:seized")
    if not (isinstance(done, CursorResult) and done.rowcount):
        raise _decided(quote)
    return quote


def _decided(quote: Quote) -> DomainError:
    """Who decided an intent, when and why."""
    at = quote.decided_at or quote.submitted_at
    said = {"who": quote.decided_by, "ago": _ago(at, now()), "at": clock_time(at), "reason": _sentence(quote.note)}
    refusals: dict[QuoteStatus, type[DomainError]] = {
        QuoteStatus.PENDING: SentAgainMeanwhile,
        QuoteStatus.REJECTED: AlreadyRejected,
        QuoteStatus.RETURNED: AlreadyReturned,
        QuoteStatus.WITHDRAWN: AlreadyWithdrawn,
    }
    return refusals.get(quote.status, AlreadyApproved)(**said)


def _ago(at: datetime, when: datetime) -> str:
    seconds = int((when - at).total_seconds())
    return f"{max(seconds, 0)} s ago" if seconds < 60 else ago(at, when)


def _sentence(note: str) -> str:
    text = " ".join(note.split())
    text = f"{text[:200]}…" if len(text) > 200 else text
    return text if text.endswith((".", "!", "?", "…", "؟")) else f"{text}."


def _judge(session: Session, quote: Quote, verdict: Verdict, note: str, override: str = "", *, by: Actor) -> datetime:
    """Keep the decision; the database takes one only of an intent that waits."""
    at = now()
    review = Review(quote_id=quote.id, verdict=verdict, at=at, by=by.name, note=note, override=override)
    review.submitted_at = quote.submitted_at
    session.add(review)
    session.flush()
    reach("deal:review")
    quote.note, quote.decided_at, quote.decided_by = note, at, by.name
    return at


def _turned_down(
    session: Session, quote_id: UUID, verdict: Verdict, status: QuoteStatus, note: str, version: int, *, by: Actor
) -> Quote:
    note = _said(note)
    if not note:
        raise NoteNeeded
    quote = _seized(session, quote_id, version)
    _judge(session, quote, verdict, note, by=by)
    quote.status = status
    session.flush()
    reach("deal:decided")
    return quote


def _tell(session: Session, quote: Quote, kind: Kind, *, by: Actor) -> None:
    note_timeline(session, partner_of(session, quote).id, kind, by=by, reference=quote.reference)
