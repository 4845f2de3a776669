"""What else a person may do than sign: decline, or have a colleague sign. ``core.nda.service`` offers both."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.errors import Conflict, Invalid, TooManyAttempts
from core.failpoints import reach
from core.nda import handover, letters
from core.nda.beginning import begun
from core.nda.instruments import meant_for, named
from core.nda.models import Instrument, NdaHandover, SigningState
from core.nda.readiness import SignatureUnusable
from core.nda.rows import invited_in, own_partner
from core.nda.steps import full_name
from core.partners.hosts import owner_name
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

MOST_HANDOVERS_A_DAY = 5


class ReasonNeeded(Invalid):
    """Say why in a few words."""


class HandedToSelf(Invalid):
    """This is the address that is invited already. Give your colleague's address."""


class OnlyPrincipalsSign(Conflict):
    """Only a principal signs the reseller agreement. Make your colleague a principal on the team page."""


class TooManyHandovers(TooManyAttempts):
    """The signing was handed over too often today. Try again tomorrow, or contact {owner}."""


@permits(Act.SIGN_AGREEMENT)
def decline(session: Session, *, reason: str, language: str = "en", by: Actor) -> None:
    """Decline to sign, and say why; the owner is mailed. It can be begun anew later.

    Raises:
        ReasonNeeded: no reason was given.
        AlreadySigned, AccessWithdrawn: see ``begin``.
    """
    why = fields.body(reason, name="The reason", most=2_000)
    if not why:
        raise ReasonNeeded
    lock(session, f"{meant_for(by)}:{by.partner}")
    row, partner, company = begun(session, language, by=by), own_partner(session, by), own_company(session)
    row.state, row.reason, row.ended_at = SigningState.DECLINED, why, now()
    signer = row.name or invited_in(session, partner, by.session).name or partner.name
    session.flush()
    reach("nda:declined")
    by = replace(by, name=signer)
    note_timeline(session, partner.id, named(Kind.NDA_DECLINED, row.instrument), by=by, signer=signer, reason=why)
    letters.tell_declined(session, company, partner, row, signer=signer)
    after = {"signer": signer, "reason": why}
    record(session, named(Tag.NDA_DECLINE, row.instrument), by=by, subject=partner, after=after)


@permits(Act.SIGN_AGREEMENT)
def hand_over(
    session: Session, *, name: str, email: str, title: str = "", language: str = "en", by: Actor
) -> NdaHandover:
    """Have a colleague sign instead: mail them a link of their own. Links handed out earlier stop working.

    Raises:
        Invalid, SignatureUnusable: the name or the address cannot be used.
        HandedToSelf: it is the address that is invited already.
        TooManyHandovers: five were made today.
        AlreadySigned, AccessWithdrawn: see ``begin``.
        OnlyPrincipalsSign: it is the reseller agreement.
    """
    if meant_for(by) is Instrument.RESELLER:
        raise OnlyPrincipalsSign
    lock(session, f"nda:{by.partner}")
    row, partner, company = begun(session, language, by=by), own_partner(session, by), own_company(session)
    invited, known = invited_in(session, partner, by.session), full_name(name)
    if known is None:
        raise SignatureUnusable
    if fields.email(email) == invited.email:
        raise HandedToSelf
    day = now() - timedelta(days=1)
    if len(handover.recent(session, partner.id, since=day)) >= MOST_HANDOVERS_A_DAY:
        raise TooManyHandovers(retry_at=now() + timedelta(days=1), owner=owner_name(session, partner, company))
    handover.revoke(session, partner.id)
    asked_by = row.name or invited.name or partner.name
    made = handover.invite_to_sign(session, partner, name=known, email=email, title=title, asked_by=asked_by)
    row.state, row.ended_at = SigningState.HANDED_OVER, now()
    session.flush()
    reach("nda:handed_over")
    by = replace(by, name=asked_by)
    note_timeline(session, partner.id, Kind.NDA_HANDED_OVER, by=by, signer=made.name)
    letters.send_hand_over(session, company, partner, made)
    record(session, Tag.NDA_HAND_OVER, by=by, subject=partner, after={"to": made.email, "handover": made.id})
    return made
