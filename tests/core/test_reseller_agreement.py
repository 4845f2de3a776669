"""The reseller agreement: signed by a principal with the machinery that signs NDAs, and never taken for one."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core.access import devices
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, ContactRole, system
from core.audit.queries import verification
from core.clock import now
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.deals import fetching
from core.errors import LookingOnly, NotAllowed
from core.mail.messages import Kind
from core.nda import agreement_queries, evidence_service, progress, queries, renewals, service, text_service
from core.nda.instruments import Instrument, instrument_of, number_of, reference
from core.nda.models import Nda, NdaSigning, NdaText, SigningState
from core.nda.public import confirm_document, confirm_reference
from core.nda.readiness import CodeFirst, ConsentNeeded, NameDiffers, ReadFirst, TextUpdated
from core.nda.rows import agreement_of
from core.nda.service import AlreadySigned, ContactFirst
from core.nda.signing import Signed
from core.nda.stepping_aside import OnlyPrincipalsSign
from core.nda.steps import State, Step
from core.nda.texts import LANGUAGES, default_agreement, missing_twins, sha256_of
from core.partners.models import Partner
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault import fetching as vault
from core.vault.models import Document, DocumentSpace, Origin, SpaceKind
from core.vault.rows import DocumentNotFound
from core.vault.storage import blobs
from tests.core.contact_acts import contact_actor, make_contact, tags
from tests.core.nda_acts import (
    counted,
    done,
    evidence,
    mailed,
    press,
    prove_mailbox,
    read_through,
    ready_to_sign,
    signed,
    view,
    visitor,
)

NAME = "Huda Al Said"
USUAL = default_agreement(Instrument.RESELLER)


def principal_of(by: Actor, partner: Partner, **facts: str) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=ContactRole.PRINCIPAL, **{"name": NAME, "title": "CEO"} | facts)


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    """The reseller's principal."""
    return principal_of(aisha, partner)


@pytest.fixture
def huda(contact: Contact) -> Actor:
    """The principal, in the portal."""
    return contact_actor(contact)


def agreed(by: Actor) -> Signed:
    """The agreement, signed by a principal."""
    return press(ready_to_sign(by), signature=NAME)


def in_company(by: Actor, query, *asked, **filters):
    with reading(by) as session:
        return query(session, *asked, **filters)


class TestText:
    def test_the_usual_one_is_whole_in_both_languages_and_names_both_parties(self) -> None:
        assert missing_twins(USUAL) == []
        assert 9 <= len(USUAL.clauses) <= 12
        for language in LANGUAGES:
            said = " ".join(clause.read_in(language).body for clause in USUAL.clauses)
            assert "{company}" in said
            assert "{partner}" in said

    def test_it_lasts_as_long_as_it_says(self) -> None:
        assert "two (2) years" in next(clause for clause in USUAL.clauses if clause.key == "term").en.body

    def test_versions_and_drafts_are_its_own(self, aisha: Actor) -> None:
        of = Instrument.RESELLER
        draft = done(text_service.start_draft, aisha, instrument=of)
        done(text_service.start_draft, aisha)
        words = USUAL.model_copy(update={"clauses": USUAL.clauses[:-1]})
        saved = done(text_service.save_draft, aisha, agreement=words, version=draft.version, instrument=of)
        done(text_service.publish, aisha, version=saved.version, instrument=of)
        assert [row.number for row in in_company(aisha, queries.text_versions, instrument=of)] == [2, 1]
        assert in_company(aisha, queries.text_version, 2, instrument=of).agreement == words
        assert in_company(aisha, queries.text_version, 1).agreement == default_agreement()
        assert [row.published_at is None for row in in_company(aisha, queries.text_versions)] == [True, False]
        assert "admin:agreement_text:publish" in tags(aisha)


class TestTheWay:
    def test_it_begins_with_the_contact_on_record(self, huda: Actor, contact: Contact) -> None:
        seen = view(huda)
        assert (seen.instrument, seen.step, seen.is_known) == (Instrument.RESELLER, Step.CONTACT, True)
        assert (seen.name, seen.title, seen.email) == (NAME, "CEO", contact.email)
        assert seen.agreement.title_en == "Reseller Agreement"

    def test_no_step_is_skipped(self, huda: Actor) -> None:
        with pytest.raises(ContactFirst):
            done(service.show_text, huda, number=1)
        row = done(service.give_contact, huda, name="Somebody Else", title="Director")
        assert (row.name, row.title, row.instrument) == (NAME, "Director", Instrument.RESELLER)
        with pytest.raises(ReadFirst):
            done(service.send_code, huda)
        read_through(huda)
        with pytest.raises(CodeFirst):
            press(huda, signature=NAME)
        prove_mailbox(huda)
        with pytest.raises(ConsentNeeded):
            press(huda, signature=NAME, consent=False)
        with pytest.raises(NameDiffers, match="Huda Al Said"):
            press(huda, signature="Salim Al Kindi")
        assert press(huda, signature="huda al said").reference == "RA-00001"

    def test_the_code_says_what_it_is_for(self, huda: Actor, contact: Contact) -> None:
        ready_to_sign(huda)
        (mail,) = mailed(huda, Kind.MAILED_CODE)
        assert mail.to_address == contact.email
        assert "to sign the reseller agreement" in mail.text

    def test_a_text_that_changed_meanwhile_is_read_again(self, huda: Actor, aisha: Actor) -> None:
        ready_to_sign(huda)
        of = Instrument.RESELLER
        words = USUAL.model_copy(update={"clauses": USUAL.clauses[1:]})
        draft = done(text_service.start_draft, aisha, instrument=of)
        saved = done(text_service.save_draft, aisha, agreement=words, version=draft.version, instrument=of)
        assert in_company(aisha, progress.reading_now, instrument=of) == 1
        assert in_company(aisha, progress.reading_now) == 0
        done(text_service.publish, aisha, version=saved.version, instrument=of)
        with pytest.raises(TextUpdated, match="v2"):
            press(huda, signature=NAME, text_number=1)
        assert [change.key for change in view(huda).changes] == [USUAL.clauses[0].key]
        read_through(huda)
        assert press(huda, signature=NAME).reference == "RA-00001"

    def test_a_published_text_unsigns_nothing(self, huda: Actor, aisha: Actor, partner: Partner) -> None:
        agreed(huda)
        of = Instrument.RESELLER
        draft = done(text_service.start_draft, aisha, instrument=of)
        words = USUAL.model_copy(update={"title_en": "Reseller Agreement 2"})
        saved = done(text_service.save_draft, aisha, agreement=words, version=draft.version, instrument=of)
        done(text_service.publish, aisha, version=saved.version, instrument=of)
        assert in_company(aisha, agreement_queries.partner_agreement, partner.id).is_in_force

    def test_two_tabs_sign_once(self, huda: Actor) -> None:
        first = agreed(huda)
        again = press(huda, signature=NAME)
        assert (again.id, again.already) == (first.id, True)
        assert counted(huda, Nda) == [1]
        with pytest.raises(AlreadySigned, match="RA-00001"):
            done(service.begin, huda)

    def test_declining_tells_the_team_why_and_can_be_begun_anew(self, huda: Actor) -> None:
        done(service.decline, huda, reason="The commission is too low")
        (mail,) = mailed(huda, Kind.AGREEMENT_DECLINED)
        assert "has declined the reseller agreement" in mail.subject
        assert "The commission is too low" in mail.text
        assert view(huda).declined_at is not None
        assert "partner:agreement:decline" in tags(huda)
        assert agreed(huda).reference == "RA-00001"


class TestWhoSigns:
    def test_only_a_principal(self, aisha: Actor, partner: Partner) -> None:
        for role in set(ContactRole) - {ContactRole.PRINCIPAL}:
            with transaction(aisha) as session:
                other = make_contact(session, partner, role=role)
            with pytest.raises(NotAllowed):
                done(service.give_contact, contact_actor(other), name="Some Body")
            with pytest.raises(NotAllowed):
                view(contact_actor(other))

    def test_not_one_who_is_none_any_more_when_the_press_comes(
        self, aisha: Actor, partner: Partner, contact: Contact, huda: Actor
    ) -> None:
        principal_of(aisha, partner, name="Other Principal")
        ready_to_sign(huda)
        person = NewContact(contact.name, contact.email, contact.title, ContactRole.FINANCE)
        done(contacts.change, aisha, contact.id, person=person, version=contact.version)
        with pytest.raises(NotAllowed):
            press(huda, signature=NAME)
        assert counted(huda, Nda) == [0]

    def test_not_staff_who_look_on(self, aisha: Actor, contact: Contact) -> None:
        looking = contact_actor(contact, viewer=aisha.id)
        assert view(looking).step is Step.CONTACT
        with pytest.raises(LookingOnly):
            done(service.give_contact, looking, name=NAME)
        with pytest.raises(ReadFirst):
            press(looking, signature=NAME)

    def test_it_is_not_handed_over(self, huda: Actor) -> None:
        with pytest.raises(OnlyPrincipalsSign):
            done(service.hand_over, huda, name="Sara Al Habsi", email="sara@partner.om")

    def test_a_guest_of_the_room_signs_the_nda_alone(self, huda: Actor, partner: Partner) -> None:
        agreed(huda)
        assert signed(partner).reference == "NDA-00001"
        guest = visitor(partner, kind=SessionKind.ROOM)
        assert [one.reference for one in in_company(guest, queries.my_ndas)] == ["NDA-00001"]


class TestWhatIsKept:
    def test_everything_that_belongs_to_it(self, huda: Actor, contact: Contact, partner: Partner) -> None:
        made = agreed(huda)
        assert (made.reference, made.signer) == ("RA-00001", NAME)
        found = evidence(huda, made.id)
        assert found.entered_by == "portal"
        assert found.expires_at.year - found.signed_at.year == 2
        assert found.signer.email == contact.email
        with reading(system(huda.company)) as session:
            row = session.get_one(Nda, made.id)
            text = session.get_one(NdaText, row.text_id)
            signing = session.scalars(select(NdaSigning)).one()
            document, space = session.execute(
                select(Document, DocumentSpace).join(DocumentSpace, DocumentSpace.id == Document.space_id)
            ).one()
            access = session.get_one(AccessSession, huda.session)
            entries = session.scalars(select(TimelineEntry.kind).where(TimelineEntry.partner_id == partner.id)).all()
            kept = session.get_one(Partner, partner.id)
        assert (row.instrument, text.instrument, signing.instrument) == (Instrument.RESELLER,) * 3
        assert text.sha256_en == sha256_of(agreement_of(text), "en")
        assert signing.state is SigningState.SIGNED
        assert (document.origin, space.kind) == (Origin.SIGNED_AGREEMENT, SpaceKind.DEALS)
        assert access.kind is SessionKind.CONTACT
        assert (kept.nda_expires_at, kept.status) == (None, partner.status)
        assert Entry.AGREEMENT_SIGNED in entries
        assert Entry.NDA_SIGNED not in entries
        assert "partner:agreement:sign" in tags(huda)

    def test_the_mails(self, huda: Actor, contact: Contact, aisha: Actor) -> None:
        agreed(huda)
        (record,) = mailed(huda, Kind.AGREEMENT_SIGNED_RECORD)
        (alert,) = mailed(huda, Kind.AGREEMENT_SIGNED_ALERT)
        assert (record.to_address, alert.to_address != contact.email) == (contact.email, True)
        assert "reseller agreement" in record.subject
        assert mailed(huda, Kind.NDA_SIGNED_RECORD) == []

    def test_the_device_is_trusted_from_now_on(self, huda: Actor) -> None:
        assert self.asks_for_code(huda)
        agreed(huda)
        assert not self.asks_for_code(huda)

    def asks_for_code(self, by: Actor) -> bool:
        with reading(by) as session:
            return devices.needs_code(session, by=by)

    def test_numbers_have_no_gaps_and_are_its_own(self, huda: Actor, partner: Partner) -> None:
        assert signed(partner).reference == "NDA-00001"
        assert agreed(huda).reference == "RA-00001"
        assert (instrument_of("RA-00012"), number_of("RA-00012")) == (Instrument.RESELLER, 12)
        assert reference(12, Instrument.RESELLER) == "RA-00012"

    def test_it_verifies_and_is_confirmed_to_strangers(self, huda: Actor, aisha: Actor) -> None:
        made = agreed(huda)
        assert all(check.ok for check in done(evidence_service.check, aisha, made.id))
        assert done(evidence_service.bundle, aisha, made.id).file_name == "RA-00001-evidence.zip"
        assert in_company(aisha, verification).intact
        with reading(system()) as session:
            row = session.get_one(Nda, made.id)
            assert confirm_document(session, blobs().read(row.pdf_sha256)).reference == "RA-00001"
            assert confirm_reference(session, "ra-00001", row.evidence_sha256[:16]).confirmed
            assert not confirm_reference(session, "ra-00001", "0" * 16).confirmed

    def test_a_text_of_the_other_agreement_is_noticed(self, huda: Actor, aisha: Actor) -> None:
        made = agreed(huda)
        with transaction(system()) as session:
            session.execute(update(NdaText).values(instrument=Instrument.NDA))
        failed = {check.key for check in done(evidence_service.check, aisha, made.id) if not check.ok}
        assert failed == {"text"}


class TestWhoReadsWhat:
    def test_lists_of_ndas_have_none_of_it(self, huda: Actor, aisha: Actor, partner: Partner) -> None:
        agreed(huda)
        assert in_company(aisha, queries.register).rows == []
        assert sum(in_company(aisha, queries.standing).values()) == 0
        assert in_company(aisha, queries.partner_ndas, partner.id) == []
        assert in_company(aisha, progress.under_way, partner.id).signings == []
        of = Instrument.RESELLER
        assert [row.reference for row in in_company(aisha, queries.register, instrument=of).rows] == ["RA-00001"]
        assert in_company(aisha, queries.standing, instrument=of)[State.VALID] == 1
        assert [row.reference for row in in_company(aisha, queries.partner_ndas, partner.id, instrument=of)] == [
            "RA-00001"
        ]

    def test_its_people_see_how_it_stands_and_the_principal_has_the_pdf(
        self, huda: Actor, aisha: Actor, partner: Partner
    ) -> None:
        with transaction(aisha) as session:
            viewer = make_contact(session, partner, role=ContactRole.VIEWER)
        assert in_company(huda, agreement_queries.my_agreement) is None
        made = agreed(huda)
        mine = in_company(huda, agreement_queries.my_agreement)
        theirs = in_company(contact_actor(viewer), agreement_queries.my_agreement)
        assert (mine.reference, mine.state, mine.document_id) == ("RA-00001", State.VALID, made.document_id)
        assert theirs == replace(mine, document_id=None)

    def test_the_pdf_opens_to_principals_and_to_staff_who_read_agreements(
        self, huda: Actor, aisha: Actor, reviewer: Actor, partner: Partner
    ) -> None:
        made = agreed(huda)
        with transaction(aisha) as session:
            seller = make_contact(session, partner)
        assert done(fetching.fetch_own, huda, made.document_id).file_name == "RA-00001.pdf"
        assert done(fetching.fetch, aisha, made.document_id).file_name == "RA-00001.pdf"
        with pytest.raises(DocumentNotFound):
            done(fetching.fetch_own, contact_actor(seller), made.document_id)
        with pytest.raises(NotAllowed):
            done(fetching.fetch, reviewer, made.document_id)
        with pytest.raises(DocumentNotFound):
            done(vault.fetch_own, visitor(partner, kind=SessionKind.ROOM), made.document_id)


class TestItsEnd:
    def end_in(self, nda_id: UUID, days: float) -> None:
        with transaction(system()) as session:
            session.execute(update(Nda).where(Nda.id == nda_id).values(expires_at=now() + timedelta(days=days)))

    def sign_earlier(self, by: Actor) -> Signed:
        made = agreed(by)
        with transaction(system()) as session:
            session.execute(update(Nda).values(signed_at=now() - timedelta(days=700)))
        return made

    def test_principals_are_reminded_and_may_sign_again(self, huda: Actor, contact: Contact, aisha: Actor) -> None:
        made = self.sign_earlier(huda)
        self.end_in(made.id, 20)
        renewals.remind()
        renewals.remind()
        told = [mail.to_address for mail in mailed(huda, Kind.AGREEMENT_RENEWAL)]
        assert told.count(contact.email) == 1
        assert len(told) == 2
        assert mailed(huda, Kind.NDA_RENEWAL) == []
        assert view(huda).renews is not None
        assert agreed(huda).reference == "RA-00002"
        assert in_company(aisha, queries.standing, instrument=Instrument.RESELLER)[State.SUPERSEDED] == 1

    def test_its_end_is_noted_once(self, huda: Actor, aisha: Actor, partner: Partner) -> None:
        made = self.sign_earlier(huda)
        self.end_in(made.id, -1)
        renewals.remind()
        renewals.remind()
        assert len(mailed(huda, Kind.AGREEMENT_EXPIRED)) == 1
        assert tags(huda).count("system:agreement:expire") == 1
        assert not in_company(aisha, agreement_queries.partner_agreement, partner.id).is_in_force
