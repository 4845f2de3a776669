"""The public page that checks a signed NDA, and the page before a colleague signs."""

import re
from collections.abc import Callable

import pytest

from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import system
from core.companies.models import Company
from core.db import reading, transaction
from core.nda import service
from core.nda.evidence import check_code_of
from core.nda.models import Nda
from core.partners.models import Partner
from core.vault.storage import blobs
from tests.core import nda_acts as acts


@pytest.fixture
def nda(sqlite_database: str, partner: Partner) -> Nda:
    """A signed NDA."""
    acts.signed(partner)
    with reading(system()) as session:
        return session.query(Nda).one()


@pytest.fixture
def pdf(nda: Nda) -> bytes:
    """Its PDF."""
    return blobs().read(nda.pdf_sha256)


def told(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("</style>")[2]))


class TestVerify:
    def ask(self, portal, pdf: bytes):
        return portal.post("/verify", files={"file": ("nda.pdf", pdf, "application/pdf")})

    def test_the_page_looks_nothing_up_by_itself(self, portal, nda: Nda) -> None:
        answer = portal.get(f"/verify?ref={nda.reference}&code={check_code_of(nda.evidence_sha256)}")
        assert answer.status_code == 200
        assert f'value="{nda.reference}"' in answer.text
        assert "Confirmed" not in answer.text

    def test_the_very_file_is_confirmed_and_nothing_more_is_said(self, portal, nda: Nda, pdf: bytes) -> None:
        answer = told(self.ask(portal, pdf))
        assert f"Confirmed: {nda.reference}" in answer
        assert f"تم التحقق: {nda.reference}" in answer
        assert nda.signer_name not in answer

    def test_a_file_with_one_bit_turned_is_not(self, portal, pdf: bytes) -> None:
        bent = bytearray(pdf)
        bent[len(bent) // 3] ^= 1
        answer = told(self.ask(portal, bytes(bent)))
        assert "Not confirmed" in answer
        assert "NDA-0" not in answer

    @pytest.mark.parametrize("data", (b"", b"%PDF-1.7 nonsense", b"<html>", b"\0" * 100))
    def test_what_is_no_nda_is_not(self, portal, sqlite_database: str, data: bytes) -> None:
        assert "Not confirmed" in told(self.ask(portal, data))

    def test_a_sealed_file_that_is_in_no_register_is_not(self, portal, nda: Nda, pdf: bytes) -> None:
        with transaction(system()) as session:
            session.get_one(Nda, nda.id).evidence_sha256 = "0" * 64
        assert "not in our register" in told(self.ask(portal, pdf))

    def test_a_reference_needs_its_check_code(self, portal, nda: Nda) -> None:
        code = check_code_of(nda.evidence_sha256)
        right = {"reference": f" {nda.reference.lower()} ", "code": code.upper().replace("-", " ")}
        assert "Confirmed" in told(portal.post("/verify", data=right))
        for wrong in (code[::-1], "", "0000-0000-0000-0000", code[:-1], f"{code}0"):
            assert "No record of ours" in told(portal.post("/verify", data=right | {"code": wrong}))

    def test_a_record_that_was_changed_is_not_confirmed(self, portal, nda: Nda) -> None:
        with transaction(system()) as session:
            row = session.get_one(Nda, nda.id)
            row.evidence = row.evidence | {"signature": "Somebody Else"}
        asked = {"reference": nda.reference, "code": check_code_of(nda.evidence_sha256)}
        assert "No record of ours" in told(portal.post("/verify", data=asked))

    def test_too_large_a_file_is_refused(self, portal, sqlite_database: str) -> None:
        assert self.ask(portal, b"%PDF-" + b"0" * (17 * 1024 * 1024)).status_code == 413

    def test_asking_too_often_is_told_when_to_ask_again(self, portal, sqlite_database: str, set_settings) -> None:
        set_settings(verifications_per_address=2)
        asked = {"reference": "NDA-00001", "code": "0000-0000-0000-0000"}
        assert [portal.post("/verify", data=asked).status_code for _ in range(3)] == [200, 200, 429]


class TestSign:
    @pytest.fixture
    def token(self, sqlite_database: str, partner: Partner) -> str:
        """The link of a colleague who was asked to sign."""
        by = acts.visitor(partner)
        acts.done(service.hand_over, by, name="Huda Al Lawati", email="huda@partner.om", title="CFO")
        return acts.handover_link(by)

    @pytest.fixture
    def readers(self, company: Company) -> Callable[[], int]:
        """How many sessions there are now."""

        def count() -> int:
            with reading(system(company.id)) as session:
                return session.query(AccessSession).filter_by(kind=SessionKind.READER).count()

        return count

    def test_the_bare_address_leads_to_the_page(self, portal, partner: Partner, sqlite_database: str) -> None:
        answer = portal.get(f"/sign/{partner.slug}/nda")
        assert (answer.status_code, answer.headers["location"]) == (303, "/nda")

    def test_looking_at_the_link_changes_nothing(self, portal, partner: Partner, token: str, readers) -> None:
        before = readers()
        for _ in range(3):
            answer = portal.get(f"/sign/{partner.slug}/nda", params={"token": token})
            assert "Huda Al Lawati, you are asked to sign an NDA" in answer.text
            assert "h•••@partner.om" in answer.text
        assert readers() == before

    def test_pressing_lets_its_person_in(self, portal, partner: Partner, token: str, readers) -> None:
        before = readers()
        answer = portal.post(f"/sign/{partner.slug}/nda", data={"token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/nda")
        assert "token" not in answer.headers["location"]
        assert readers() == before + 1

    @pytest.mark.parametrize(
        "bend", (lambda t: t[:-1], lambda t: f"{t}=", lambda t: f"{t[:-2]}{t[-1]}{t[-2]}", lambda _: "x")
    )
    def test_a_bent_link_opens_nothing(self, portal, partner: Partner, token: str, readers, bend) -> None:
        before = readers()
        answer = portal.get(f"/sign/{partner.slug}/nda", params={"token": bend(token)})
        assert (answer.status_code, "incomplete or was changed" in answer.text) == (404, True)
        assert portal.post(f"/sign/{partner.slug}/nda", data={"token": bend(token)}).status_code == 404
        assert readers() == before
