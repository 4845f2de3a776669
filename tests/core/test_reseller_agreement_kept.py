"""The reseller agreement once it is signed: what is kept, who reads it, how it ends; it is never taken for an NDA."""

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
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import fetching
from core.errors import NotAllowed
from core.mail.messages import Kind
from core.nda import agreement_queries, evidence_service, progress, queries, renewals
from core.nda.bundle_check import check_bundle
from core.nda.instruments import Instrument, instrument_of, number_of, reference
from core.nda.models import Nda, NdaSigning, NdaText, SigningState
from core.nda.public import confirm_document, confirm_reference
from core.nda.rows import agreement_of
from core.nda.signing import Signed
from core.nda.steps import State
from core.nda.texts import sha256_of
from core.partners.models import Partner
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault import fetching as vault
from core.vault.models import Document, DocumentSpace, Origin, SpaceKind
from core.vault.rows import DocumentNotFound
from core.vault.storage import blobs
from tests.core.agreement_acts import NAME, agreed, in_company, principal_of
from tests.core.contact_acts import contact_actor, make_contact, tags
from tests.core.nda_acts import (
    done,
    evidence,
    mailed,
    signed,
    view,
    visitor,
)


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    """The reseller's principal."""
    return principal_of(aisha, partner)


@pytest.fixture
def huda(contact: Contact) -> Actor:
    """The principal, in the portal."""
    return contact_actor(contact)


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
        bundle = done(evidence_service.bundle, aisha, made.id)
        assert bundle.file_name == "RA-00001-evidence.zip"
        assert all(check.ok for check in check_bundle(bundle.data))
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
