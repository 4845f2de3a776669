"""What contacts do themselves: a principal looks after its colleagues, and everybody after the own sessions."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest

from core.access.service import end_other_sessions
from core.actor import Actor, ContactRole
from core.contacts import own_queries, own_service, service
from core.contacts.models import Contact
from core.contacts.own_service import SessionOver
from core.contacts.rows import ContactIsDisabled, LastPrincipal, NewContact
from core.db import transaction
from core.errors import NotAllowed, NotFound
from core.partners.models import Partner
from tests.core.contact_acts import (
    ask,
    came_in,
    contact_actor,
    do,
    invited,
    make_contact,
    newest_secret,
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


class TestAPrincipal:
    def test_invites_colleagues_of_its_own_company(self, principal, reseller):
        added = do(principal, own_service.add_colleague, person=SALIM)
        assert added.partner_id == reseller.id
        assert came_in(added).partner == reseller.id
        assert {row.name for row in ask(principal, own_queries.colleagues)} == {"Huda Al Said", "Salim Al Kindi"}

    def test_changes_disables_and_invites_again(self, principal):
        added = do(principal, own_service.add_colleague, person=SALIM)
        wish = NewContact("Salim", added.email, "", ContactRole.FINANCE)
        changed = do(principal, own_service.change_colleague, added.id, person=wish, version=added.version)
        assert changed.role is ContactRole.FINANCE
        first = newest_secret(added)
        do(principal, own_service.resend_invite, added.id)
        assert newest_secret(added) != first
        do(principal, own_service.disable_colleague, added.id)
        with pytest.raises(ContactIsDisabled):
            do(principal, own_service.resend_invite, added.id)

    def test_touches_nobody_of_another_partner(self, aisha, principal):
        with transaction(aisha) as session:
            other = make_contact(session, make_partner(session))
        wish = NewContact("X", other.email)
        for operation, details in (
            (own_service.change_colleague, {"person": wish, "version": other.version}),
            (own_service.disable_colleague, {}),
            (own_service.resend_invite, {}),
        ):
            for contact_id in (other.id, uuid4()):
                with pytest.raises(NotFound, match="This contact was not found"):
                    do(principal, operation, contact_id, **details)
        assert other.id not in {row.id for row in ask(principal, own_queries.colleagues)}

    def test_is_never_the_last_to_go(self, aisha, reseller, principal):
        with pytest.raises(LastPrincipal):
            do(principal, own_service.disable_colleague, principal.id)
        wish = NewContact("Huda", "huda@retail.example", "", ContactRole.VIEWER)
        with pytest.raises(LastPrincipal):
            do(principal, own_service.change_colleague, principal.id, person=wish, version=1)
        second = invited(aisha, reseller, role=ContactRole.PRINCIPAL)
        do(principal, own_service.disable_colleague, principal.id)
        assert came_in(second).contact_role is ContactRole.PRINCIPAL

    def test_of_two_who_leave_at_once_one_stays(self, aisha, reseller, principal):
        second = came_in(invited(aisha, reseller, role=ContactRole.PRINCIPAL))

        def leave(who: Actor) -> bool:
            try:
                do(who, own_service.disable_colleague, who.id)
            except LastPrincipal:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, (principal, second))) == [False, True]

    @pytest.mark.parametrize("role", [role for role in ContactRole if role is not ContactRole.PRINCIPAL])
    def test_is_the_only_one_who_may(self, aisha, reseller, role):
        by = came_in(invited(aisha, reseller, role=role))
        with pytest.raises(NotAllowed):
            do(by, own_service.add_colleague, person=SALIM)
        with pytest.raises(NotAllowed):
            ask(by, own_queries.colleagues)


class TestOwnSessions:
    def test_are_listed_and_ended_one_by_one(self, contact):
        here = came_in(contact)
        there = contact_actor(contact, device="phone")
        assert [(row.id, row.is_this) for row in ask(here, own_queries.my_sessions)] == [
            (there.session, False), (here.session, True),
        ]  # fmt: skip
        do(here, own_service.end_session, there.session)
        assert [row.id for row in ask(here, own_queries.my_sessions)] == [here.session]
        for gone in (there.session, uuid4()):
            with pytest.raises(SessionOver):
                do(here, own_service.end_session, gone)

    def test_are_all_ended_but_the_one_this_is_done_in(self, contact, principal):
        here = came_in(contact)
        contact_actor(contact, device="phone")
        assert do(here, end_other_sessions) == 1
        assert [row.id for row in ask(here, own_queries.my_sessions)] == [here.session]
        assert len(ask(principal, own_queries.my_sessions)) == 1

    def test_are_not_those_of_others(self, aisha, reseller, contact, principal):
        here = came_in(contact)
        with pytest.raises(SessionOver):
            do(here, own_service.end_session, principal.session)
        with pytest.raises(SessionOver):
            do(aisha, own_service.end_session, principal.session)
        assert [row.id for row in ask(here, own_queries.my_sessions)] == [here.session]
