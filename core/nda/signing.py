"""Keeping a signature: the record, its PDF, the move, the entries and the mails, all in one transaction.

Drawing and sealing the PDF takes far longer than writing the rows, and the PDF holds the number, which is taken last.
So a PDF may be prepared for the number that is expected, before the write begins (see ``core.nda.ceremony``). When the
write comes to the very same evidence it keeps that PDF, and draws another one when it does not: what is kept never
depends on what was prepared.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.access import codes, devices
from core.access.kinds import SessionKind
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.failpoints import reach
from core.nda import letters
from core.nda.gathering import Prepared, certified, chain_head, evidence_of
from core.nda.instruments import named, number_of
from core.nda.models import Form, Instrument, Nda, SigningState
from core.nda.numbering import take_number
from core.nda.readiness import CodeFirst, Ready, Wish
from core.partners.moves import nda_was_signed
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import file_away
from core.vault.models import Origin, SpaceKind
from core.vault.storage import digest

FRESH = timedelta(minutes=2)
"""How old a prepared PDF may be: its evidence says when it was signed."""
TITLES = {
    Instrument.NDA: ("NDA — Signed", "اتفاقية عدم الإفصاح — موقّعة"),
    Instrument.RESELLER: ("Reseller agreement — Signed", "اتفاقية الموزّع — موقّعة"),
}
PLACES = {
    Instrument.NDA: (SpaceKind.VAULT, Origin.SIGNED_NDA),
    Instrument.RESELLER: (SpaceKind.DEALS, Origin.SIGNED_AGREEMENT),
}
"""Where the PDF is kept, and as what: the room's guests have nothing to do with what the reseller's people sign."""


@dataclass(frozen=True)
class Signed:
    """A signature that is kept. ``already``: it was there before; then say ``nda.already_signed``."""

    id: UUID
    reference: str
    signer: str
    signed_at: datetime
    expires_at: datetime
    document_id: UUID | None
    already: bool = False


def as_signed(nda: Nda, *, already: bool) -> Signed:
    """What is kept as the answer to its signer."""
    return Signed(nda.id, nda.reference, nda.signer_name, nda.signed_at, nda.expires_at, nda.document_id, already)


def keep(session: Session, ready: Ready, wish: Wish, *, prepared: Prepared | None, by: Actor) -> Signed:
    """Keep a signature with everything that belongs to it.

    Raises:
        CodeFirst: the code was spent meanwhile.
    """
    if not codes.use(session, ready.code):
        raise CodeFirst(address=codes.masked(ready.invited.email))
    made = _made(session, ready, wish, prepared, by=by)
    by = replace(by, name=ready.row.name)
    nda = kept_nda(session, ready, made, by=by)
    _end_signing(ready, nda)
    if ready.instrument is Instrument.NDA:
        nda_was_signed(session, ready.partner, expires_at=nda.expires_at, by=by)
    reach("nda:moved")
    note_timeline(
        session,
        ready.partner.id,
        named(Kind.NDA_SIGNED, ready.instrument),
        by=by,
        at=nda.signed_at,
        signer=ready.row.name,
        reference=nda.reference,
    )
    letters.tell_signed(session, ready.company, ready.partner, nda, pdf=made.sealed.pdf, language=ready.row.language)
    _let_further_in(session, ready)
    record(session, named(Tag.NDA_SIGN, ready.instrument), by=by, subject=nda, after=_told_to_audit(nda, ready))
    return as_signed(nda, already=False)


def _made(session: Session, ready: Ready, wish: Wish, prepared: Prepared | None, *, by: Actor) -> Prepared:
    """The evidence with the number taken, and its PDF: the prepared one, if it is of this very evidence."""
    number, at, chain = take_number(session, ready.instrument, by=by), now(), None
    reach("nda:number")
    if prepared is not None and at - FRESH < prepared.evidence.signed_at <= at:
        at, chain = prepared.evidence.signed_at, prepared.evidence.chain
    evidence = evidence_of(ready, wish, number=number, at=at, chain=chain or chain_head(session), by=by)
    if prepared is not None and prepared.evidence == evidence:
        return prepared
    return certified(ready, evidence)


def kept_nda(session: Session, ready: Ready, made: Prepared, *, by: Actor) -> Nda:
    """The record of a signature and its PDF in the vault."""
    evidence, partner, pdf = made.evidence, ready.partner, made.sealed.pdf
    at, (title, title_ar), (kind, origin) = evidence.signed_at, TITLES[ready.instrument], PLACES[ready.instrument]
    document = file_away(
        session, partner, title=title, title_ar=title_ar, file_name=f"{evidence.reference}.pdf", data=pdf,
        media_type="application/pdf", origin=origin, kind=kind, by=by, at=at,
    )  # fmt: skip
    supersede(session, ready.current, at=at)
    nda = Nda(instrument=ready.instrument, partner_id=partner.id, reference=evidence.reference)
    nda.number = number_of(evidence.reference)
    nda.form, nda.text_id, nda.document_id = Form.ELECTRONIC, ready.text.id, document.id
    nda.signer_name, nda.signer_title, nda.signer_email = ready.row.name, ready.row.title, ready.invited.email
    nda.signature, nda.signed_at, nda.expires_at = ready.name, at, evidence.expires_at
    nda.evidence, nda.evidence_sha256 = evidence.model_dump(mode="json"), evidence.sha256()
    nda.pdf_sha256, nda.certificate_sha256 = digest(pdf), made.sealed.certificate_sha256
    nda.recorded_by = by.name
    session.add(nda)
    session.flush()
    reach("nda:row")
    return nda


def supersede(session: Session, nda: Nda | None, *, at: datetime) -> None:
    """Mark that a later one takes the place of this one; written before the later one is."""
    if nda is not None:
        nda.superseded_at = at
        session.flush()


def _end_signing(ready: Ready, nda: Nda) -> None:
    row = ready.row
    row.state, row.ended_at = SigningState.SIGNED, nda.signed_at
    row.signature, row.email = nda.signature, nda.signer_email


def _let_further_in(session: Session, ready: Ready) -> None:
    """The mailbox was proved: a reader's session opens the room from now on, and the browser is trusted."""
    access, device = ready.access, ready.access.device_hash
    if access.contact_id is None:
        access.kind = SessionKind.ROOM
    elif device:
        device = devices.known_as(device, access.contact_id)
    if device:
        devices.trust(session, ready.partner.id, device, address=ready.invited.email)
    session.flush()
    reach("nda:room")


def _told_to_audit(nda: Nda, ready: Ready) -> dict[str, Any]:
    return {
        "reference": nda.reference,
        "signer": nda.signer_name,
        "email": nda.signer_email,
        "text": ready.text.number,
        "expires_at": nda.expires_at,
        "evidence_sha256": nda.evidence_sha256,
        "pdf_sha256": nda.pdf_sha256,
    }
