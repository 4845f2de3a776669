"""What stands in the way of a signature is said, and nothing is kept; what is not known is not invented."""

import pytest
from sqlalchemy import select

from core.access import sessions
from core.access.codes import Verdict
from core.access.models import AccessSession
from core.actor import Actor, system
from core.db import reading, transaction
from core.errors import NotFound
from core.i18n import refusal
from core.mail.messages import Kind
from core.nda import ceremony, queries, service, text_service
from core.nda.models import Nda, NdaCounter, NdaSigning
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
from core.nda.service import ContactFirst
from core.nda.stepping_aside import ReasonNeeded
from core.nda.steps import Step
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault.models import Document
from tests.core.nda_acts import (
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
