"""The four steps of signing: none is skipped, a reload loses nothing, and all of a signature is kept, once."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.access import devices
from core.access.codes import Verdict
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, ActorKind, system
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.db import reading, transaction
from core.errors import NotAllowed
from core.mail.messages import Kind
from core.mail.models import Mail
from core.mail.outbox import WITH_FILES
from core.nda import queries, service
from core.nda.models import Nda, NdaCounter, NdaSigning, SigningState
from core.nda.service import AlreadySigned
from core.nda.steps import State, Step
from core.nda.texts import sha256_of
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault.models import Document, DocumentVersion, Origin
from core.vault.storage import blobs, digest
from tests.core.nda_acts import (
    CLAUSE_MS,
    NAME,
    counted,
    done,
    evidence,
    give_contact,
    mailed,
    press,
    prove_mailbox,
    read_through,
    ready_to_sign,
    view,
    visitor,
)


@pytest.fixture
def salim(partner: Partner) -> Actor:
    """The partner's contact, who opened the proposal."""
    return visitor(partner)


class TestTheWay:
    def test_begins_with_what_is_known_of_the_contact(self, salim, partner):
        seen = view(salim)
        assert (seen.step, seen.name, seen.email) == (Step.CONTACT, NAME, partner.contact_email)
        assert seen.email_masked.startswith("s•••@")
        assert seen.text_number == 1
        assert counted(salim, NdaSigning) == [0]

    def test_goes_on_where_it_was_left(self, salim, clock):
        give_contact(salim, "سالم الكندي")
        assert (view(salim).step, view(salim).name, view(salim).title) == (Step.READ, "سالم الكندي", "Director")
        done(service.show_text, salim, number=1)
        clock.forward(seconds=3)
        done(service.show_text, salim, number=1)
        done(service.finish_reading, salim, clause_ms=CLAUSE_MS)
        assert view(salim).clause_ms == {"definitions": 3_000, "purpose": 2_500}
        clock.forward(seconds=9)
        done(service.finish_reading, salim, clause_ms={"purpose": 1, "term": 10**9})
        assert view(salim).clause_ms == {"definitions": 3_000, "purpose": 2_500, "term": 12_000}
        done(service.save_signature_draft, salim, signature="Sal\x00im \u202e")
        seen = view(salim)
        assert (seen.step, seen.signature) == (Step.SIGN, "Salim ")
        assert seen.read_at == clock.now() - timedelta(seconds=9)

    def test_keeps_what_was_typed_for_the_next_session_on_the_device(self, partner, salim):
        again = visitor(partner)
        give_contact(again, "Salim bin Said Al Kindi")
        done(service.save_signature_draft, again, signature="Salim b")
        later, elsewhere = visitor(partner), visitor(partner, device="another")
        assert (view(later).name, view(elsewhere).name) == ("Salim bin Said Al Kindi", NAME)
        give_contact(later)
        assert view(later).signature == "Salim b"

    def test_tells_what_is_known_of_the_code(self, salim):
        give_contact(salim)
        read_through(salim)
        assert view(salim).code == queries.CodeSent(None, None, None)
        mailed_to = done(service.send_code, salim)
        assert mailed_to.to == view(salim).email_masked
        assert view(salim).code.expires_at == mailed_to.expires_at
        assert done(service.enter_code, salim, text="0000 0000").verdict is Verdict.WRONG
        prove_mailbox(salim)
        assert view(salim).code.verified_at is not None

    def test_is_each_visitors_own(self, salim, partner):
        give_contact(salim, "Another Name")
        assert view(visitor(partner)).step is Step.CONTACT

    def test_only_the_address_on_record_is_asked(self, salim, partner, aisha):
        give_contact(salim)
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = "new@salalah.om"
        read_through(salim)
        prove_mailbox(salim)
        assert mailed(salim, Kind.MAILED_CODE)[-1].to_address == "new@salalah.om"
        press(salim)
        assert mailed(salim, Kind.NDA_SIGNED_RECORD)[-1].to_address == "new@salalah.om"

    def test_is_no_business_of_staff(self, aisha):
        for operation in (service.begin, service.prepare):
            with transaction(aisha) as session, pytest.raises(NotAllowed):
                operation(session)  # type: ignore[call-arg]


class TestSigned:
    """Everything of one signature."""

    def test_is_kept_whole(self, salim, partner, company, clock):
        ready_to_sign(salim)
        clock.forward(minutes=1)
        result = press(salim, origin={"peer": "10.0.0.1", "forwarded": ["203.0.113.20"], "trusted_proxies": 1,
                                      "forwarded_is_sound": True, "address": "203.0.113.20"})  # fmt: skip
        assert (result.reference, result.signed_at, result.already) == ("NDA-00001", clock.now(), False)
        assert result.expires_at == datetime(2029, 11, 22, 8, 1, tzinfo=UTC)
        with reading(system(company.id)) as session:
            nda = session.get_one(Nda, result.id)
            moved = session.get_one(Partner, partner.id)
            assert (moved.status, moved.nda_expires_at) == (Status.NDA_SIGNED, result.expires_at)
            document = session.get_one(Document, result.document_id)
            assert (document.title, document.origin, document.requires_nda) == (
                "NDA — Signed", Origin.SIGNED_NDA, False,
            )  # fmt: skip
            version = session.scalars(select(DocumentVersion)).one()
            assert version.sha256 == nda.pdf_sha256
            pdf = blobs().read(nda.pdf_sha256)
            assert pdf.startswith(b"%PDF")
            entry = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_SIGNED)).one()
            assert (entry.actor_name, entry.facts) == (NAME, {"signer": NAME, "reference": "NDA-00001"})
            row = session.scalars(select(NdaSigning)).one()
            assert (row.state, row.ended_at) == (SigningState.SIGNED, result.signed_at)
            assert verification(session).intact
            record = session.scalars(select(Mail).where(Mail.kind == Kind.NDA_SIGNED_RECORD).options(WITH_FILES)).one()
            assert [(file.name, file.content) for file in record.attachments] == [("NDA-00001.pdf", pdf)]
            assert record.to_address == partner.contact_email
        assert [mail.to_name for mail in mailed(salim, Kind.NDA_SIGNED_ALERT)] == ["Aisha Al Balushi"]
        assert view(salim).step is Step.DONE
        shown = view(salim).signed
        assert shown is not None
        assert (shown.reference, shown.state) == ("NDA-00001", State.VALID)

    def test_tells_everything_that_is_known_as_evidence(self, salim, partner, company):
        result = press(ready_to_sign(salim))
        said = evidence(salim, result.id)
        words = view(salim).agreement
        assert (said.text.sha256_en, said.text.sha256_ar) == (sha256_of(words, "en"), sha256_of(words, "ar"))
        assert partner.name in words.clauses[0].en.body
        assert said.reading.clause_ms.keys() == {"definitions", "purpose"}
        assert (said.signer.name, said.signer.email, said.signer.title) == (NAME, partner.contact_email, "Director")
        assert said.network.address == "203.0.113.20"
        assert said.device_sha256 == hashlib.sha256(b"phone").hexdigest()
        assert said.law.key == "rd_39_2025"
        assert said.consent.words.en.startswith("I have read the agreement in full.")
        with reading(system(company.id)) as session:
            kept = session.get_one(Nda, result.id)
            before = session.scalars(select(AuditEntry).where(AuditEntry.seq == said.chain.seq)).one()
            assert kept.evidence_sha256 == said.sha256()
            assert before.hash.hex() == said.chain.hash

    def test_lets_its_session_into_the_room_and_trusts_the_device(self, salim, partner):
        press(ready_to_sign(salim))
        with reading(system(salim.company)) as session:
            access = session.get_one(AccessSession, salim.session)
            assert access.kind is SessionKind.ROOM
            now_in_room = Actor(ActorKind.PARTNER, company=salim.company, partner=partner.id, session=salim.session)
            assert not devices.needs_code(session, by=now_in_room)
        with reading(now_in_room) as session:
            assert [nda.reference for nda in queries.my_ndas(session)] == ["NDA-00001"]

    def test_without_an_owner_every_admin_is_told(self, salim, partner, aisha, nora, analyst):
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).owner_id = None
        press(ready_to_sign(salim))
        assert {mail.to_name for mail in mailed(salim, Kind.NDA_SIGNED_ALERT)} == {aisha.name, nora.name}

    def test_in_one_transaction_without_a_turn_comes_to_the_same(self, salim):
        ready_to_sign(salim)
        result = done(service.sign, salim, signature=NAME, confirmed_name=False, consent=True, text_number=1)
        assert result.reference == "NDA-00001"
        with reading(system(salim.company)) as session:
            assert digest(blobs().read(session.get_one(Nda, result.id).pdf_sha256))

    def test_draws_the_pdf_again_when_the_number_went_to_somebody_else(self, salim, aisha):
        ready_to_sign(salim)
        wish: dict[str, Any] = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": 1}
        with reading(salim) as session:
            prepared = service.prepare(session, **wish)
        with transaction(aisha) as session:
            session.add(NdaCounter(last=6))
        result = done(service.sign, salim, **wish, prepared=prepared)
        assert result.reference == "NDA-00007"
        assert evidence(salim, result.id).reference == "NDA-00007"

    def test_a_reload_during_the_press_keeps_the_prepared_pdf(self, salim):
        ready_to_sign(salim)
        wish: dict[str, Any] = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": 1}
        with reading(salim) as session:
            prepared = service.prepare(session, **wish)
        assert prepared is not None
        result = done(service.sign, salim, **wish, prepared=prepared)
        with reading(system(salim.company)) as session:
            assert session.get_one(Nda, result.id).pdf_sha256 == digest(prepared.sealed.pdf)


class TestTwice:
    def test_gives_the_first_result_again(self, salim, partner):
        first = press(ready_to_sign(salim))
        again, stranger = press(salim), press(visitor(partner), signature="Somebody Else")
        for later in (again, stranger):
            assert later.already
            assert (later.reference, later.signed_at, later.signer) == (first.reference, first.signed_at, NAME)
        assert counted(salim, Nda) == [1]
        assert len(mailed(salim, Kind.NDA_SIGNED_ALERT) + mailed(salim, Kind.NDA_SIGNED_RECORD)) == 2

    def test_cannot_be_begun_declined_or_handed_over(self, clock, salim):
        press(ready_to_sign(salim))
        for late in (
            lambda: done(service.begin, salim),
            lambda: give_contact(salim),
            lambda: done(service.show_text, salim, number=1),
            lambda: done(service.decline, salim, reason="No"),
            lambda: done(service.hand_over, salim, name="Nasser Ali", email="nasser@salalah.om"),
        ):
            with pytest.raises(AlreadySigned, match="Already signed: NDA-00001 at 22 Nov 2026"):
                late()

    def test_is_renewed_from_ninety_days_before_the_end(self, salim, partner, clock):
        first = press(ready_to_sign(salim))
        clock.at(first.expires_at - timedelta(days=90, seconds=1))
        assert view(visitor(partner)).step is Step.DONE
        clock.forward(seconds=1)
        renewing = visitor(partner)
        seen = view(renewing)
        assert seen.renews is not None
        assert (seen.step, seen.signed, seen.renews.state) == (Step.CONTACT, None, State.EXPIRING)
        second = press(ready_to_sign(renewing))
        assert (second.reference, second.already) == ("NDA-00002", False)
        with reading(system(salim.company)) as session:
            assert session.get_one(Nda, first.id).superseded_at == second.signed_at
            assert session.get_one(Partner, partner.id).nda_expires_at == second.expires_at
            assert session.get_one(Partner, partner.id).status is Status.NDA_SIGNED

    def test_an_expired_one_is_signed_anew(self, salim, partner, clock):
        first = press(ready_to_sign(salim))
        clock.at(first.expires_at)
        assert press(ready_to_sign(visitor(partner))).reference == "NDA-00002"
