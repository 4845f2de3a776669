"""Verifying a sealed NDA: the whole one passes; whatever was done to it, it is refused and the reason named."""

import io
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.i18n import t
from core.nda.evidence import Evidence
from core.nda.seal import Sealed, signing_chain, trusted
from core.nda.sealing_key import make_certificate
from core.nda.verify import Expected, Verdict, verify
from tests.core.nda_samples import AT, drawn, sealed_of, signing
from tests.core.test_nda_evidence import EVERY_LEAF, cannot_differ, changed

REDUCED = 60
FOR_A_BIT = {"changed", "bad_seal", "not_a_pdf", "appended", "foreign_seal"}
"""Why a file of one bit flipped may be refused; a bit in the certificate beside the seal makes it a stranger's."""


@pytest.fixture(scope="module")
def sealed() -> Sealed:
    """A sealed NDA."""
    return sealed_of(*signing())


def expected(sealed: Sealed, evidence: Evidence | None = None) -> Expected:
    """What our record of it says."""
    verdict = verify(sealed.pdf, trusted=trusted())
    evidence = evidence or signing()[0]
    return Expected(evidence.reference, evidence.sha256(), verdict.pdf_sha256, sealed.certificate_sha256)


def why(pdf: bytes, record: Expected | None = None) -> str:
    """The reason, without its beginning."""
    verdict = verify(pdf, trusted=trusted(), expected=record)
    assert verdict.ok == (verdict.reason_key == "nda.verify.ok")
    assert t(verdict.reason_key)
    assert t(verdict.reason_key, "ar")
    return verdict.reason_key.removeprefix("nda.verify.")


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the seal stands in the file, its brackets included."""
    found = re.search(rb"/ByteRange ?\[ ?0 (\d+) (\d+) \d+ ?\]", pdf)
    assert found
    return int(found[1]), int(found[2])


def flipped(pdf: bytes, count: int, seed: int) -> Counter[str]:
    """The reasons for refusing as many files of one bit flipped each; a third of them inside the seal."""
    chance, (start, end) = random.Random(seed), gap(pdf)
    reasons: Counter[str] = Counter()
    for number in range(count):
        place = chance.randrange(start, end) if number % 3 == 0 else chance.randrange(len(pdf))
        bent = bytearray(pdf)
        bent[place] ^= 1 << chance.randrange(8)
        reasons[why(bytes(bent))] += 1
    return reasons


class TestWhole:
    def test_passes(self, sealed):
        verdict = verify(sealed.pdf, trusted=trusted(), expected=expected(sealed))
        assert verdict == Verdict(
            True,
            "nda.verify.ok",
            pdf_sha256=verdict.pdf_sha256,
            certificate_sha256=sealed.certificate_sha256,
            evidence=signing()[0],
        )

    def test_passes_the_librarys_own_judgement(self, sealed):
        seal = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]
        context = ValidationContext(trust_roots=[signing_chain()[-1]], allow_fetching=False)
        status = validate_pdf_signature(seal, context)
        assert status.bottom_line
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert status.docmdp_ok

    def test_passes_long_after_the_certificate_ended(self, sealed, clock):
        clock.forward(days=365 * 40)
        assert why(sealed.pdf) == "ok"


class TestBytes:
    def test_no_flipped_bit_passes(self, sealed):
        reasons = flipped(sealed.pdf, REDUCED, seed=1)
        assert reasons.total() == REDUCED
        assert set(reasons) <= FOR_A_BIT

    @pytest.mark.soak
    def test_no_flipped_bit_of_two_thousand_passes(self, sealed):
        reasons = flipped(sealed.pdf, 2_000, seed=2)
        assert reasons.total() == 2_000
        assert set(reasons) <= FOR_A_BIT

    def test_the_room_around_the_seal_may_hold_nothing(self, sealed):
        _, end = gap(sealed.pdf)
        bent = bytearray(sealed.pdf)
        bent[end - 10 : end - 1] = b"DEADBEEF0"
        assert why(bytes(bent)) == "bad_seal"

    def test_another_spelling_of_the_seal_is_refused(self, sealed):
        start, end = gap(sealed.pdf)
        assert why(sealed.pdf[:start] + sealed.pdf[start:end].lower() + sealed.pdf[end:]) == "bad_seal"

    @pytest.mark.parametrize("kept", (0.2, 0.6, 0.99), ids=str)
    def test_a_file_cut_short_is_refused(self, sealed, kept):
        assert why(sealed.pdf[: int(len(sealed.pdf) * kept)]) in ("changed", "no_signature")

    @pytest.mark.parametrize("more", (b"\n", b" ", b"\0" * 9, b"%%EOF\n", b"<script>"), ids=repr)
    def test_bytes_at_the_end_are_refused(self, sealed, more):
        assert why(sealed.pdf + more) in ("appended", "changed")


class TestPdf:
    def test_an_incremental_update_is_refused(self, sealed):
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed.pdf))
        writer.root["/Lang"] = TextStringObject("fr")
        writer.update_root()
        updated = io.BytesIO()
        writer.write(updated)
        assert updated.getvalue().startswith(sealed.pdf)
        assert why(updated.getvalue()) == "appended"

    def test_swapped_pages_are_refused(self, sealed):
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed.pdf))
        kids: Any = writer.root["/Pages"]["/Kids"]
        kids[0], kids[1] = kids.raw_get(1), kids.raw_get(0)
        writer.update_container(kids)
        updated = io.BytesIO()
        writer.write(updated)
        assert why(updated.getvalue()) == "appended"

    def test_a_page_of_another_nda_is_refused(self, sealed):
        other = PdfFileReader(io.BytesIO(drawn(signature="Somebody Else")))
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed.pdf))
        page: Any = writer.import_object(other.root["/Pages"]["/Kids"][0])
        page["/Parent"] = writer.root.raw_get("/Pages")
        kids: Any = writer.root["/Pages"]["/Kids"]
        kids[0] = writer.add_object(page)
        writer.update_container(kids)
        updated = io.BytesIO()
        writer.write(updated)
        assert why(updated.getvalue()) == "appended"

    def test_a_rewritten_file_is_refused(self, sealed):
        writer = copy_into_new_writer(PdfFileReader(io.BytesIO(sealed.pdf)))
        rewritten = io.BytesIO()
        writer.write(rewritten)
        assert why(rewritten.getvalue()) == "changed"

    def test_a_seal_taken_off_its_form_is_refused(self, sealed):
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed.pdf))
        writer.root["/AcroForm"] = DictionaryObject({NameObject("/Fields"): ArrayObject()})
        writer.update_root()
        bent = io.BytesIO()
        writer.write(bent)
        assert why(bent.getvalue()) == "no_signature"

    def test_a_pdf_that_was_never_sealed_is_refused(self):
        assert why(drawn()) == "no_signature"

    @pytest.mark.parametrize("data", (b"", b"PK\3\4", b"<html>", b"%PD", b"%PDF-1.7\n" + b"x" * 999), ids=repr)
    def test_what_is_no_pdf_is_refused(self, data):
        assert why(data) in ("not_a_pdf", "changed")


def sealed_by(p12: bytes, pdf: bytes, **other: Any) -> bytes:
    """The PDF, sealed by a stranger who knows how we do it."""
    signer = SimpleSigner.load_pkcs12_data(p12, other_certs=())
    usual: dict[str, Any] = {
        "field_name": "Seal",
        "certify": True,
        "docmdp_permissions": MDPPerm.NO_CHANGES,
        "md_algorithm": "sha256",
    }
    meta = PdfSignatureMetadata(**usual | {"subfilter": SigSeedSubFilter.PADES} | other)
    made: io.BytesIO = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer)
    return made.getvalue()


class TestSeal:
    def test_of_another_root_of_the_same_name_is_refused(self):
        assert why(sealed_by(make_certificate(), drawn())) == "foreign_seal"

    def test_with_another_key_under_our_certificate_is_refused(self):
        signer = SimpleSigner.load_pkcs12_data(make_certificate(), other_certs=())
        ours = SimpleSigner(
            signing_cert=signing_chain()[0], signing_key=signer.signing_key, cert_registry=signer.cert_registry
        )
        meta = PdfSignatureMetadata(
            field_name="Seal", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, subfilter=SigSeedSubFilter.PADES
        )
        pdf = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(drawn())), meta, ours).getvalue()
        assert why(pdf) == "bad_seal"

    def test_of_another_nda_is_refused(self, sealed):
        other = sealed_of(*signing(reference="NDA-00002")).pdf
        assert gap(other)[1] - gap(other)[0] == gap(sealed.pdf)[1] - gap(sealed.pdf)[0]
        (start, end), (first, last) = gap(sealed.pdf), gap(other)
        assert why(sealed.pdf[:start] + other[first:last] + sealed.pdf[end:]) == "changed"

    @pytest.mark.parametrize(
        "looser",
        ({"docmdp_permissions": MDPPerm.FILL_FORMS}, {"certify": False}),
        ids=("forms-may-be-filled", "not-certifying"),
    )
    def test_that_allows_changes_is_refused(self, own_p12, looser):
        assert why(sealed_by(own_p12, drawn(), **looser)) == "open_to_change"

    def test_from_no_one_we_know_is_refused(self, sealed):
        assert verify(sealed.pdf, trusted=[]).reason_key == "nda.verify.foreign_seal"


@pytest.fixture
def own_p12(tmp_path, set_settings) -> bytes:
    """The company's own sealing key, as somebody inside might misuse it."""
    set_settings(state_dir=tmp_path / "state")
    signing_chain()
    return Path(tmp_path / "state" / "nda-seal.p12").read_bytes()


class TestEvidence:
    @pytest.mark.parametrize("path", EVERY_LEAF, ids=lambda path: ".".join(map(str, path)))
    def test_that_differs_from_the_record_in_one_field_is_refused(self, sealed, path):
        record = expected(sealed)
        try:
            evidence = Evidence.model_validate(changed(signing()[0].model_dump(mode="json"), path))
        except ValidationError:
            assert cannot_differ(path)
            return
        other = Expected(evidence.reference, evidence.sha256(), record.pdf_sha256, record.certificate_sha256)
        assert why(sealed.pdf, other) == ("other_record" if path == ("reference",) else "other_evidence")

    def test_of_another_signing_is_refused_though_it_was_sealed_by_us(self, sealed):
        other = sealed_of(*signing(signature="Somebody Else"))
        assert why(other.pdf, expected(sealed)) == "other_evidence"
        assert why(sealed_of(*signing(reference="NDA-00002")).pdf, expected(sealed)) == "other_record"

    def test_that_does_not_fit_the_texts_is_refused(self):
        evidence, text = signing()
        lying = evidence.model_copy(update={"text": evidence.text.model_copy(update={"sha256_ar": "0" * 64})})
        assert why(sealed_of(lying, text).pdf) == "evidence_altered"

    def test_that_does_not_fit_the_time_of_the_seal_is_refused(self, own_p12):
        assert why(sealed_by(own_p12, drawn())) == "evidence_altered"

    def test_missing_is_noticed(self, own_p12):
        writer = IncrementalPdfFileWriter(io.BytesIO(drawn()))
        del writer.root["/Names"]
        writer.update_root()
        bare = io.BytesIO()
        writer.write(bare)
        assert why(sealed_by(own_p12, bare.getvalue())) == "no_evidence"


class TestRecord:
    def test_of_another_certificate_is_noticed(self, sealed):
        record = expected(sealed)
        other = Expected(record.reference, record.evidence_sha256, record.pdf_sha256, "0" * 64)
        assert why(sealed.pdf, other) == "other_certificate"

    def test_of_another_copy_is_noticed(self, sealed):
        record = expected(sealed)
        other = Expected(record.reference, record.evidence_sha256, "0" * 64, record.certificate_sha256)
        assert why(sealed.pdf, other) == "other_copy"

    def test_names_when_it_was_sealed(self, sealed):
        seal = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]
        assert seal.self_reported_timestamp == AT.replace(microsecond=0)
        assert seal.sig_object[NameObject("/Reason")] == "NDA-00001"
