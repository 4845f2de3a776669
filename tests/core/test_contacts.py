"""Resellers and their people: terms, contacts added, changed and shut out, by staff and by their own principal."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.access.models import AccessSession
from core.actor import Actor, ContactRole, system
from core.audit.tags import Tag
from core.companies.models import Company
from core.contacts import queries, service
from core.contacts.models import Contact
from core.contacts.own_service import SessionOver
from core.contacts.people import ContactState
from core.contacts.rows import AddressTaken, ContactChanged, ContactIsDisabled, LastPrincipal, NewContact, PortalOff
from core.contacts.service import NotReseller, ResellerAlready
from core.db import reading, transaction
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.i18n import refusal
from core.mail.models import Mail
from core.partners.models import Partner, TaxForm
from core.partners.service import PartnerChanged
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.core.contact_acts import (
    ask,
    came_in,
    do,
    enter,
    invited,
    newest_secret,
    person,
    rows_of,
    tags,
)
from tests.factories import make_partner

SALIM = NewContact("Salim Al Kindi", "Salim@Retail.example", "Head of sales", ContactRole.SALESPERSON)


@pytest.fixture
def reseller(aisha: Actor, partner: Partner) -> Partner:
    made: Partner = do(aisha, service.make_reseller, partner.id, commission_pct=Decimal("12.5"))
    return made


@pytest.fixture
def contact(aisha: Actor, reseller: Partner) -> Contact:
    added: Contact = do(aisha, service.add, reseller.id, person=SALIM)
    return added


@pytest.fixture
def principal(aisha: Actor, reseller: Partner) -> Actor:
    return came_in(invited(aisha, reseller, name="Huda Al Said", role=ContactRole.PRINCIPAL))


class TestResellers:
    def test_begin_with_their_usual_commission(self, clock, aisha, reseller):
        assert (reseller.reseller_since, reseller.default_commission_pct) == (clock.now(), Decimal("12.5"))
        assert Tag.RESELLER_CHANGE in tags(aisha)
        with pytest.raises(ResellerAlready):
            do(aisha, service.make_reseller, reseller.id, commission_pct=Decimal(1))

    @pytest.mark.parametrize("value", ("-1", "101", "NaN", "Infinity", "1e309", "10.0001"))
    def test_have_a_commission_from_0_to_100(self, aisha, partner, value):
        with pytest.raises(Invalid, match="from 0 to 100 percent"):
            do(aisha, service.make_reseller, partner.id, commission_pct=Decimal(value))

    def test_are_not_made_while_the_module_is_off(self, aisha, partner, company):
        with transaction(system()) as session:
            session.get_one(Company, company.id).module_partner_portal_enabled = False
        with pytest.raises(PortalOff):
            do(aisha, service.make_reseller, partner.id, commission_pct=Decimal(1))

    def test_change_their_terms_once_for_two_who_edit_them(self, aisha, nora, reseller):
        terms = {"registration": "1234567", "tax_form": TaxForm.W8, "version": reseller.version}
        changed = do(aisha, service.change_terms, reseller.id, commission_pct=Decimal(15), **terms)
        assert (changed.default_commission_pct, changed.registration, changed.tax_form) == (15, "1234567", TaxForm.W8)
        with pytest.raises(PartnerChanged):
            do(nora, service.change_terms, reseller.id, commission_pct=Decimal(20), **terms)

    def test_have_no_terms_before_they_are_one(self, aisha, partner):
        terms: dict[str, Any] = {"registration": "", "tax_form": TaxForm.NONE, "version": partner.version}
        with pytest.raises(NotReseller):
            do(aisha, service.change_terms, partner.id, commission_pct=Decimal(15), **terms)
        with pytest.raises(NotReseller):
            do(aisha, service.add, partner.id, person=SALIM)


class TestAdding:
    def test_mails_the_invite_at_once(self, aisha, contact):
        with reading(aisha) as session:
            mail = session.scalars(select(Mail)).one()
            noted = list(session.scalars(select(TimelineEntry.kind)))
        assert (mail.to_address, mail.partner_id) == ("salim@retail.example", contact.partner_id)
        assert "Aisha Al Balushi invites you to the Dhofar Systems partner portal" in mail.subject
        assert "Salesperson" in mail.text
        assert Kind.CONTACT_ADDED in noted
        assert tags(aisha)[-2:] == [Tag.CONTACT_ADD, Tag.CONTACT_INVITE]

    def test_writes_to_an_arabic_reader_in_arabic(self, aisha, reseller):
        do(aisha, service.add, reseller.id, person=NewContact("سالم", "salim@retail.example", language="ar"))
        with reading(aisha) as session:
            mail = session.scalars(select(Mail)).one()
        assert "إلى بوابة شركاء أنظمة ظفار" in mail.subject
        assert "صلالة" in mail.text
        assert "مندوب مبيعات" in mail.text

    def test_knows_an_address_once_in_a_company(self, aisha, reseller, contact):
        with transaction(aisha) as session:
            other = make_partner(session)
        do(aisha, service.make_reseller, other.id, commission_pct=Decimal(1))
        for whose in (reseller.id, other.id):
            with pytest.raises(AddressTaken, match="belongs to a contact already"):
                do(aisha, service.add, whose, person=NewContact("Other", " SALIM@retail.example "))
        assert rows_of(Contact) == 1

    def test_knows_it_once_also_for_many_at_the_same_moment(self, aisha, reseller):
        def add(_: int) -> bool:
            try:
                do(aisha, service.add, reseller.id, person=SALIM)
            except AddressTaken:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(add, range(16))) == 1
        assert (rows_of(Contact), rows_of(Mail)) == (1, 1)

    @pytest.mark.parametrize(
        ("person", "said"),
        (
            (NewContact("", "a@b.example"), "Name is missing"),
            (NewContact("x\r\nBcc: e@x.om", "a@b.example"), "Name cannot contain line breaks"),
            (NewContact("A", "no address"), "does not look like name@company.com"),
            (NewContact("A", "a@b.example", "x" * 201), "Title: maximum 200 characters"),
            (NewContact("A", "a@b.example", language="fr"), "Choose English or Arabic"),
        ),
    )
    def test_refuses_what_cannot_be_kept(self, aisha, reseller, person, said):
        with pytest.raises(Invalid, match=said):
            do(aisha, service.add, reseller.id, person=person)
        assert rows_of(Contact) == 0


class TestChanging:
    def test_another_role_counts_at_the_next_click(self, aisha, contact):
        secret = enter(newest_secret(contact))
        wish = NewContact(contact.name, contact.email, contact.title, ContactRole.VIEWER)
        do(aisha, service.change, contact.id, person=wish, version=contact.version)
        assert (found := person(secret)) is not None
        assert found.contact_role is ContactRole.VIEWER

    def test_another_address_is_another_mailbox(self, aisha, contact):
        earlier, secret = newest_secret(contact), enter(newest_secret(contact))
        wish = NewContact(contact.name, "salim@elsewhere.example", contact.title, contact.role)
        moved = do(aisha, service.change, contact.id, person=wish, version=contact.version)
        assert person(secret) is None
        assert newest_secret(moved) != earlier
        assert came_in(moved).id == contact.id

    def test_is_done_once_for_two_who_edit(self, aisha, nora, contact):
        seen, wish = contact.version, NewContact("Salim A.", contact.email, "CEO", contact.role)
        do(aisha, service.change, contact.id, person=wish, version=seen)
        with pytest.raises(ContactChanged):
            do(nora, service.change, contact.id, person=SALIM, version=seen)

    def test_coming_in_is_no_change(self, aisha, contact):
        enter(newest_secret(contact))
        do(aisha, service.change, contact.id, person=SALIM, version=contact.version)


class TestShuttingOut:
    def test_ends_sessions_at_the_next_click(self, aisha, contact):
        secret = enter(newest_secret(contact))
        assert person(secret) is not None
        do(aisha, service.disable, contact.id)
        do(aisha, service.disable, contact.id)
        assert person(secret) is None
        assert tags(aisha).count(Tag.CONTACT_DISABLE) == 1

    def test_and_letting_in_again_takes_a_new_link(self, aisha, contact):
        before, secret = newest_secret(contact), enter(newest_secret(contact))
        do(aisha, service.resend, contact.id)
        unused = newest_secret(contact)
        do(aisha, service.disable, contact.id)
        with pytest.raises(ContactIsDisabled):
            do(aisha, service.resend, contact.id)
        do(aisha, service.enable, contact.id)
        assert person(secret) is None
        for dead in (before, unused):
            with pytest.raises(DomainError):
                enter(dead)
        do(aisha, service.resend, contact.id)
        assert came_in(contact).id == contact.id

    def test_ends_sessions_alone(self, aisha, contact):
        secret = enter(newest_secret(contact))
        assert do(aisha, service.end_sessions, contact.id) == 1
        assert person(secret) is None
        assert rows_of(Contact) == 1

    def test_is_done_to_nobody_of_another_company(self, outsider, contact):
        for operation in (service.disable, service.enable, service.resend, service.end_sessions, service.view_as):
            with pytest.raises(NotFound):
                do(outsider, operation, contact.id)


class TestListing:
    def test_tells_how_far_each_has_come(self, aisha, reseller, clock, principal):
        waiting = invited(aisha, reseller, name="Amal")
        shut = invited(aisha, reseller, name="Badr")
        do(aisha, service.disable, shut.id)
        states = {row.name: row.state for row in ask(aisha, queries.contacts, reseller.id)}
        assert states == {
            "Amal": ContactState.INVITED, "Huda Al Said": ContactState.ACTIVE, "Badr": ContactState.DISABLED,
        }  # fmt: skip
        clock.forward(days=7)
        rows = {row.id: row for row in ask(aisha, queries.contacts, reseller.id)}
        assert rows[waiting.id].state is ContactState.INVITE_EXPIRED
        assert principal.id is not None
        assert rows[principal.id].open_sessions == 1
        assert rows[principal.id].last_used_at is not None

    def test_tells_the_sessions_of_one(self, aisha, reseller, principal):
        (opened,) = ask(aisha, queries.sessions_of, principal.id)
        assert (opened.id, opened.is_this, opened.ip) == (principal.session, False, "198.51.100.4")

    def test_is_for_staff_of_the_company(self, outsider, reseller, principal):
        with pytest.raises(NotFound):
            ask(outsider, queries.contacts, reseller.id)
        with pytest.raises(NotFound):
            ask(outsider, queries.sessions_of, principal.id)


def test_every_refusal_is_said_in_arabic_too():
    for kind in (AddressTaken, ContactChanged, ContactIsDisabled, LastPrincipal, PortalOff, NotReseller, SessionOver):
        assert issubclass(kind, (Conflict, NotFound))
        assert refusal(kind(), "ar") != kind().message


def test_nobody_is_in_before_they_come(contact):
    assert rows_of(AccessSession) == 0
