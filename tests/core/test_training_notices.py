"""Certificates shown and checked, reminders of their end, and deals that ask for one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.actor import Actor, ContactRole, system
from core.clock import now, today
from core.contacts.own_service import disable_colleague
from core.db import reading, transaction
from core.deals import catalogue, catalogue_queries, registering
from core.deals.catalogue import NewProduct, TrainingNotOffered
from core.deals.certified import CertificateNeeded
from core.errors import NotFound
from core.mail.models import Mail
from core.training import certificates, notices, service
from core.training.public import check
from core.training.validity import State
from core.worker import JOBS
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.deal_acts import make_product, make_territory, new_deal
from tests.core.training_acts import add_module, ask, certifications, do, offered, sit


def person(by: Actor, partner, name: str, role: ContactRole = ContactRole.SALESPERSON) -> Actor:
    with transaction(by) as session:
        row = make_contact(session, partner, name=name, role=role, email=f"{name.lower()}@reseller.example")
    return contact_actor(row)


@pytest.fixture
def hiba(aisha, partner, clock) -> Actor:
    """A salesperson of a reseller."""
    return person(aisha, partner, "Hiba")


def reminded() -> list[tuple[str, str]]:
    """Who was told of an end, with the subject."""
    with reading(system()) as session:
        kept = select(Mail.to_address, Mail.subject).where(Mail.kind == "certification_ending")
        return [(row[0], row[1]) for row in session.execute(kept.order_by(Mail.created_at, Mail.id))]


def days_before_the_end(clock, days: int) -> None:
    clock.at(now().replace(year=2027, month=11, day=22) - timedelta(days=days))


class TestReminders:
    def test_come_ninety_sixty_thirty_and_seven_days_before_once_each(self, aisha, hiba, partner, clock):
        person(aisha, partner, "Usman", ContactRole.PRINCIPAL)
        sit(hiba, offered(aisha, name="Selling payroll"))
        for days in range(92, -3, -1):
            days_before_the_end(clock, days)
            notices.remind()
            notices.remind()
        told = [f"Your certificate Selling payroll ends in {days} days" for days in (90, 60, 30, 7)]
        assert [subject for to, subject in reminded() if to == "hiba@reseller.example"] == told
        for_team = [subject for to, subject in reminded() if to == "usman@reseller.example"]
        assert for_team == [f"Hiba: the certificate Selling payroll ends in {days} days" for days in (90, 60, 30, 7)]

    def test_make_up_for_the_nearest_alone_after_a_pause(self, aisha, hiba, clock):
        sit(hiba, offered(aisha, name="Selling payroll"))
        days_before_the_end(clock, 25)
        notices.remind()
        assert reminded() == [("hiba@reseller.example", "Your certificate Selling payroll ends in 25 days")]

    def test_are_for_whoever_is_there_and_for_what_counts(self, aisha, hiba, partner, clock):
        principal, module = person(aisha, partner, "Usman", ContactRole.PRINCIPAL), offered(aisha, kind="both")
        for by in (hiba, principal):
            sit(by, module)
        do(principal, disable_colleague, hiba.id)
        do(aisha, service.revoke, certifications(aisha)[1].id, reason="A mistake")
        days_before_the_end(clock, 30)
        notices.remind()
        assert reminded() == []

    def test_stop_when_it_was_renewed(self, aisha, hiba, clock):
        module = offered(aisha)
        sit(hiba, module)
        days_before_the_end(clock, 80)
        sit(hiba, module)
        days_before_the_end(clock, 60)
        notices.remind()
        assert reminded() == []

    def test_are_not_as_old_as_the_certificate(self, aisha, hiba, clock):
        sit(hiba, offered(aisha, valid_for_days=30))
        notices.remind()
        assert reminded() == []

    def test_are_a_job_of_the_worker(self):
        assert notices.remind in [job.run for job in JOBS]


class TestCertificate:
    def test_is_for_holder_principal_and_staff(self, aisha, hiba, partner, analyst, member):
        principal, colleague = person(aisha, partner, "Usman", ContactRole.PRINCIPAL), person(aisha, partner, "Ali")
        given = sit(hiba, offered(aisha)).certification_id
        files = [do(by, certificates.fetch, given) for by in (hiba, principal, analyst, aisha)]
        assert {file.name for file in files} == {"C-00001.pdf"}
        assert len({file.content for file in files}) == 1
        for by in (colleague, member):
            with pytest.raises(NotFound):
                do(by, certificates.fetch, given)

    def test_revoked_is_given_to_nobody(self, aisha, hiba):
        given = sit(hiba, offered(aisha)).certification_id
        do(aisha, service.revoke, given, reason="A mistake")
        with pytest.raises(NotFound):
            do(hiba, certificates.fetch, given)

    def test_is_checked_by_its_code(self, aisha, hiba, clock):
        sit(hiba, offered(aisha, name="Selling payroll"))
        code = certifications(aisha)[0].code

        def checked():
            with reading(system()) as session:
                return check(session, code)

        found = checked()
        assert (found.holder, found.organisation, found.module) == ("Hiba", "Salalah Retail", "Selling payroll")
        assert (found.issuer, found.valid_until, found.state) == ("Dhofar Systems", date(2027, 11, 22), State.VALID)
        days_before_the_end(clock, -1)
        assert (checked().state, checked().counts) == (State.EXPIRED, False)

    @pytest.mark.parametrize("code", ("", "x", "C-00001", "ا" * 10, "a" * 41, "a\0b", "%"))
    def test_is_told_of_by_no_other_code(self, aisha, hiba, code):
        sit(hiba, offered(aisha))
        with reading(system()) as session:
            assert check(session, code) is None

    def test_revoked_says_so(self, aisha, hiba):
        sit(hiba, offered(aisha))
        held = certifications(aisha)[0]
        do(aisha, service.revoke, held.id, reason="A mistake")
        with reading(system()) as session:
            found = check(session, held.code)
        assert found is not None
        assert (found.state, found.revoked_on) == (State.REVOKED, today("Asia/Muscat"))


class TestDealsThatAskForOne:
    def asking(self, aisha, module_id):
        with transaction(aisha) as session:
            product, territory = make_product(session, name="Payroll"), make_territory(session)
            product.certificate_module_id = module_id
        return product, territory

    def test_are_refused_until_somebody_is_certified(self, aisha, hiba, partner):
        module = offered(aisha, name="Selling payroll")
        product, territory = self.asking(aisha, module.id)
        deal = new_deal(product, territory)
        says = "^To register deals of Payroll, somebody at your company needs a valid Selling payroll certificate. Take"
        with pytest.raises(CertificateNeeded, match=says):
            do(hiba, registering.submit, deal=deal)
        [offer] = ask(hiba, catalogue_queries.price_list)
        assert (offer.lacks, offer.lacks_id) == ("Selling payroll", module.id)
        colleague = person(aisha, partner, "Ali")
        sit(colleague, module)
        assert ask(hiba, catalogue_queries.price_list)[0].lacks == ""
        assert do(hiba, registering.submit, deal=deal).reference

    def test_count_neither_revoked_nor_expired_nor_disabled_ones(self, aisha, hiba, partner, clock):
        module = offered(aisha, valid_for_days=10)
        deal = new_deal(*self.asking(aisha, module.id))
        principal, ali = person(aisha, partner, "Usman", ContactRole.PRINCIPAL), person(aisha, partner, "Ali")
        sit(ali, module)
        do(principal, disable_colleague, ali.id)
        sit(hiba, module)
        do(aisha, service.revoke, certifications(aisha)[-1].id, reason="A mistake")
        for by in (hiba, principal):
            with pytest.raises(CertificateNeeded):
                do(by, registering.submit, deal=deal)
        sit(hiba, module)
        clock.forward(days=11)
        with pytest.raises(CertificateNeeded):
            do(hiba, registering.submit, deal=deal)

    def test_ask_for_nothing_that_was_withdrawn(self, aisha, hiba):
        module = offered(aisha)
        deal = new_deal(*self.asking(aisha, module.id))
        do(aisha, service.withdraw_module, module.id)
        assert do(hiba, registering.submit, deal=deal).reference

    def test_ask_for_what_can_be_taken(self, aisha):
        module, product = add_module(aisha, name="Unfinished"), NewProduct("P-1", "Payroll", "1", "OMR")
        asking = NewProduct("P-1", "Payroll", "1", "OMR", certificate_module_id=module.id)
        row = do(aisha, catalogue.save_product, None, product=product, version=None)
        with pytest.raises(TrainingNotOffered, match="Nobody can take Unfinished now"):
            do(aisha, catalogue.save_product, row.id, product=asking, version=row.version)
        ready = NewProduct("P-1", "Payroll", "1", "OMR", certificate_module_id=offered(aisha, name="Ready").id)
        do(aisha, catalogue.save_product, row.id, product=ready, version=row.version)
        assert ask(aisha, catalogue_queries.products)[0].certificate_module == "Ready"
