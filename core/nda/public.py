"""What a stranger may learn of a signed agreement: whether a file or reference is ours and unchanged, no more."""

import hmac
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.nda.evidence import Evidence, PaperEvidence, check_code_of
from core.nda.instruments import PREFIX
from core.nda.models import Form, Nda
from core.nda.seal import trusted
from core.nda.verify import Expected, verify

_REFERENCE = re.compile(rf"(?:{'|'.join(PREFIX.values())})-\d{{5,12}}")


@dataclass(frozen=True)
class Answer:
    """``key``: the words for it. ``reference`` is said only of what was confirmed."""

    confirmed: bool
    key: str
    reference: str = ""


def confirm_document(session: Session, pdf: bytes) -> Answer:
    """Whether a PDF is a signed agreement of ours, byte for byte as it was sealed."""
    verdict = verify(pdf, trusted=trusted())
    if not verdict.ok or verdict.evidence is None:
        return Answer(False, verdict.reason_key)
    nda = _recorded(session, verdict.evidence.reference, verdict.evidence.sha256())
    if nda is None:
        return Answer(False, "verify.refused.unknown")
    expected = Expected(nda.reference, nda.evidence_sha256, nda.pdf_sha256, nda.certificate_sha256)
    verdict = verify(pdf, trusted=trusted(), expected=expected)
    if not verdict.ok:
        return Answer(False, verdict.reason_key)
    return Answer(True, "verify.confirmed.document", nda.reference)


def confirm_reference(session: Session, reference: str, code: str) -> Answer:
    """Whether a reference with its check code is in the register, and its record unchanged."""
    wanted, digits = reference.strip().upper(), re.sub(r"[^0-9a-f]", "", code.lower())
    if not _REFERENCE.fullmatch(wanted) or len(digits) != len(check_code_of("0" * 64).replace("-", "")):
        return Answer(False, "verify.refused.reference")
    named = select(Nda).where(Nda.reference == wanted)
    for nda in session.scalars(named):
        if hmac.compare_digest(nda.evidence_sha256[: len(digits)], digits) and _is_unchanged(nda):
            return Answer(True, "verify.confirmed.reference", nda.reference)
    return Answer(False, "verify.refused.reference")


def _recorded(session: Session, reference: str, evidence_sha256: str) -> Nda | None:
    """Our record of a signed agreement, whichever company it is of."""
    named = select(Nda).where(Nda.reference == reference, Nda.evidence_sha256 == evidence_sha256)
    return session.scalars(named.limit(1)).one_or_none()


def _is_unchanged(nda: Nda) -> bool:
    kind = Evidence if nda.form is Form.ELECTRONIC else PaperEvidence
    return kind.model_validate(nda.evidence).sha256() == nda.evidence_sha256
