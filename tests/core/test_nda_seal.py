"""The seal on a PDF: the same bytes each time, good for other programs, by keys that can be changed."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from core.errors import NotFound
from core.nda.seal import (
    TimestampUnavailable,
    chain_of,
    fingerprint,
    is_signed,
    load_chain,
    seal,
    sign,
    signing_chain,
    to_pem,
    trusted,
)
from core.nda.sealing_key import make_certificate
from core.nda.verify import verify
from tests.core.nda_samples import AT, drawn, sealed_of, signing
from tests.core.test_nda_certificate import run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_state(tmp_path, set_settings):
    """A state folder of this test's own."""
    set_settings(state_dir=tmp_path / "state")
    return tmp_path / "state"


def sealed(pdf: bytes | None = None):
    return seal(pdf or drawn(), reference="NDA-00001", company="Dhofar Systems", signed_at=AT)


class TestSeal:
    def test_gives_the_same_bytes_again(self):
        assert sealed() == sealed()

    def test_gives_the_same_bytes_in_another_process(self, own_state):
        here = sealed().pdf
        script = "from tests.core.test_nda_seal import sealed; import sys; sys.stdout.buffer.write(sealed().pdf)"
        known = {"STATE_DIR": str(own_state), "PYTHONHASHSEED": "7", "PATH": os.environ["PATH"]}
        there = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=known, check=True, capture_output=True)
        assert there.stdout == here

    def test_differs_with_the_instant(self):
        other = seal(
            drawn(), reference="NDA-00001", company="Dhofar Systems", signed_at=datetime(2027, 1, 1, tzinfo=UTC)
        )
        assert other.pdf != sealed().pdf

    def test_is_valid_for_another_program(self, tmp_path):
        file = tmp_path / "nda.pdf"
        file.write_bytes(sealed().pdf)
        said = run("pdfsig", str(file))
        assert "Signature Validation: Signature is Valid." in said
        assert "Total document signed" in said
        assert "ETSI.CAdES.detached" in said
        assert said.count("Signature #") == 1
        assert "NDA-00001" in run("pdftotext", str(file), "-")

    def test_works_inside_a_running_loop(self):
        async def inside():
            return sealed().pdf

        assert asyncio.run(inside()) == sealed().pdf

    def test_leaves_the_drawn_pdf_untouched_before_it(self):
        pdf = drawn()
        assert sealed(pdf).pdf.startswith(pdf)


class TestCertificate:
    def test_is_made_once_and_for_its_owner_only(self, own_state):
        first = signing_chain()
        assert signing_chain() == first
        assert (own_state / "nda-seal.p12").stat().st_mode & 0o777 == 0o600

    def test_is_made_once_by_processes_that_start_together(self, own_state):
        script = "from core.nda.seal import *; print(fingerprint(signing_chain()[0]))"
        known = {"STATE_DIR": str(own_state), "PATH": os.environ["PATH"]}

        def start(_number: int) -> str:
            command = [sys.executable, "-c", script]
            return subprocess.run(command, cwd=ROOT, env=known, check=True, capture_output=True, text=True).stdout

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(start, range(4)))) == 1

    def test_may_only_sign(self, own_state):
        leaf, root = (x509.load_der_x509_certificate(one.dump()) for one in signing_chain())
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
        key = leaf.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == 3072
        leaf.verify_directly_issued_by(root)

    def test_may_be_brought_along(self, own_state, tmp_path, set_settings):
        file = tmp_path / "own.p12"
        file.write_bytes(make_certificate("Dhofar Systems", password="a long password"))
        set_settings(nda_certificate_file=file, nda_certificate_password="a long password")
        made = sealed()
        assert verify(made.pdf, trusted=trusted()).reason_key != "nda.verify.foreign_seal"
        assert "Dhofar Systems document seal" in load_chain(to_pem(signing_chain()))[0].subject.human_friendly

    def test_refuses_a_wrong_password(self, own_state, tmp_path, set_settings):
        file = tmp_path / "own.p12"
        file.write_bytes(make_certificate(password="a long password"))
        set_settings(nda_certificate_file=file, nda_certificate_password="another")
        with pytest.raises(ValueError, match="PKCS#12"):
            sealed()

    def test_can_be_changed_and_old_seals_stay_good(self, own_state, tmp_path, set_settings):
        old = sealed_of(*signing())
        file = tmp_path / "new.p12"
        file.write_bytes(make_certificate("New"))
        set_settings(nda_certificate_file=file)
        new = sealed_of(*signing())
        assert new.certificate_sha256 != old.certificate_sha256
        assert len(trusted()) == 2
        assert all(verify(one.pdf, trusted=trusted()).ok for one in (old, new))
        assert fingerprint(chain_of(old.certificate_sha256)[0]) == old.certificate_sha256

    def test_is_not_known_when_it_never_sealed(self, own_state):
        with pytest.raises(NotFound):
            chain_of("0" * 64)

    def test_signs_bare_bytes_too(self):
        signature = sign(b"manifest")
        assert is_signed(b"manifest", signature, signing_chain())
        assert not is_signed(b"manifesT", signature, signing_chain())
        assert not is_signed(b"manifest", signature[:-1] + b"\0", signing_chain())


class _TimestampHandler(BaseHTTPRequestHandler):
    """Answers as a timestamp server does, with a key of its own."""

    answer = staticmethod(lambda request: b"")

    def do_POST(self) -> None:
        body = self.answer(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def timestamps(set_settings):
    """A function that starts a timestamp server giving these answers, and sets it in the settings."""
    servers = []

    def start(answer):
        handler = type("Handler", (_TimestampHandler,), {"answer": staticmethod(answer)})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        set_settings(nda_timestamp_url=f"http://127.0.0.1:{server.server_port}/tsa")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def authority() -> DummyTimeStamper:
    """A timestamp authority with a certificate of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time of Oman")])
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).add_extension(purpose, critical=True)
    builder = builder.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2036, 1, 1))  # noqa: DTZ001
    der = serialization.Encoding.DER
    (certificate,) = load_chain(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(private), fixed_dt=AT)


class TestTimestamp:
    def test_is_in_the_seal_when_it_is_asked_for(self, timestamps, authority):
        timestamps(lambda request: authority.request_tsa_response(tsp.TimeStampReq.load(request)).dump())
        verdict = verify(sealed_of(*signing()).pdf, trusted=trusted())
        assert verdict.ok
        assert verdict.timestamped_at == AT

    def test_is_not_in_it_otherwise(self):
        assert verify(sealed_of(*signing()).pdf, trusted=trusted()).timestamped_at is None

    def test_refuses_to_seal_without_it(self, set_settings):
        set_settings(nda_timestamp_url="http://127.0.0.1:9/tsa")
        with pytest.raises(TimestampUnavailable, match="did not answer, so nothing was signed"):
            sealed()

    @pytest.mark.parametrize(
        "answer", (b"", b"<html>busy</html>", b"\x30\x05\x30\x03\x02\x01\x02"), ids=("none", "html", "refusal")
    )
    def test_refuses_an_answer_that_is_none(self, timestamps, answer):
        timestamps(lambda request: answer)
        with pytest.raises(TimestampUnavailable):
            sealed()
