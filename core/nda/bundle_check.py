"""Checking an evidence bundle with nothing but the file itself, and a certificate and a key where they are at hand."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.i18n import t
from core.nda.audit_slice import broken_link, broken_order, entry_naming
from core.nda.bundle import AUDIT, CERTIFICATE, MANIFEST, SCANS, SIGNATURE, SIGNED_BY, VERSION
from core.nda.certificate import EVIDENCE, TEXTS
from core.nda.evidence import Evidence, PaperEvidence
from core.nda.seal import Chain, fingerprint, is_signed, load_chain
from core.nda.verify import Expected, verify

MOST_BYTES = 60_000_000
MOST_FILES = 20
_EITHER: TypeAdapter[Evidence | PaperEvidence] = TypeAdapter(Evidence | PaperEvidence)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``note``: why it failed, or what it means."""

    name: str
    ok: bool
    note: str = ""


class _Unreadable(Exception):
    """The file's name and what is wrong with it; nothing more can be checked."""


def check_bundle(data: bytes, *, key: bytes | None = None, trust: Chain | None = None) -> list[Check]:
    """Every check that can be made, in order. ``key``: of the audit log. ``trust``: certificates known to be theirs.

    After a file that cannot be read the list ends.
    """
    return list(_until_unreadable(_checks(data, key, trust)))


def _until_unreadable(checks: Iterator[Check]) -> Iterator[Check]:
    try:
        yield from checks
    except _Unreadable as failure:
        name, note = failure.args
        yield Check(name, False, note)


def _checks(data: bytes, key: bytes | None, trust: Chain | None) -> Iterator[Check]:
    files = _unzipped(data)
    manifest = _manifest(files)
    yield from _whole(files, manifest)
    signer = _chain(files, SIGNED_BY)
    yield _signature(files, signer)
    evidence = _evidence(files)
    agrees = evidence.canonical().encode() == files[EVIDENCE] and evidence.sha256() == manifest["evidence_sha256"]
    yield Check(EVIDENCE, agrees, "" if agrees else "its hash is not the one in the manifest")
    document, name = _document(files, evidence)
    yield from _document_checks(files, evidence, document, name)
    yield from _audit(files, evidence, document, key)
    yield _trusted(files, signer, trust)


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            names = [one.filename for one in listed]
            if (
                len(set(names)) != len(names)
                or len(names) > MOST_FILES
                or sum(o.file_size for o in listed) > MOST_BYTES
            ):
                raise _Unreadable("the bundle", "it holds more than a bundle does")
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as failure:
        raise _Unreadable("the bundle", f"it is not a whole zip file: {failure}") from None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    manifest = _json(files, MANIFEST)
    if manifest.get("bundle_version") != VERSION or not isinstance(manifest.get("files"), dict):
        raise _Unreadable(MANIFEST, f"it is not a manifest of version {VERSION}")
    return manifest


def _json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except KeyError:
        raise _Unreadable(name, "it is missing") from None
    except (ValueError, RecursionError):
        raise _Unreadable(name, "it is not JSON") from None
    if not isinstance(found, dict):
        raise _Unreadable(name, "it is not what belongs there")
    return found


def _whole(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Check]:
    """Whether every file is there and as the manifest says, and none besides."""
    listed = manifest["files"]
    for name in sorted(listed):
        if name not in files:
            raise _Unreadable(name, "it is missing")
        same = hashlib.sha256(files[name]).hexdigest() == listed[name]
        yield Check(name, same, "" if same else "it was changed: its hash is not the one in the manifest")
    for name in sorted(files.keys() - listed.keys() - {MANIFEST, SIGNATURE}):
        yield Check(name, False, "it does not belong here: the manifest does not name it")


def _chain(files: Mapping[str, bytes], name: str) -> Chain:
    try:
        return load_chain(files[name])
    except KeyError:
        raise _Unreadable(name, "it is missing") from None
    except ValueError:
        raise _Unreadable(name, "it holds no certificate") from None


def _signature(files: Mapping[str, bytes], signer: Chain) -> Check:
    try:
        signature = bytes.fromhex(files.get(SIGNATURE, b"").decode("ascii"))
    except ValueError:
        signature = b""
    good = is_signed(files[MANIFEST], signature, signer) and signature.hex().encode() == files[SIGNATURE]
    return Check(f"{MANIFEST} and {SIGNATURE}", good, "" if good else "one of the two was changed")


def _evidence(files: Mapping[str, bytes]) -> Evidence | PaperEvidence:
    try:
        return _EITHER.validate_json(files[EVIDENCE])
    except KeyError:
        raise _Unreadable(EVIDENCE, "it is missing") from None
    except ValidationError:
        raise _Unreadable(EVIDENCE, "it is no evidence of version 1") from None


def _document(files: Mapping[str, bytes], evidence: Evidence | PaperEvidence) -> tuple[bytes, str]:
    names = [f"{evidence.reference}.pdf"] if isinstance(evidence, Evidence) else [*SCANS.values(), "scan.bin"]
    for name in names:
        if name in files:
            return files[name], name
    raise _Unreadable(names[0], "it is missing")


def _document_checks(
    files: Mapping[str, bytes], evidence: Evidence | PaperEvidence, document: bytes, name: str
) -> Iterator[Check]:
    sha256 = hashlib.sha256(document).hexdigest()
    if isinstance(evidence, PaperEvidence):
        same = sha256 == evidence.scan_sha256
        yield Check(f"scan of {evidence.reference}", same, "" if same else "it is not the scan that the evidence names")
        return
    chain = _chain(files, CERTIFICATE)
    expected = Expected(evidence.reference, evidence.sha256(), sha256, fingerprint(chain[0]))
    verdict = verify(document, trusted=[chain], expected=expected)
    yield Check(f"seal of {name}", verdict.ok, t(verdict.reason_key))
    for language, wanted in (("en", evidence.text.sha256_en), ("ar", evidence.text.sha256_ar)):
        text = TEXTS["ar" if language == "ar" else "en"]
        same = hashlib.sha256(files.get(text, b"")).hexdigest() == wanted
        yield Check(f"text in {text}", same, "" if same else "its hash is not the one in the evidence")


def _audit(
    files: Mapping[str, bytes], evidence: Evidence | PaperEvidence, document: bytes, key: bytes | None
) -> Iterator[Check]:
    audit = _json(files, AUDIT)
    try:
        head = (audit["before"]["seq"], audit["before"]["hash"])
        fault = broken_order(audit)
        if not fault and head != (evidence.chain.seq, evidence.chain.hash):
            fault = "it does not begin where the evidence says the log ended"
        found = entry_naming(audit, evidence.sha256(), hashlib.sha256(document).hexdigest())
        if not fault and found is None:
            fault = "no entry names this evidence and this document"
        yield Check("audit entries", not fault, fault or f"entry {found} names this evidence and this document")
        if key is not None:
            fault = broken_link(audit, key)
            yield Check("audit links", not fault, fault or "made with the key of the audit log")
    except (LookupError, TypeError, ValueError, AttributeError):
        raise _Unreadable(AUDIT, "it is not part of an audit log") from None


def _trusted(files: Mapping[str, bytes], signer: Chain, trust: Chain | None) -> Check:
    used = [signer, *([_chain(files, CERTIFICATE)] if CERTIFICATE in files else [])]
    prints = ", ".join(sorted({fingerprint(chain[0]) for chain in used}))
    if trust is None:
        return Check("certificates", True, f"NOT COMPARED. Ask the company whether theirs is {prints}")
    known = {fingerprint(one) for one in trust}
    strange = [chain for chain in used if not known & {fingerprint(one) for one in chain}]
    return Check("certificates", not strange, "not those that were to be trusted" if strange else prints)
