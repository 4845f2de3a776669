"""Amounts and whom they reach: by role, and by the device on which a contact proved its own mailbox."""

from collections.abc import Callable

import pytest

from core.access import devices
from core.access.codes import Verdict, masked
from core.access.devices import DeviceUnknown
from core.access.models import AccessSession
from core.actor import Actor, ContactRole, system
from core.contacts import desk, service
from core.contacts.desk import Desk
from core.contacts.models import Contact
from core.contacts.money import sees_money
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed
from core.partners import room_queries
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.proposal_acts import let_in, tags
from tests.core.room_acts import guest, mailed_code, person, send

FOR_MONEY = {ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.FINANCE}


def made(by: Actor, partner: Partner, role: ContactRole = ContactRole.PRINCIPAL) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=role)


def sees(actor: Actor) -> bool:
    with reading(actor) as session:
        return sees_money(session)


def place(actor: Actor) -> Desk:
    with reading(actor) as session:
        return desk.desk(session)


def send_code(by: Actor, language: str = "en") -> str:
    with transaction(by) as session:
        desk.send_device_code(session, language=language, by=by)
    return mailed_code(by)


def prove(by: Actor) -> Verdict:
    code = send_code(by)
    with transaction(by) as session:
        return desk.prove_device(session, text=code, by=by).verdict


@pytest.fixture
def huda(aisha: Actor, partner: Partner) -> Contact:
    """A principal."""
    return made(aisha, partner)


class TestSeesMoney:
    @pytest.mark.parametrize("role", ContactRole)
    def test_by_role_once_the_device_is_confirmed(self, aisha: Actor, partner: Partner, role: ContactRole) -> None:
        actor = contact_actor(made(aisha, partner, role))
        assert not sees(actor)
        assert prove(actor) is Verdict.RIGHT
        assert sees(actor) == (role in FOR_MONEY)

    @pytest.mark.parametrize("role", ContactRole)
    def test_by_role_alone_where_the_settings_ask_for_no_code(
        self, aisha: Actor, partner: Partner, role: ContactRole, set_settings: Callable[..., None]
    ) -> None:
        set_settings(code_on_new_device=False)
        assert sees(contact_actor(made(aisha, partner, role))) == (role in FOR_MONEY)

    def test_staff_who_read_deals_and_the_product_itself_do(
        self, aisha: Actor, reviewer: Actor, analyst: Actor, member: Actor
    ) -> None:
        assert [sees(actor) for actor in (aisha, reviewer, analyst, member)] == [True, True, True, False]
        assert sees(system(aisha.company))

    def test_staff_who_look_as_a_contact_see_what_its_role_sees(self, aisha: Actor, partner: Partner) -> None:
        for role in ContactRole:
            assert sees(contact_actor(made(aisha, partner, role), viewer=aisha.id)) == (role in FOR_MONEY)

    def test_other_people_of_the_partner_do_not(self, aisha: Actor, partner: Partner) -> None:
        reader = person(let_in(aisha, partner))
        assert reader is not None
        assert not sees(reader)
        assert not sees(guest(send(aisha, partner)))


class TestDevice:
    def test_is_confirmed_for_ninety_days(self, clock: Clock, huda: Contact) -> None:
        actor = contact_actor(huda)
        assert (place(actor).needs_code, place(actor).waiting_for, place(actor).sees_money) == (True, "", False)
        send_code(actor)
        assert place(actor).waiting_for == place(actor).address == masked(huda.email)
        clock.forward(minutes=1)
        assert prove(actor) is Verdict.RIGHT
        assert (place(actor).needs_code, place(actor).waiting_for, place(actor).sees_money) == (False, "", True)
        clock.forward(days=89)
        assert not place(contact_actor(huda)).needs_code
        clock.forward(days=1)
        assert place(contact_actor(huda)).needs_code

    def test_of_one_contact_is_nobody_elses(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        colleague = contact_actor(made(aisha, partner), device="shared")
        room = guest(send(aisha, partner), device="shared")
        prove(contact_actor(huda, device="shared"))
        assert place(colleague).needs_code
        with reading(room) as session:
            assert room_queries.room(session).needs_code
        prove(colleague)
        assert not place(contact_actor(huda, device="shared")).needs_code

    def test_that_the_room_trusts_is_not_the_contacts(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        room = guest(send(aisha, partner), device="shared")
        with transaction(room) as session:
            devices.trust(session, partner.id, devices.device_of(session, room) or b"", address="salim@acme.om")
        assert place(contact_actor(huda, device="shared")).needs_code

    def test_of_one_contact_is_confirmed_one_by_one(self, huda: Contact) -> None:
        prove(contact_actor(huda, device="office"))
        assert place(contact_actor(huda, device="phone")).needs_code

    def test_is_forgotten_with_the_mailbox(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        colleague = made(aisha, partner)
        for contact in (huda, colleague):
            prove(contact_actor(contact))
        person = NewContact(huda.name, "other@acme.om", huda.title, huda.role, huda.language)
        with transaction(aisha) as session:
            service.change(session, huda.id, person=person, version=huda.version, by=aisha)
        assert place(contact_actor(huda)).needs_code
        assert not place(contact_actor(colleague)).needs_code

    def test_that_is_not_confirmed_fetches_nothing(self, huda: Contact) -> None:
        actor = contact_actor(huda)
        with reading(actor) as session, pytest.raises(DeviceUnknown):
            devices.require_trust(session, by=actor)

    def test_gets_its_code_in_a_language_there_is(self, huda: Contact) -> None:
        with transaction(contact_actor(huda)) as session, pytest.raises(Invalid):
            desk.send_device_code(session, language="fr", by=session.info["actor"])


class TestDesk:
    def test_says_who_is_here(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        found = place(contact_actor(huda))
        assert (found.person, found.role) == (huda.name, ContactRole.PRINCIPAL)
        assert (found.partner, found.partner_ar, found.company) == ("Salalah Retail", "صلالة", "Dhofar Systems")
        assert (found.owner, found.for_money) == ("Aisha Al Balushi", True)

    def test_is_no_business_of_anybody_else(self, aisha: Actor, partner: Partner) -> None:
        for other in (aisha, guest(send(aisha, partner)), system(aisha.company)):
            with reading(other) as session, pytest.raises(NotAllowed):
                desk.desk(session)

    def test_ends_the_other_sessions_of_the_contact_alone(self, aisha: Actor, partner: Partner, huda: Contact) -> None:
        here, colleague = contact_actor(huda), contact_actor(made(aisha, partner))
        for device in ("phone", "office"):
            contact_actor(huda, device=device)
        staff = contact_actor(huda, viewer=aisha.id)
        with transaction(here) as session:
            assert desk.end_other_sessions(session, by=here) == 2
        with reading(aisha) as session:
            left = session.query(AccessSession).filter(AccessSession.revoked_at.is_(None))
            assert {one.id for one in left} == {here.session, colleague.session, staff.session}
        assert "access:session:revoke" in tags(aisha)
