"""The evidence of an NDA as a file that is checked without us: whole it passes, bent it is refused by name."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.audit.anchors import mac
from core.audit.chain import Link, canonical, link_hash
from core.audit.service import HASHED
from core.nda.audit_slice import to_data
from core.nda.bundle import Contents, make
from core.nda.bundle_check import check_bundle
from core.nda.evidence import PaperEvidence, expiry
from core.nda.seal import signing_chain, to_pem
from core.nda.sealing_key import make_certificate
from tests.core.nda_samples import AT, sealed_of, signing

ROOT = Path(__file__).parents[2]
COMPANY_ID = UUID("0197a7a0-0000-7000-8000-00000000000c")
KEY = b"an audit key of at least 32 bytes"


def audit_slice(evidence_sha256: str, document_sha256: str) -> dict[str, Any]:
    """The entry of a signing after one of something else, as the log holds them, and the anchor of the later."""
    last, links = bytes.fromhex("9f" * 32), []
    after = canonical({"evidence_sha256": evidence_sha256, "pdf_sha256": document_sha256})
    for seq, tag, said in ((413, "partner:mailed_code:verify", "{}"), (414, "partner:nda:sign", after)):
        fields = tuple({"tag": tag, "after": said, "before": "{}"}.get(name, "") for name in HASHED)
        last = link_hash(KEY, last, seq, AT, COMPANY_ID, fields)
        links.append(Link(seq, AT, COMPANY_ID, fields, last))
    anchor = {"company": COMPANY_ID.hex, "seq": 414, "hash": last.hex(), "at": AT.isoformat()}
    anchor["mac"] = mac(COMPANY_ID.hex, 414, last.hex(), key=KEY)
    return to_data(links, before=(412, "9f" * 32), anchors=[anchor])


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """The evidence of a signed NDA as a file."""
    evidence, agreement = signing()
    pdf = sealed_of(evidence, agreement).pdf
    audit = audit_slice(evidence.sha256(), hashlib.sha256(pdf).hexdigest())
    return make(Contents(evidence, pdf, "application/pdf", agreement, signing_chain(), audit))


@pytest.fixture(scope="module")
def paper() -> bytes:
    """The evidence of an NDA on paper as a file."""
    electronic, scan = signing()[0], b"\x89PNG a scan"
    same = {name: getattr(electronic, name) for name in ("reference", "company", "partner", "signer", "chain")}
    evidence = PaperEvidence(
        **same,
        signed_at=AT,
        expires_at=expiry(AT),
        scan_sha256=hashlib.sha256(scan).hexdigest(),
        recorded_by="Aisha Al Balushi",
        recorded_at=AT,
    )
    audit = audit_slice(evidence.sha256(), evidence.scan_sha256)
    return make(Contents(evidence, scan, "image/png", None, None, audit))


def verified_by_command(data: bytes, folder: Path, *more: str) -> tuple[int, str]:
    """The command's exit status and words, in a process that has no database and no network setting."""
    file = folder / "bundle.zip"
    file.write_bytes(data)
    known = {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none", "PATH": os.environ["PATH"]}
    known["STATE_DIR"] = str(folder / "nothing-here")
    command = [sys.executable, "-m", "core.nda", "verify-bundle", str(file), *more]
    ended = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert not (folder / "nothing-here").exists()
    return ended.returncode, ended.stdout + ended.stderr


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def faults(data: bytes, **more: Any) -> list[str]:
    """The names of what failed."""
    return [check.name for check in check_bundle(data, **more) if not check.ok]


def first_fault(data: bytes, **more: Any) -> str:
    """The name of what failed first; empty when nothing did."""
    return next(iter(faults(data, **more)), "")


NAMES = (
    "NDA-00001.pdf",
    "README.txt",
    "agreement-ar.txt",
    "agreement-en.txt",
    "audit.json",
    "certificate.pem",
    "evidence.json",
    "manifest-certificate.pem",
    "manifest.json",
    "manifest.sig",
)


class TestBundle:
    def test_holds_all_that_is_needed(self, bundle):
        assert tuple(sorted(files_of(bundle))) == tuple(sorted(NAMES))

    def test_is_the_same_each_time(self, bundle):
        evidence, agreement = signing()
        pdf, audit = files_of(bundle)["NDA-00001.pdf"], json.loads(files_of(bundle)["audit.json"])
        assert make(Contents(evidence, pdf, "application/pdf", agreement, signing_chain(), audit)) == bundle

    def test_passes_with_no_database(self, bundle, tmp_path):
        status, said = verified_by_command(bundle, tmp_path)
        assert status == 0, said
        assert "seal of NDA-00001.pdf" in said
        assert "NOT COMPARED" in said
        assert "need --key-file" in said

    def test_passes_with_the_key_and_the_companys_certificate(self, bundle, tmp_path):
        (tmp_path / "key").write_bytes(KEY)
        (tmp_path / "company.pem").write_bytes(to_pem(signing_chain()))
        more = ("--key-file", str(tmp_path / "key"), "--trust", str(tmp_path / "company.pem"))
        status, said = verified_by_command(bundle, tmp_path, *more)
        assert status == 0, said
        assert "made with the key of the audit log" in said
        assert said.rstrip().endswith("VERIFIED")

    def test_is_refused_with_another_key(self, bundle, tmp_path):
        (tmp_path / "key").write_text("k" * 40)
        status, said = verified_by_command(bundle, tmp_path, "--key-file", str(tmp_path / "key"))
        assert status == 1
        assert "REFUSED: audit links" in said

    def test_is_refused_with_another_certificate(self, bundle, tmp_path, set_settings):
        (tmp_path / "other.p12").write_bytes(make_certificate())
        set_settings(nda_certificate_file=tmp_path / "other.p12")
        assert first_fault(bundle, trust=signing_chain()) == "certificates"

    @pytest.mark.parametrize("name", NAMES)
    def test_names_a_changed_file(self, bundle, name):
        files = files_of(bundle)
        middle = len(files[name]) // 2
        for change in (files[name] + b" ", files[name][:middle] + b"?" + files[name][middle + 1 :], b""):
            fault = first_fault(packed({**files, name: change}))
            assert name in fault or (name == "manifest.json" and fault in files), fault

    @pytest.mark.parametrize("name", NAMES)
    def test_names_a_missing_file(self, bundle, name):
        files = files_of(bundle)
        del files[name]
        assert name in first_fault(packed(files))

    def test_names_a_file_that_was_added(self, bundle):
        assert first_fault(packed({**files_of(bundle), "more.exe": b"MZ"})) == "more.exe"

    @pytest.mark.parametrize(
        "data", (b"", b"PK", b"%PDF-1.7", packed({}), packed({"manifest.json": b"[]"})), ids=range(5)
    )
    def test_refuses_what_is_none(self, data):
        assert first_fault(data) in ("the bundle", "manifest.json")

    def test_refuses_a_forged_audit_entry_though_it_was_signed_by_a_stranger(self, bundle):
        files = files_of(bundle)
        audit = json.loads(files["audit.json"])
        audit["entries"][-1]["fields"]["ip"] = "198.51.100.1"
        forged = packed({**files, "audit.json": json.dumps(audit).encode()})
        assert first_fault(forged) == "audit.json"
        assert "audit links" in faults(forged, key=KEY)

    def test_refuses_one_that_begins_elsewhere_in_the_log(self, bundle):
        files = files_of(bundle)
        audit = json.loads(files["audit.json"])
        audit["entries"] = audit["entries"][1:]
        assert "audit entries" in faults(packed({**files, "audit.json": json.dumps(audit).encode()}))


class TestPaper:
    def test_passes(self, paper):
        assert faults(paper, key=KEY) == []
        assert "scan.png" in files_of(paper)

    def test_refuses_another_scan(self, paper):
        assert "scan of NDA-00001" in faults(packed({**files_of(paper), "scan.png": b"\x89PNG another"}))
