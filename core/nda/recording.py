"""What the team does to agreements: record an NDA that was signed on paper, and countersign."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company
from core.companies.rows import own_company
from core.db import lock
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.nda.evidence import PaperEvidence, Signer, expiry
from core.nda.gathering import chain_head
from core.nda.instruments import named, number_of, reference
from core.nda.models import Form, Nda
from core.nda.numbering import take_number
from core.nda.rows import find_current_nda, get_nda, parties
from core.nda.signing import supersede
from core.nda.steps import RENEW_BEFORE, may_be_signed_anew
from core.partners.models import Partner
from core.partners.moves import nda_was_signed
from core.partners.rows import get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import file_away
from core.vault.intake import Taken
from core.vault.models import Origin

SCANS = ("application/pdf", "image/png")
TITLE, TITLE_AR = "NDA — Signed on paper", "اتفاقية عدم الإفصاح — موقّعة ورقيًا"


class StillValid(Conflict):
    """{reference} is valid until {until}. A new NDA can be recorded from {day}."""


class SignedInFuture(Invalid):
    """An NDA cannot be signed in the future. Choose today or an earlier day."""


class EndedAlready(Invalid):
    """An NDA signed on {signed} ended on {ended}. Record one that is still valid."""


class NoScan(Invalid):
    """Upload the scan of the signed NDA as a PDF or a PNG."""


class AlreadyCountersigned(Conflict):
    """Countersigned by {who} on {day} already."""


@permits(Act.MANAGE_NDA)
def record_paper(
    session: Session,
    partner_id: UUID,
    *,
    signer_name: str,
    signer_title: str = "",
    signer_email: str = "",
    signed_on: date,
    scan: Taken,
    by: Actor,
) -> Nda:
    """Record an NDA that was signed on paper; the partner moves as by a signature. ``scan``: ``intake.take_in``'s.

    Raises:
        NoScan: the file is neither a PDF nor a PNG.
        SignedInFuture, EndedAlready: the day cannot be right.
        StillValid: the partner's NDA is valid, and not yet to be renewed.
        Invalid: a name or an address cannot be used.
    """
    if scan.media_type not in SCANS:
        raise NoScan
    lock(session, f"nda:{partner_id}")
    partner, company = get_partner(session, partner_id), own_company(session)
    session.refresh(partner, with_for_update=True)
    signed_at = _start_of(signed_on, company)
    current = find_current_nda(session, partner_id)
    _check_days(company, current, signed_on, signed_at)
    signer = Signer(
        name=fields.line(signer_name, name="Signer's name"),
        title=fields.line(signer_title, name="Signer's title", least=0),
        email=fields.email(signer_email, name="Signer's e-mail") if signer_email.strip() else "",
    )
    evidence = _paper_evidence(session, company, partner, signer, signed_at, scan, by=by)
    nda = _kept(session, partner, current, evidence, scan, by=by)
    nda_was_signed(session, partner, expires_at=nda.expires_at, by=by)
    note_timeline(session, partner.id, Kind.NDA_RECORDED, by=by, signer=signer.name, reference=nda.reference)
    after = {"reference": nda.reference, "signer": signer.name, "signed_on": signed_on, "partner": partner.name}
    after |= {"evidence_sha256": nda.evidence_sha256, "pdf_sha256": nda.pdf_sha256}
    record(session, Tag.NDA_RECORD_PAPER, by=by, subject=nda, after=after)
    return nda


def _start_of(day: date, company: Company) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(company.time_zone))


def _local(at: datetime, company: Company) -> date:
    return at.astimezone(ZoneInfo(company.time_zone)).date()


def _check_days(company: Company, current: Nda | None, signed_on: date, signed_at: datetime) -> None:
    at = now()
    if signed_on > _local(at, company):
        raise SignedInFuture
    if expiry(signed_at) <= at:
        raise EndedAlready(signed=signed_on, ended=_local(expiry(signed_at), company))
    if current is not None and not may_be_signed_anew(current, at):
        raise StillValid(
            reference=current.reference,
            until=_local(current.expires_at, company),
            day=_local(current.expires_at - RENEW_BEFORE, company),
        )


def _paper_evidence(
    session: Session, company: Company, partner: Partner, signer: Signer, at: datetime, scan: Taken, *, by: Actor
) -> PaperEvidence:
    ours, theirs = parties(company, partner)
    chain = chain_head(session)
    number = take_number(session, by=by)
    reach("nda:number")
    return PaperEvidence(
        reference=reference(number),
        company=ours,
        partner=theirs,
        signer=signer,
        signed_at=at,
        expires_at=expiry(at),
        scan_sha256=scan.sha256,
        recorded_by=by.name,
        recorded_at=now(),
        chain=chain,
    )


def _kept(
    session: Session, partner: Partner, current: Nda | None, evidence: PaperEvidence, scan: Taken, *, by: Actor
) -> Nda:
    at = evidence.recorded_at
    document = file_away(
        session, partner, title=TITLE, title_ar=TITLE_AR, file_name=scan.file_name, data=scan.data,
        media_type=scan.media_type, origin=Origin.PAPER_NDA, by=by, at=at,
    )  # fmt: skip
    supersede(session, current, at=at)
    nda = Nda(partner_id=partner.id, number=number_of(evidence.reference), reference=evidence.reference)
    nda.form, nda.document_id = Form.PAPER, document.id
    nda.signer_name, nda.signer_title, nda.signer_email = (
        evidence.signer.name,
        evidence.signer.title,
        evidence.signer.email,
    )
    nda.signed_at, nda.expires_at = evidence.signed_at, evidence.expires_at
    nda.evidence, nda.evidence_sha256 = evidence.model_dump(mode="json"), evidence.sha256()
    nda.pdf_sha256, nda.recorded_by = scan.sha256, by.name[:200]
    session.add(nda)
    session.flush()
    reach("nda:row")
    return nda


@permits(Act.MANAGE_NDA)
def countersign(session: Session, nda_id: UUID, *, name: str, title: str = "", by: Actor) -> Nda:
    """Sign for the company, once, under a name and title that the record keeps. The sealed PDF stays as it is.

    Raises:
        AlreadyCountersigned: somebody did before.
        Invalid: the name or the title cannot be used.
    """
    nda, at = get_nda(session, nda_id), now()
    signer = fields.line(name, name="Name", least=2, most=120)
    values: dict[str, Any] = {"countersigned_at": at, "countersigned_by": signer}
    values["countersigned_title"] = fields.line(title, name="Title", least=0)
    first = update(Nda).where(Nda.id == nda_id, Nda.countersigned_at.is_(None)).values(**values)
    won = session.execute(first, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
    session.refresh(nda)
    if not won:
        day = _local(nda.countersigned_at or at, own_company(session))
        raise AlreadyCountersigned(who=nda.countersigned_by, day=day)
    reach("nda:countersigned")
    kind = named(Kind.NDA_COUNTERSIGNED, nda.instrument)
    note_timeline(session, nda.partner_id, kind, by=by, reference=nda.reference, signer=signer)
    after = {"reference": nda.reference, "signer": signer, "title": nda.countersigned_title}
    record(session, named(Tag.NDA_COUNTERSIGN, nda.instrument), by=by, subject=nda, after=after)
    return nda
