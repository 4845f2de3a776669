"""The four steps of signing: none is skipped, a reload loses nothing, what stands in the way is said."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.access import devices, sessions
from core.access.codes import Verdict
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, ActorKind, system
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.db import reading, transaction
from core.errors import NotAllowed, NotFound
from core.i18n import refusal
from core.mail.messages import Kind
from core.mail.models import Mail
from core.mail.outbox import WITH_FILES
from core.nda import ceremony, queries, service, text_service
from core.nda.evidence import Evidence
from core.nda.models import Nda, NdaCounter, NdaSigning, SigningState
from core.nda.readiness import (
    AccessWithdrawn,
    CodeFirst,
    ConsentNeeded,
    NameDiffers,
    NoAddressOnRecord,
    ReadFirst,
    SignatureUnusable,
    TextUpdated,
)
from core.nda.register import nda as detail
from core.nda.service import AlreadySigned, ContactFirst
from core.nda.stepping_aside import ReasonNeeded
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
    done,
    give_contact,
    mailed,
    press,
    prove_mailbox,
    read_through,
    ready_to_sign,
    signed,
    view,
    visitor,
)
from tests.core.test_nda_texts import changed


@pytest.fixture
def salim(partner: Partner) -> Actor:
    """The partner's contact, who opened the proposal."""
    return visitor(partner)


def publish_another(by: Actor, number: int = 2) -> None:
    version = done(text_service.start_draft, by).version
    saved = done(text_service.save_draft, by, agreement=changed(number), version=version)
    done(text_service.publish, by, version=saved.version)


def counted(by: Actor, *kinds: type) -> list[int]:
    with reading(system(by.company)) as session:
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


def evidence(by: Actor, nda_id) -> Evidence:
    with reading(system(by.company)) as session:
        found = detail(session, nda_id).evidence
    assert isinstance(found, Evidence)
    return found


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
            assert devices.is_trusted(session, partner.id, access.device_hash)
            now_in_room = Actor(ActorKind.PARTNER, company=salim.company, partner=partner.id, session=salim.session)
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
        wish = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": 1}
        with reading(salim) as session:
            prepared = service.prepare(session, **wish)
        with transaction(aisha) as session:
            session.add(NdaCounter(last=6))
        result = done(service.sign, salim, **wish, prepared=prepared)
        assert result.reference == "NDA-00007"
        assert evidence(salim, result.id).reference == "NDA-00007"

    def test_a_reload_during_the_press_keeps_the_prepared_pdf(self, salim):
        ready_to_sign(salim)
        wish = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": 1}
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

    def test_cannot_be_begun_declined_or_handed_over(self, salim):
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


class TestRefused:
    """Each obstacle has its sentence, and nothing is kept."""

    def refused(self, by: Actor, kind: type[Exception], **wish: object) -> str:
        """The refusal of the last press, in English; in a turn and in one transaction alike."""
        usual = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": view(by).text_number}
        with pytest.raises(kind) as prepared:
            ceremony.sign(**{**usual, **wish}, by=by)  # type: ignore[arg-type]
        with pytest.raises(kind) as straight:
            done(service.sign, by, **{**usual, **wish})
        assert counted(by, Nda, NdaCounter, Document) == [0, 0, 0]
        assert prepared.value.message == straight.value.message  # type: ignore[attr-defined]
        assert "{" not in refusal(straight.value, "ar")  # type: ignore[arg-type]
        assert refusal(straight.value, "ar") != straight.value.message  # type: ignore[arg-type,attr-defined]
        return str(prepared.value)

    def test_without_the_text_read(self, salim):
        says = "Read the agreement to the end first (step 2)."
        assert self.refused(salim, ReadFirst) == says
        give_contact(salim)
        assert self.refused(salim, ReadFirst) == says
        done(service.show_text, salim, number=1)
        assert self.refused(salim, ReadFirst) == says
        with pytest.raises(ReadFirst):
            done(service.send_code, salim)

    def test_without_a_name(self, salim):
        for operation, details in (
            (service.show_text, {"number": 1}),
            (service.finish_reading, {"clause_ms": {}}),
            (service.send_code, {}),
        ):
            with pytest.raises(ContactFirst):
                done(operation, salim, **details)
        give_contact(salim)
        with pytest.raises(ReadFirst):
            done(service.finish_reading, salim, clause_ms={})

    @pytest.mark.parametrize("typed", ("   ", "x", "a" * 500, "Salim \u202eAli", "Salim 3"), ids=range(5))
    def test_by_a_name_that_is_none(self, salim, typed):
        ready_to_sign(salim)
        says = "Type your full name as on your ID (2–120 letters)."
        assert self.refused(salim, SignatureUnusable, signature=typed) == says
        with pytest.raises(SignatureUnusable):
            give_contact(salim, typed)

    def test_by_another_name_unless_that_is_meant(self, salim):
        ready_to_sign(salim)
        said = self.refused(salim, NameDiffers, signature="A. Ali")
        assert said == f"You typed 'A. Ali' but are invited as '{NAME}'. Correct it or confirm you sign as A. Ali."
        known = evidence(salim, press(salim, signature="A. Ali", confirmed_name=True).id)
        assert (known.signature, known.invited_name, known.other_name_confirmed) == ("A. Ali", NAME, True)
        assert known.signer.name == NAME

    def test_by_a_name_that_differs_from_the_one_given_in_step_1(self, salim):
        ready_to_sign(salim, "Ahmed Ali")
        assert "invited as 'Ahmed Ali'" in self.refused(salim, NameDiffers)
        assert f"invited as '{NAME}'" in self.refused(salim, NameDiffers, signature="Ahmed Ali")

    def test_case_and_marks_make_no_other_name(self, salim):
        ready_to_sign(salim)
        assert evidence(salim, press(salim, signature="salim al-kindi").id).other_name_confirmed is False

    def test_when_the_text_changed_meanwhile(self, salim, aisha):
        ready_to_sign(salim)
        publish_another(aisha)
        publish_another(aisha, 3)
        says = "The agreement was updated (v3). Review the changes and sign again."
        assert self.refused(salim, TextUpdated) == says
        assert self.refused(salim, TextUpdated, text_number=1) == says
        seen = view(salim)
        assert (seen.step, seen.read_number, seen.text_number, seen.read_at) == (Step.READ, 1, 3, None)
        assert [each.key for each in seen.changes] == ["definitions"]
        assert "Salalah Retail" in (seen.changes[0].new or seen.agreement.clauses[0]).en.body
        for operation, details in ((service.finish_reading, {"clause_ms": {}}), (service.show_text, {"number": 1})):
            with pytest.raises(TextUpdated):
                done(operation, salim, **details)
        read_through(salim)
        assert view(salim).changes == []
        result = press(salim)
        assert evidence(salim, result.id).text.number == 3

    def test_when_the_page_shows_an_older_text_than_was_read(self, salim):
        ready_to_sign(salim)
        assert "(v1)" in self.refused(salim, TextUpdated, text_number=2)

    def test_without_consent(self, salim):
        ready_to_sign(salim)
        assert "Tick the box" in self.refused(salim, ConsentNeeded, consent=False)

    def test_without_a_proved_mailbox(self, salim, clock):
        give_contact(salim)
        read_through(salim)
        assert "s•••@" in self.refused(salim, CodeFirst)
        done(service.send_code, salim)
        assert done(service.enter_code, salim, text="1").verdict is Verdict.WRONG
        self.refused(salim, CodeFirst)
        clock.forward(minutes=10)
        assert done(service.enter_code, salim, text="1").verdict is Verdict.EXPIRED
        prove_mailbox(salim)
        clock.forward(minutes=30)
        self.refused(salim, CodeFirst)

    def test_after_five_wrong_codes_a_new_one_helps(self, salim):
        give_contact(salim)
        read_through(salim)
        done(service.send_code, salim)
        said = [done(service.enter_code, salim, text="1").verdict for _ in range(6)]
        assert said == [Verdict.WRONG] * 4 + [Verdict.LOCKED] * 2
        prove_mailbox(salim)
        assert press(salim).reference == "NDA-00001"

    def test_without_an_address_on_record(self, salim, partner, aisha):
        ready_to_sign(salim)
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        assert aisha.name in self.refused(salim, NoAddressOnRecord)
        with pytest.raises(NoAddressOnRecord):
            give_contact(salim)
        with pytest.raises(NoAddressOnRecord):
            done(service.send_code, salim)
        assert view(salim).email == ""

    def test_after_access_was_withdrawn(self, salim, partner, aisha):
        ready_to_sign(salim)
        with transaction(aisha) as session:
            sessions.revoke(session, partner_id=partner.id)
        with pytest.raises(AccessWithdrawn, match=f"Access was withdrawn on .*; contact {aisha.name}"):
            done(service.sign, salim, signature=NAME, confirmed_name=False, consent=True, text_number=1)
        for operation in (service.begin, service.send_code):
            with pytest.raises(AccessWithdrawn):
                done(operation, salim)
        assert counted(salim, Nda) == [0]


class TestWhatIsNotKnown:
    def test_a_clock_that_is_off_is_noted(self, salim, clock):
        give_contact(salim)
        read_through(salim, clock="2026-11-24T08:00:00Z")
        prove_mailbox(salim)
        said = evidence(salim, press(salim).id)
        assert said.clock_drift_s == 2 * 86_400
        assert said.signed_at == clock.now()

    def test_a_header_that_is_not_sound_is_never_believed(self, salim):
        origin = {"peer": "127.0.0.1", "forwarded": ["abc, 999.1.1.1"], "trusted_proxies": 1,
                  "forwarded_is_sound": False, "address": ""}  # fmt: skip
        said = evidence(salim, press(ready_to_sign(salim), origin=origin).id)
        assert said.network.origin == "peer 127.0.0.1, forwarded header invalid"
        assert said.network.forwarded == ("abc, 999.1.1.1",)

    def test_no_address_at_all_is_said_so(self, partner, aisha):
        by = visitor(partner)
        with transaction(aisha) as session:
            session.get_one(AccessSession, by.session).device_hash = None
        nowhere = Actor(**{**by.__dict__, "ip": None, "user_agent": None})
        said = evidence(nowhere, press(ready_to_sign(nowhere)).id)
        assert said.network.origin == "peer unknown, forwarded header invalid"
        assert (said.user_agent, said.device_sha256) == ("", None)


class TestDecline:
    def test_tells_the_owner_why(self, salim, partner):
        give_contact(salim)
        done(service.decline, salim, reason="  The term is too long. ")
        mail = mailed(salim, Kind.NDA_DECLINED)
        assert [each.to_name for each in mail] == ["Aisha Al Balushi"]
        assert "The term is too long." in mail[0].text
        with reading(system(salim.company)) as session:
            entry = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_DECLINED)).one()
            assert entry.facts == {"signer": NAME, "reason": "The term is too long."}
            assert session.get_one(Partner, partner.id).status is Status.DRAFT
        seen = view(salim)
        assert seen.step is Step.CONTACT
        assert seen.declined_at is not None

    def test_asks_for_a_reason(self, salim):
        with pytest.raises(ReasonNeeded, match="Say why"):
            done(service.decline, salim, reason=" \n ")
        assert counted(salim, NdaSigning) == [0]

    def test_can_be_thought_better_of(self, salim):
        done(service.decline, salim, reason="No")
        press(ready_to_sign(salim))
        assert view(salim).step is Step.DONE
        assert view(salim).declined_at is None


def test_other_companies_see_nothing_of_it(partner, outsider):
    result = signed(partner)
    with reading(outsider) as session:
        assert queries.register(session).total == 0
        with pytest.raises(NotFound):
            queries.nda(session, result.id)
