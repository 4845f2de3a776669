"""Beginning a signing; part of whatever somebody does first."""

from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.errors import Conflict
from core.format import instant
from core.nda.instruments import meant_for
from core.nda.models import Instrument, NdaSigning
from core.nda.readiness import check_access
from core.nda.rows import ensure_text, find_current_nda, find_left_signing, find_open_signing, invited_in, own_partner
from core.nda.steps import may_be_signed_anew
from core.partners.models import Partner


class AlreadySigned(Conflict):
    """Already signed: {reference} at {time}."""


def begun(session: Session, language: str, *, by: Actor) -> NdaSigning:
    instrument = meant_for(by)
    lock(session, f"nda-session:{by.session}")
    partner, company = own_partner(session, by), own_company(session)
    access = check_access(session, partner, company, by=by, held=False)
    refuse_signed(session, partner, instrument)
    row = find_open_signing(session, access.id)
    if row is not None:
        return row
    ensure_text(session, instrument, by=by)
    invited = invited_in(session, partner, access.id)
    row = NdaSigning(instrument=instrument, partner_id=partner.id, session_id=access.id)
    row.begun_at, row.clause_ms = now(), {}
    row.handover_id = invited.handover.id if invited.handover else None
    row.email, row.language = invited.email, "ar" if language == "ar" else "en"
    left = find_left_signing(session, access.id, email=invited.email)
    row.signature = left.signature if left else ""
    session.add(row)
    session.flush()
    return row


def refuse_signed(session: Session, partner: Partner, instrument: Instrument) -> None:
    current = find_current_nda(session, partner.id, instrument)
    if current is not None and not may_be_signed_anew(current, now()):
        zone = own_company(session).time_zone
        raise AlreadySigned(reference=current.reference, time=instant(current.signed_at, zone=zone))
