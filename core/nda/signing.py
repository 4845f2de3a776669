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
from core.nda.models import Form, Nda, SigningState
from core.nda.numbering import take_number
from core.nda.readiness import CodeFirst, Ready, Wish
from core.partners.moves import nda_was_signed
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import file_away
from core.vault.models import Origin
from core.vault.storage import digest

FRESH = timedelta(minutes=2)
"""How old a prepared PDF may be: its evidence says when it was signed."""
TITLE, TITLE_AR = "NDA — Signed", "اتفاقية عدم الإفصاح — موقّعة"


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
    """A kept NDA as the answer to its signer."""
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
    nda_was_signed(session, ready.partner, expires_at=nda.expires_at, by=by)
    reach("nda:moved")
    note_timeline(
        session,
        ready.partner.id,
        Kind.NDA_SIGNED,
        by=by,
        at=nda.signed_at,
        signer=ready.row.name,
        reference=nda.reference,
    )
    letters.tell_signed(session, ready.company, ready.partner, nda, pdf=made.sealed.pdf, language=ready.row.language)
    _let_into_the_room(session, ready)
    record(session, Tag.NDA_SIGN, by=by, subject=nda, after=_told_to_audit(nda, ready))
    return as_signed(nda, already=False)


def _made(session: Session, ready: Ready, wish: Wish, prepared: Prepared | None, *, by: Actor) -> Prepared:
    """The evidence with the number taken, and its PDF: the prepared one, if it is of this very evidence."""
    number, at, chain = take_number(session, by=by), now(), None
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
    at = evidence.signed_at
    document = file_away(
        session,
        partner,
        title=TITLE,
        title_ar=TITLE_AR,
        file_name=f"{evidence.reference}.pdf",
        data=pdf,
        media_type="application/pdf",
        origin=Origin.SIGNED_NDA,
        by=by,
        at=at,
    )
    supersede(session, ready.current, at=at)
    nda = Nda(partner_id=partner.id, number=int(evidence.reference[4:]), reference=evidence.reference)
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
    """Mark that a later NDA takes the place of this one; written before the later one is."""
    if nda is not None:
        nda.superseded_at = at
        session.flush()


def _end_signing(ready: Ready, nda: Nda) -> None:
    row = ready.row
    row.state, row.ended_at = SigningState.SIGNED, nda.signed_at
    row.signature, row.email = nda.signature, nda.signer_email


def _let_into_the_room(session: Session, ready: Ready) -> None:
    """The mailbox was proved: the session opens the room from now on, and its browser is trusted."""
    ready.access.kind = SessionKind.ROOM
    if ready.access.device_hash:
        devices.trust(session, ready.partner.id, ready.access.device_hash, address=ready.invited.email)
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
