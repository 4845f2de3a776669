"""The reseller agreement: its text, the way to a signature, and who may go it."""

import pytest

from core.access.kinds import SessionKind
from core.actor import Actor, ContactRole
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import transaction
from core.errors import LookingOnly, NotAllowed
from core.mail.messages import Kind
from core.nda import agreement_queries, progress, queries, service, text_service
from core.nda.instruments import Instrument
from core.nda.models import Nda
from core.nda.readiness import CodeFirst, ConsentNeeded, NameDiffers, ReadFirst, TextUpdated
from core.nda.service import AlreadySigned, ContactFirst
from core.nda.stepping_aside import OnlyPrincipalsSign
from core.nda.steps import Step
from core.nda.texts import LANGUAGES, default_agreement, missing_twins
from core.partners.models import Partner
from tests.core.agreement_acts import NAME, agreed, in_company, principal_of
from tests.core.contact_acts import contact_actor, make_contact, tags
from tests.core.nda_acts import (
    counted,
    done,
    mailed,
    press,
    prove_mailbox,
    read_through,
    ready_to_sign,
    signed,
    view,
    visitor,
)

USUAL = default_agreement(Instrument.RESELLER)


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    """The reseller's principal."""
    return principal_of(aisha, partner)


@pytest.fixture
def huda(contact: Contact) -> Actor:
    """The principal, in the portal."""
    return contact_actor(contact)


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
