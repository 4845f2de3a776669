"""What a reseller's people do with an intent: write it, submit it, answer questions, withdraw it."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now, today
from core.companies.rows import own_company
from core.contacts.money import sees_money
from core.db import lock
from core.deals import letters, names
from core.deals.certified import require_certificate
from core.deals.collision import Sighting
from core.deals.lookalikes import customer_for
from core.deals.models import DealDraft, Product, Quote, Territory
from core.deals.numbering import Series, reference, take
from core.deals.protection import wait
from core.deals.rows import get_own_deal, partner_of
from core.deals.states import QuoteKind, QuoteStatus
from core.deals.terms import DRAFT_AMOUNT, NewDeal
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

ONCE_WITHIN = timedelta(minutes=1)
"""How long the same is taken for a second press, whatever became of the first."""
MOST_OF_A_DRAFT = 30
"""Fields of a form that a draft keeps."""
_UNSYNCED = {"synchronize_session": False}


class AlreadySubmitted(Conflict):
    """You already submitted this: {reference}."""


class SubmittedByColleague(Conflict):
    """A colleague of yours already submitted this: {reference}."""


class OfferedNoMore(Invalid):
    """This product or territory is not offered any more. Choose another one."""


class DecidedMeanwhile(Conflict):
    """{reference} was decided meanwhile. Nothing changed; look at its new state."""


class NotReturned(Conflict):
    """{reference} is in review. It can be changed when it comes back with questions."""


class DealChanged(Conflict):
    """Somebody changed this deal meanwhile. Look at the new state and try again."""


@permits(Act.SUBMIT_DEALS)
def save_draft(session: Session, *, content: Mapping[str, str], by: Actor) -> None:
    """Keep what a contact typed so far; an empty ``content`` forgets it. One draft a contact.

    An amount typed before stays where it was not shown, and so could not be taken out.

    Raises:
        Invalid: a text is too long or cannot be stored.
    """
    lock(session, f"draft:{by.id}")
    if not content:
        _forget_draft(session, by)
        return
    kept = {
        name[:60]: fields.body(str(text), name="The draft") for name, text in list(content.items())[:MOST_OF_A_DRAFT]
    }
    row = session.scalars(select(DealDraft).where(DealDraft.contact_id == by.id)).one_or_none()
    if row is None:
        session.add(DealDraft(contact_id=by.id, content=kept, saved_at=now()))
    else:
        if DRAFT_AMOUNT in row.content and not sees_money(session):
            kept.setdefault(DRAFT_AMOUNT, row.content[DRAFT_AMOUNT])
        row.content, row.saved_at = kept, now()
    session.flush()


@permits(Act.SUBMIT_DEALS)
def submit(session: Session, *, deal: NewDeal, by: Actor) -> Quote:
    """Register a deal; it waits for a review. The contact's draft is gone with it.

    Raises:
        AlreadySubmitted, SubmittedByColleague: the same waits for its review, or was pressed twice within a minute.
        CertificateNeeded: nobody at the reseller is certified in what the product asks for.
        OfferedNoMore, Invalid: something of it cannot be used; the message names it.
    """
    lock(session, f"deals:{by.partner}")
    values = _filled_in(session, deal)
    require_certificate(session, deal.product_id, by)
    _refuse_twice(session, values["submitted_key"], by)
    quote = _numbered(session, by.partner, by.id, by=by)
    _keep(session, quote, values)
    _forget_draft(session, by)
    _tell(session, quote, Tag.INTENT_SUBMIT, by=by)
    return quote


def register_for(session: Session, partner: Partner, deal: NewDeal, *, by: Actor) -> Quote | None:
    """Register a deal for a reseller, as part of an import: nobody is mailed. None where the same waits already.

    Raises:
        OfferedNoMore, Invalid
    """
    lock(session, f"deals:{partner.id}")
    values = _filled_in(session, deal)
    waits = (Quote.partner_id == partner.id, Quote.status == QuoteStatus.PENDING)
    same = select(Quote.id).where(*waits, Quote.submitted_key == values["submitted_key"])
    if session.scalar(same.limit(1)) is not None:
        return None
    quote = _numbered(session, partner.id, None, by=by)
    _keep(session, quote, values)
    wait(session, quote)
    what, who = quote.reference, quote.customer_name
    note_timeline(session, partner.id, Kind.INTENT_SUBMITTED, by=by, reference=what, customer=who)
    return quote


def _numbered(session: Session, partner_id: UUID | None, contact_id: UUID | None, *, by: Actor) -> Quote:
    """An intent with the next number, for the rest to be filled in."""
    number = take(session, Series.INTENT, by=by)
    reach("deal:number")
    quote = Quote(number=number, reference=reference(Series.INTENT, number), partner_id=partner_id)
    quote.contact_id, quote.kind = contact_id, QuoteKind.PARTNER_INTENT
    return quote


@permits(Act.SUBMIT_DEALS)
def resubmit(session: Session, quote_id: UUID, *, deal: NewDeal, version: int, by: Actor) -> Quote:
    """Send a returned intent again, as it was changed; the review's clock starts anew.

    Raises:
        AlreadySubmitted, NotReturned, DecidedMeanwhile: it does not wait for an answer.
        DealChanged: it was changed since it was seen.
        CertificateNeeded, NotFound, OfferedNoMore, Invalid
    """
    lock(session, f"deals:{by.partner}")
    quote = get_own_deal(session, quote_id, by=by)
    values = _filled_in(session, deal)
    require_certificate(session, deal.product_id, by)
    _seize(session, quote, (QuoteStatus.RETURNED,), version=version, key=values["submitted_key"])
    _refuse_twice(session, values["submitted_key"], by, but=quote_id)
    quote.decided_at, quote.decided_by, quote.escalated_at = None, "", None
    _keep(session, quote, values)
    _tell(session, quote, Tag.INTENT_RESUBMIT, by=by)
    return quote


@permits(Act.SUBMIT_DEALS)
def withdraw(session: Session, quote_id: UUID, *, by: Actor) -> Quote:
    """Take an intent back that was not decided yet; the partner's owner is told.

    Raises:
        DecidedMeanwhile: it was decided, or withdrawn already.
        NotFound: there is none, or it is somebody else's.
    """
    quote = get_own_deal(session, quote_id, by=by)
    before = {"status": quote.status}
    _seize(session, quote, (QuoteStatus.PENDING, QuoteStatus.RETURNED))
    quote.status, quote.decided_at, quote.decided_by = QuoteStatus.WITHDRAWN, now(), by.name
    session.flush()
    reach("deal:withdrawn")
    partner = partner_of(session, quote)
    note_timeline(session, partner.id, Kind.INTENT_WITHDRAWN, by=by, reference=quote.reference)
    letters.tell_withdrawn(session, own_company(session), partner, quote, by=by)
    record(session, Tag.INTENT_WITHDRAW, by=by, subject=quote, before=before, after={"status": quote.status})
    return quote


def _filled_in(session: Session, deal: NewDeal) -> dict[str, Any]:
    """The intent's columns, with the customer it is for and the key of all that makes it the same as another."""
    values = deal.cleaned(today(own_company(session).time_zone))
    product, territory = session.get(Product, deal.product_id), session.get(Territory, deal.territory_id)
    if product is None or product.withdrawn_at or territory is None or territory.withdrawn_at:
        raise OfferedNoMore
    seen = Sighting(
        values["customer_name"],
        domain=names.domain_of(deal.customer_domain),
        registration=names.registration(deal.customer_registration),
    )
    values["customer_id"] = customer_for(session, seen).id
    same = ("customer_id", "product_id", "territory_id", "amount", "currency", "close_on")
    text = "\n".join(str(values[name]) for name in same)
    return values | {"submitted_key": sha256(text.encode()).hexdigest()}


def _refuse_twice(session: Session, key: str, by: Actor, *, but: UUID | None = None) -> None:
    """Refuse what waits already, or was submitted a moment ago."""
    fresh = (Quote.status == QuoteStatus.PENDING) | (Quote.submitted_at > now() - ONCE_WITHIN)
    same = select(Quote).where(Quote.partner_id == by.partner, Quote.submitted_key == key, Quote.id != but, fresh)
    found = session.scalars(same.limit(1)).one_or_none()
    if found is not None:
        refusal = AlreadySubmitted if found.contact_id == by.id else SubmittedByColleague
        raise refusal(reference=found.reference)


def _seize(
    session: Session, quote: Quote, open_in: tuple[QuoteStatus, ...], *, version: int | None = None, key: str = ""
) -> None:
    """Take the intent out of everybody else's hands until the transaction ends, while it stands as it should."""
    as_seen = [Quote.version == version] if version is not None else []
    free = update(Quote).where(Quote.id == quote.id, Quote.status.in_(open_in), *as_seen)
    done = session.execute(free.values(version=Quote.version + 1), execution_options=_UNSYNCED)
    session.refresh(quote)
    reach("deal:seized")
    if isinstance(done, CursorResult) and done.rowcount:
        return
    if quote.status in open_in:
        raise DealChanged
    if quote.status is QuoteStatus.PENDING:
        raise (AlreadySubmitted if quote.submitted_key == key else NotReturned)(reference=quote.reference)
    raise DecidedMeanwhile(reference=quote.reference)


def _keep(session: Session, quote: Quote, values: Mapping[str, Any]) -> None:
    quote.status, quote.submitted_at = QuoteStatus.PENDING, now()
    for name, value in values.items():
        setattr(quote, name, value)
    session.add(quote)
    session.flush()
    reach("deal:row")


def _forget_draft(session: Session, by: Actor) -> None:
    session.execute(delete(DealDraft).where(DealDraft.contact_id == by.id), execution_options=_UNSYNCED)


def _tell(session: Session, quote: Quote, tag: Tag, *, by: Actor) -> None:
    """Note a submission everywhere it is to be read; where another's protection is in the way, it waits for its end."""
    wait(session, quote)
    partner = partner_of(session, quote)
    who, what = quote.customer_name, quote.reference
    note_timeline(session, partner.id, Kind.INTENT_SUBMITTED, by=by, reference=what, customer=who)
    letters.tell_submitted(session, own_company(session), partner, quote, by=by)
    after = {
        "reference": what,
        "customer": who,
        "partner": partner.name,
        "amount": quote.amount,
        "currency": quote.currency,
    }
    record(session, tag, by=by, subject=quote, after=after)
