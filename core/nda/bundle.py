"""The evidence of one NDA as a file to hand over: everything that is needed to check it without us.

A zip of the PDF (or the scan), the evidence, the texts, the audit entries around the signing, the certificates, a
manifest with the SHA-256 of each file, and the manifest's signature. The same content gives the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.nda.certificate import EVIDENCE, TEXTS
from core.nda.evidence import Evidence, PaperEvidence
from core.nda.seal import Chain, sign, signing_chain, to_pem
from core.nda.texts import LANGUAGES, Agreement, canonical_text

VERSION = 1
MANIFEST, SIGNATURE, SIGNED_BY = "manifest.json", "manifest.sig", "manifest-certificate.pem"
AUDIT, CERTIFICATE, README = "audit.json", "certificate.pem", "README.txt"
SCANS = {"application/pdf": "scan.pdf", "image/png": "scan.png", "image/jpeg": "scan.jpg"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Contents:
    """What goes into a bundle.

    ``document``: the sealed PDF, or the scan with its ``media_type``. ``agreement``: filled in; None where the text
    is not ours. ``chain``: of the certificate that sealed the PDF; None for paper. ``audit``: by ``audit_slice``.
    """

    evidence: Evidence | PaperEvidence
    document: bytes
    media_type: str
    agreement: Agreement | None
    chain: Chain | None
    audit: Mapping[str, Any]


def make(contents: Contents) -> bytes:
    """The zip."""
    files = {**_files(contents), SIGNED_BY: to_pem(signing_chain())}
    manifest = _manifest(contents.evidence, files)
    return _zipped({**files, MANIFEST: manifest, SIGNATURE: sign(manifest).hex().encode()})


def document_name(evidence: Evidence | PaperEvidence, media_type: str) -> str:
    """What the signed document is called inside."""
    return f"{evidence.reference}.pdf" if isinstance(evidence, Evidence) else SCANS.get(media_type, "scan.bin")


def _files(contents: Contents) -> dict[str, bytes]:
    files = {
        document_name(contents.evidence, contents.media_type): contents.document,
        EVIDENCE: contents.evidence.canonical().encode(),
        AUDIT: json.dumps(contents.audit, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        README: readme(contents.evidence).encode(),
    }
    if contents.chain is not None:
        files[CERTIFICATE] = to_pem(contents.chain)
    if contents.agreement is not None:
        files |= {TEXTS[language]: canonical_text(contents.agreement, language).encode() for language in LANGUAGES}
    return files


def _manifest(evidence: Evidence | PaperEvidence, files: Mapping[str, bytes]) -> bytes:
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    about = {"bundle_version": VERSION, "reference": evidence.reference, "evidence_sha256": evidence.sha256()}
    return json.dumps({**about, "files": hashes}, indent=1, sort_keys=True).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def readme(evidence: Evidence | PaperEvidence) -> str:
    """How to check the bundle, and what that proves."""
    return _README.format(reference=evidence.reference, kind=evidence.signature_kind)


_README = """\
Evidence of {reference} ({kind})
{kind} is what this is; it claims to be nothing more.

Check it, with no database and no network:

    python -m core.nda verify-bundle FILE [--trust CERTIFICATE.pem] [--key-file AUDIT_KEY]

What anybody can verify with this file alone
  - No file in here was changed: manifest.json holds the SHA-256 of each, and manifest.sig signs manifest.json
    (RSA or ECDSA, SHA-256) with the key of manifest-certificate.pem.
  - The PDF, where there is one, is exactly as it was sealed (PAdES, no change allowed), by the key of certificate.pem;
    any PDF program that shows signatures says so too. The evidence and the texts attached to the PDF are the same as
    here, and their SHA-256 are those in the evidence.
  - The audit entry of the signing names the SHA-256 of the evidence and of the signed document.

What that rests on
  - That the certificates are the company's. Compare their SHA-256 fingerprint, which the command prints, with the one
    the company names, or give the company's certificate by --trust. Without that, all of it could have been made by
    somebody else with certificates of their own.

What only the company can verify, with the key of its audit log (--key-file)
  - The hash of each audit entry covers the entry and the hash before it, and is made with that key (HMAC-SHA-256).
    Without the key, the entries can be read, not verified. Whoever has the key could also have made them; the anchors
    are copies of the log's end that were put outside the database as time went by, each with a keyed hash of its own.
  - Only entries up to the signing are in here. That the log goes on from them to its anchors unbroken is checked in
    the company's own system: python -m core.audit verify
"""
