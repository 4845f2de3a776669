"""The digital seal on a PDF: PAdES by the company's certificate, allowing no later change.

The certificate is a PKCS#12 file: the one in the settings, or one made once and kept beside the data. Certificates
that ever sealed something stay in a folder of their own, so that a new one leaves the old PDFs verifiable. It is those
very certificates that are trusted, not whoever issued them: another customer of the same issuer is a stranger.
Sealing the same PDF at the same instant with an RSA certificate gives the same bytes, unless a timestamp is asked for.
"""

import asyncio
import hashlib
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from core.errors import DomainError, NotFound
from core.keys import place
from core.nda.sealing_key import make_certificate
from core.settings import settings

T = TypeVar("T")
Chain = tuple[Certificate, ...]
"""A sealing certificate and those above it."""
TIMESTAMP_SECONDS = 5
_ROOM = 16_384
"""Characters kept free for a seal, as hexadecimal."""
_ROOM_WITH_TIMESTAMP = 49_152


class TimestampUnavailable(DomainError):
    """The timestamp server did not answer, so nothing was signed. Try again in a few minutes."""


@dataclass(frozen=True)
class Sealed:
    """A sealed PDF, and the SHA-256 of the certificate that sealed it, in hexadecimal."""

    pdf: bytes
    certificate_sha256: str


def seal(pdf: bytes, *, reference: str, company: str, signed_at: datetime) -> Sealed:
    """Seal a PDF as signed at an instant; ``company`` is named as who certifies it.

    Raises:
        TimestampUnavailable: a timestamp is asked for by the settings, and its server did not answer.
    """
    signer = _signer()
    meta = PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=company,
        reason=reference,
    )
    address = settings().nda_timestamp_url
    session = PdfSigner(meta, signer, timestamper=_timestamper(address)).init_signing_session(
        _SteadyWriter(io.BytesIO(pdf))
    )
    session.system_time = signed_at
    document = session.prepare_tbs_document(None, bytes_reserved=_ROOM_WITH_TIMESTAMP if address else _ROOM)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    _fill_in(document, prepared, signed_at)
    return Sealed(output.getvalue(), fingerprint(_leaf(signer)))


def _timestamper(address: str) -> RequestsHTTPTimeStamper | None:
    return RequestsHTTPTimeStamper(address, timeout=TIMESTAMP_SECONDS) if address else None  # type: ignore[no-untyped-call]


def _fill_in(document: PdfTBSDocument, prepared: PreparedByteRangeDigest, signed_at: datetime) -> None:
    attributes = PdfCMSSignedAttributes(signing_time=signed_at)
    try:
        run(document.perform_signature(prepared.document_digest, attributes))
    except (TimestampRequestError, ValueError) as failure:
        if not settings().nda_timestamp_url:
            raise
        raise TimestampUnavailable from failure


class _SteadyWriter(IncrementalPdfFileWriter):
    """Appends to a PDF without anything of chance or of the clock in it."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        prev.stream.seek(0)
        fresh = hashlib.sha256(prev.stream.read()).digest()[:16]
        first, _ = prev.trailer["/ID"]
        return ArrayObject([ByteStringObject(getattr(first, "original_bytes", first)), ByteStringObject(fresh)])

    def _update_meta(self) -> None:
        """The dates and the metadata stay those of the document."""


class _Signer(SimpleSigner):
    """Reads its key once: checking an RSA key takes twenty times as long as signing with it."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """The signature over some bytes, as the library makes it."""
        key = _key(self.signing_key.dump())
        if isinstance(key, rsa.RSAPrivateKey) and digest_algorithm == "sha256":
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        signature: bytes = super().sign_raw(data, digest_algorithm)
        return signature


@lru_cache(maxsize=4)
def _key(der: bytes) -> PrivateKeyTypes:
    return serialization.load_der_private_key(der, password=None)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Finish this in a loop and a thread of its own, since the caller may stand in a loop already."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def fingerprint(certificate: Certificate) -> str:
    """The SHA-256 of a certificate, in hexadecimal."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def sign(data: bytes) -> bytes:
    """A bare signature (SHA-256) over some bytes by the certificate in force."""
    return _signer().sign_raw(data, "sha256")


def signing_chain() -> Chain:
    """The chain of the certificate in force."""
    return _chain(_signer())


def is_signed(data: bytes, signature: bytes, chain: Chain) -> bool:
    """Whether a bare signature over these bytes was made with the key of a chain's first certificate."""
    key = x509.load_der_x509_certificate(chain[0].dump()).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def trusted() -> list[Chain]:
    """The chain of every certificate that ever sealed something here, the one in force among them."""
    _signer()
    return [load_chain(file.read_bytes()) for file in sorted(_kept_folder().glob("*.pem"))]


def chain_of(certificate_sha256: str) -> Chain:
    """The chain of a certificate that sealed something here.

    Raises:
        NotFound: it is not among those kept.
    """
    file = _kept_folder() / f"{certificate_sha256}.pem"
    if not file.exists():
        raise NotFound
    return load_chain(file.read_bytes())


def load_chain(pem: bytes) -> Chain:
    """Certificates from their PEM text, the sealing one first."""
    found = x509.load_pem_x509_certificates(pem)
    return tuple(Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in found)


def to_pem(chain: Chain) -> bytes:
    """The PEM text of certificates."""
    return b"".join(
        x509.load_der_x509_certificate(one.dump()).public_bytes(serialization.Encoding.PEM) for one in chain
    )


def _signer() -> SimpleSigner:
    """Who seals now; its certificates are kept among the trusted."""
    given = settings().nda_certificate_file
    file = Path(given) if given else settings().state_dir / "nda-seal.p12"
    if not given and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        place(file, make_certificate())
    signer = _loaded(file.read_bytes(), settings().nda_certificate_password.get_secret_value())
    kept = _kept_folder() / f"{fingerprint(_leaf(signer))}.pem"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        place(kept, to_pem(_chain(signer)))
    return signer


def _kept_folder() -> Path:
    return settings().state_dir / "nda-seals"


@lru_cache(maxsize=4)
def _loaded(data: bytes, password: str) -> SimpleSigner:
    read = SimpleSigner.load_pkcs12_data(data, other_certs=(), passphrase=password.encode() or None)
    return _Signer(signing_cert=read.signing_cert, signing_key=read.signing_key, cert_registry=read.cert_registry)


def _leaf(signer: SimpleSigner) -> Certificate:
    if signer.signing_cert is None:
        raise ValueError("the PKCS#12 file has no certificate")
    return signer.signing_cert


def _chain(signer: SimpleSigner) -> Chain:
    """The sealing certificate, then the others that came with its key."""
    leaf = _leaf(signer)
    others = (one for one in signer.cert_registry if fingerprint(one) != fingerprint(leaf))
    return (leaf, *sorted(others, key=fingerprint))
