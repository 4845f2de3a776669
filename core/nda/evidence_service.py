"""What staff may do with the evidence of a signed agreement: check every hash of it, and take it along as one file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit import anchors
from core.audit.chain import START, Link, link_hash
from core.audit.models import AuditEntry
from core.audit.service import hashed_texts, record
from core.audit.tags import Tag
from core.errors import NotFound
from core.keys import audit_key
from core.nda.audit_slice import to_data
from core.nda.bundle import Contents, make
from core.nda.evidence import Evidence, PaperEvidence
from core.nda.instruments import instrument_of, named
from core.nda.models import Instrument, Nda, NdaText
from core.nda.rows import agreement_of, get_nda
from core.nda.seal import Chain, chain_of, trusted
from core.nda.texts import LANGUAGES, filled, sha256_of
from core.nda.verify import Expected, verify
from core.vault.models import DocumentVersion
from core.vault.storage import BytesMissing, blobs

_EITHER: TypeAdapter[Evidence | PaperEvidence] = TypeAdapter(Evidence | PaperEvidence)


class EvidenceIncomplete(NotFound):
    """The evidence of {reference} cannot be put together: {what} is missing. Verify it to see what is wrong."""


@dataclass(frozen=True)
class Check:
    """One thing that was recomputed. Words: ``t(f"nda.check.{key}")``; ``reason_key``: further words, or empty."""

    key: str
    ok: bool
    reason_key: str = ""


@dataclass(frozen=True)
class Bundle:
    """A file to hand over."""

    file_name: str
    data: bytes


@permits(Act.READ_NDA)
def check(session: Session, nda_id: UUID, *, by: Actor) -> list[Check]:
    """Recompute every hash of one NDA from the database and the store.

    Raises:
        NotFound: there is none in this company.
    """
    nda = get_nda(session, nda_id)
    checks = list(_checks(session, nda))
    failed = [one.key for one in checks if not one.ok]
    after = {"checks": len(checks), "failed": failed}
    record(session, named(Tag.NDA_VERIFY, nda.instrument), by=by, subject=nda, after=after)
    return checks


def _checks(session: Session, nda: Nda) -> Iterator[Check]:
    try:
        evidence = _EITHER.validate_python(nda.evidence)
    except ValueError:
        yield Check("evidence", False)
        return
    yield Check("evidence", evidence.sha256() == nda.evidence_sha256)
    yield Check("record", _agrees(nda, evidence))
    if isinstance(evidence, Evidence):
        yield Check("text", _text_agrees(session.get(NdaText, nda.text_id), evidence))
    yield from _document_checks(session, nda, evidence)
    yield from _audit_checks(session, nda, evidence)


def _agrees(nda: Nda, evidence: Evidence | PaperEvidence) -> bool:
    """Whether the columns that lists show say what the evidence says."""
    is_electronic = isinstance(evidence, Evidence)
    name = evidence.signature if isinstance(evidence, Evidence) else evidence.signer.name
    kept = (nda.reference, nda.signer_name, nda.signer_email, nda.signer_title, nda.signed_at, nda.expires_at)
    said = (evidence.reference, name, evidence.signer.email, evidence.signer.title)
    return kept == (*said, evidence.signed_at, evidence.expires_at) and (not is_electronic or nda.signature == name)


def _text_agrees(text: NdaText | None, evidence: Evidence) -> bool:
    """Whether the kept version, with both parties filled in, is the text that was signed, and is unchanged itself."""
    if text is None or (text.number, text.instrument) != (evidence.text.number, instrument_of(evidence.reference)):
        return False
    template = agreement_of(text)
    signed = filled(template, company=evidence.company, partner=evidence.partner)
    hashes = [sha256_of(words, language) for words in (template, signed) for language in LANGUAGES]
    return hashes == [text.sha256_en, text.sha256_ar, evidence.text.sha256_en, evidence.text.sha256_ar]


def _document_checks(session: Session, nda: Nda, evidence: Evidence | PaperEvidence) -> Iterator[Check]:
    filed = nda.document_id is None or _find_version(session, nda) is not None
    try:
        data = blobs().read(nda.pdf_sha256)
    except BytesMissing:
        yield Check("document", False)
        return
    scan = evidence.scan_sha256 if isinstance(evidence, PaperEvidence) else nda.pdf_sha256
    yield Check("document", filed and scan == nda.pdf_sha256)
    if isinstance(evidence, Evidence):
        expected = Expected(nda.reference, nda.evidence_sha256, nda.pdf_sha256, nda.certificate_sha256)
        verdict = verify(data, trusted=trusted(), expected=expected)
        yield Check("seal", verdict.ok, verdict.reason_key)


def _find_version(session: Session, nda: Nda) -> DocumentVersion | None:
    """The filed document as it was when it was signed."""
    found = select(DocumentVersion).where(DocumentVersion.document_id == nda.document_id)
    return session.scalars(found.where(DocumentVersion.sha256 == nda.pdf_sha256).limit(1)).one_or_none()


def _audit_checks(session: Session, nda: Nda, evidence: Evidence | PaperEvidence) -> Iterator[Check]:
    entries = _entries(session, nda, evidence)
    yield Check("audit_entry", bool(entries) and _names(entries[-1], nda))
    head = evidence.chain
    before = _hash_of(session, head.seq)
    yield Check("audit_head", before is not None and before.hex() == head.hash)
    yield Check("audit_links", bool(entries) and before is not None and _links_hold(before, head.seq, entries))


def _entries(session: Session, nda: Nda, evidence: Evidence | PaperEvidence) -> Sequence[AuditEntry]:
    """The audit entries after the head that the evidence names, up to the one of the signing; empty: none is there."""
    tags = [Tag.NDA_RECORD_PAPER, *(named(Tag.NDA_SIGN, one) for one in Instrument)]
    signing = (AuditEntry.tag.in_(tags), AuditEntry.subject_id == nda.id)
    last = session.scalar(select(AuditEntry.seq).where(*signing).order_by(AuditEntry.seq).limit(1))
    if last is None:
        return []
    around = (AuditEntry.seq > evidence.chain.seq, AuditEntry.seq <= last)
    return session.scalars(select(AuditEntry).where(*around).order_by(AuditEntry.seq)).all()


def _names(entry: AuditEntry, nda: Nda) -> bool:
    after = json.loads(entry.after)
    return (after.get("evidence_sha256"), after.get("pdf_sha256")) == (nda.evidence_sha256, nda.pdf_sha256)


def _hash_of(session: Session, seq: int) -> bytes | None:
    if seq == 0:
        return START
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))


def _links_hold(before: bytes, seq: int, entries: Sequence[AuditEntry]) -> bool:
    for entry in entries:
        seq += 1
        made = link_hash(audit_key(), before, entry.seq, entry.at, entry.company_id, hashed_texts(entry))
        if entry.seq != seq or made != entry.hash:
            return False
        before = made
    return True


@permits(Act.MANAGE_NDA)
def bundle(session: Session, nda_id: UUID, *, by: Actor) -> Bundle:
    """The evidence of one NDA as a file, as it is kept; checking it is the file's own matter.

    Raises:
        NotFound: there is none in this company.
        EvidenceIncomplete: a part of it is not there any more.
    """
    nda = get_nda(session, nda_id)
    contents = _contents(session, nda)
    after = {"evidence_sha256": nda.evidence_sha256}
    record(session, named(Tag.NDA_EVIDENCE, nda.instrument), by=by, subject=nda, after=after)
    return Bundle(f"{nda.reference}-evidence.zip", make(contents))


def _contents(session: Session, nda: Nda) -> Contents:
    try:
        evidence = _EITHER.validate_python(nda.evidence)
    except ValueError:
        raise EvidenceIncomplete(reference=nda.reference, what="the evidence") from None
    version = _find_version(session, nda)
    text = session.get(NdaText, nda.text_id) if nda.text_id and isinstance(evidence, Evidence) else None
    return Contents(
        evidence=evidence,
        document=_document(nda),
        media_type=version.media_type if version else "application/pdf",
        agreement=filled(agreement_of(text), company=evidence.company, partner=evidence.partner) if text else None,
        chain=_chain(nda),
        audit=_slice(session, nda, evidence),
    )


def _document(nda: Nda) -> bytes:
    try:
        return blobs().read(nda.pdf_sha256)
    except BytesMissing:
        raise EvidenceIncomplete(reference=nda.reference, what="the document") from None


def _chain(nda: Nda) -> Chain | None:
    if not nda.certificate_sha256:
        return None
    try:
        return chain_of(nda.certificate_sha256)
    except NotFound:
        raise EvidenceIncomplete(reference=nda.reference, what="the sealing certificate") from None


def _slice(session: Session, nda: Nda, evidence: Evidence | PaperEvidence) -> dict[str, object]:
    """The audit entries of the signing, with the anchors that are nearest before and after it."""
    entries = _entries(session, nda, evidence)
    if not entries:
        raise EvidenceIncomplete(reference=nda.reference, what="the audit entry")
    company, last = entries[-1].company_id, entries[-1].seq
    links = [Link(one.seq, one.at, company, hashed_texts(one), bytes(one.hash)) for one in entries]
    kept = sorted(anchors.lines_of(company), key=lambda line: int(line["seq"]))
    near = [*[line for line in kept if line["seq"] < last][-1:], *[line for line in kept if line["seq"] >= last][:1]]
    return to_data(links, before=(evidence.chain.seq, evidence.chain.hash), anchors=near)
