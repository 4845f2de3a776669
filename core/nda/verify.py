"""Whether a PDF is a signed NDA exactly as it was sealed, and if not, why not.

Accepted is only a file that its one seal covers from first to last byte, allowing no change, made by a certificate
that is trusted, and whose evidence and texts agree with each other, with the seal, and with our record where we have
one. The bytes a signature leaves open (the room around itself) are checked too, so no byte can change unnoticed.
"""

import hashlib
import io
import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import algos, cms
from pydantic import ValidationError
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import CMSExtractionError, SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.nda.certificate import EVIDENCE, TEXTS
from core.nda.evidence import Evidence
from core.nda.seal import Chain, fingerprint, run

MOST_BYTES = 25_000_000
_BROKEN = (
    PdfError,
    SignatureValidationError,
    CMSExtractionError,
    SigningError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    zlib.error,
)
"""What reading a file that somebody bent may end in."""

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
# A stranger's file would fill the log with the library's tracebacks; what we found is in the verdict.


@dataclass(frozen=True)
class Expected:
    """What our record says of the NDA that a file claims to be."""

    reference: str
    evidence_sha256: str
    pdf_sha256: str
    certificate_sha256: str


@dataclass(frozen=True)
class Verdict:
    """``reason_key``: words for people, ``nda.verify.…``. The rest is known only as far as the file could be believed.

    ``timestamped_at``: by a timestamp server, where one was asked.
    """

    ok: bool
    reason_key: str
    pdf_sha256: str = ""
    certificate_sha256: str = ""
    evidence: Evidence | None = None
    timestamped_at: datetime | None = None


class _Refused(Exception):
    """A check that a file did not pass; the reason's key without its beginning."""


def verify(pdf: bytes, *, trusted: Sequence[Chain], expected: Expected | None = None) -> Verdict:
    """Check a PDF, with no database and no network. ``trusted``: the chains of sealing certificates we know."""
    verdict = Verdict(False, "", hashlib.sha256(pdf).hexdigest())
    if len(pdf) > MOST_BYTES or not pdf.startswith(b"%PDF-"):
        return replace(verdict, reason_key=_key("not_a_pdf"))
    try:
        reader, seal, chain, status = _read(pdf, trusted)
        stamp = status.timestamp_validity
        verdict = replace(
            verdict, certificate_sha256=fingerprint(chain[0]), timestamped_at=stamp.timestamp if stamp else None
        )
        evidence = _evidence_of(reader, seal)
        verdict = replace(verdict, evidence=evidence)
        _compare(verdict, evidence, expected)
    except _Refused as refusal:
        return replace(verdict, reason_key=_key(str(refusal)))
    return replace(verdict, ok=True, reason_key=_key("ok"))


def _key(reason: str) -> str:
    return f"nda.verify.{reason}"


_Read = tuple[PdfFileReader, EmbeddedPdfSignature, Chain, PdfSignatureStatus]


def _read(pdf: bytes, trusted: Sequence[Chain]) -> _Read:
    try:
        return _seal_of(pdf, trusted)
    except _BROKEN:
        raise _Refused("changed") from None


def _seal_of(pdf: bytes, trusted: Sequence[Chain]) -> _Read:
    reader = PdfFileReader(io.BytesIO(pdf))
    seals = reader.embedded_signatures
    if not seals:
        raise _Refused("no_signature")
    seal = seals[0]
    context = ValidationContext(trust_roots=[chain[0] for chain in trusted], allow_fetching=False)
    status = run(async_validate_pdf_signature(seal, signer_validation_context=context))
    if not status.intact:
        raise _Refused("changed")
    if len(seals) > 1 or status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise _Refused("appended")
    if not status.valid:
        raise _Refused("bad_seal")
    chain = next((chain for chain in trusted if chain[0].dump() == seal.signer_cert.dump()), None)
    if not status.trusted or chain is None:
        raise _Refused("foreign_seal")
    if not status.docmdp_ok or seal.docmdp_level is not MDPPerm.NO_CHANGES:
        raise _Refused("open_to_change")
    stamp = status.timestamp_validity
    if not _is_clean(pdf, seal, chain) or (stamp is not None and not (stamp.intact and stamp.valid)):
        raise _Refused("bad_seal")
    return reader, seal, chain, status


def _is_clean(pdf: bytes, seal: EmbeddedPdfSignature, chain: Chain) -> bool:
    """Whether the gap that the signature leaves for itself holds that signature as we write it, and nothing else."""
    start, end = seal.byte_range[1], seal.byte_range[2]
    written = _as_written(seal, chain).hex().upper().encode()
    return pdf[start:end] == b"<" + written.ljust(end - start - 2, b"0") + b">"


def _as_written(seal: EmbeddedPdfSignature, chain: Chain) -> bytes:
    """The signature's container made anew from what it says, so that a bent byte nobody reads shows."""
    info, leaf = seal.signer_info, chain[0]
    issuer = {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
    fresh = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(issuer)}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signature_algorithm": algos.SignedDigestAlgorithm(
            {"algorithm": info["signature_algorithm"]["algorithm"].native}
        ),
        "signed_attrs": _spelled(info["signed_attrs"]),
        "signature": info["signature"].native,
    }
    if len(info["unsigned_attrs"]):
        fresh["unsigned_attrs"] = _spelled(info["unsigned_attrs"])
    signed = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms([algos.DigestAlgorithm({"algorithm": "sha256"})]),
        "encap_content_info": {"content_type": "data"},
        "certificates": list(chain),
        "signer_infos": [cms.SignerInfo(fresh)],
    }
    container = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
    written: bytes = container.dump()
    return written


def _spelled(attributes: cms.CMSAttributes) -> cms.CMSAttributes:
    """The same attributes in their one spelling."""
    attributes.dump(force=True)
    return attributes


def _evidence_of(reader: PdfFileReader, seal: EmbeddedPdfSignature) -> Evidence:
    try:
        files = dict(_attached(reader))
        evidence = Evidence.model_validate_json(files[EVIDENCE])
    except (LookupError, ValidationError):
        raise _Refused("no_evidence") from None
    if not files.keys() >= set(TEXTS.values()):
        raise _Refused("no_evidence")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    agrees = (
        hashes[EVIDENCE] == evidence.sha256()
        and hashes[TEXTS["en"]] == evidence.text.sha256_en
        and hashes[TEXTS["ar"]] == evidence.text.sha256_ar
        and seal.self_reported_timestamp == evidence.signed_at.replace(microsecond=0)
    )
    if not agrees:
        raise _Refused("evidence_altered")
    return evidence


def _attached(reader: PdfFileReader) -> Iterator[tuple[str, bytes]]:
    names = reader.root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", ())
    for at in range(0, len(names), 2):
        yield str(names[at]), names[at + 1]["/EF"]["/F"].data


def _compare(verdict: Verdict, evidence: Evidence, expected: Expected | None) -> None:
    if expected is None:
        return
    if evidence.reference != expected.reference:
        raise _Refused("other_record")
    if evidence.sha256() != expected.evidence_sha256:
        raise _Refused("other_evidence")
    if verdict.certificate_sha256 != expected.certificate_sha256:
        raise _Refused("other_certificate")
    if verdict.pdf_sha256 != expected.pdf_sha256:
        raise _Refused("other_copy")
