"""Staff who look as a contact: let in by a link of five minutes, seen apart, and able to change nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access.tokens import LinkAltered, LinkExpired, WrongPurpose
from core.actor import Actor, ActorKind, ContactRole, Role, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies.models import Staff
from core.contacts import entry, own_queries, queries, service
from core.contacts.models import Contact, ContactLink, LinkUse
from core.contacts.rows import ContactIsDisabled
from core.db import reading, transaction
from core.errors import LookingOnly, NotAllowed
from core.i18n import refusal
from core.partners.models import Partner
from tests.core.contact_acts import (
    STRANGER,
    ask,
    contact_actor,
    do,
    enter,
    invited,
    newest_secret,
    person,
    rows_of,
    tags,
)


def look(secret: str, *uses: LinkUse) -> entry.Entry:
    with reading(STRANGER) as session:
        return entry.look(session, secret, uses=uses or entry.COMES_IN)


def enter_view(secret: str) -> str:
    with transaction(STRANGER) as session:
        return entry.enter_view(session, secret, by=STRANGER)


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    return invited(aisha, partner, name="Salim Al Kindi", role=ContactRole.FINANCE)


class TestStaffWhoLook:
    def test_change_nothing(self, aisha, contact):
        looking = contact_actor(contact, viewer=aisha.id)
        with pytest.raises(LookingOnly) as refused, transaction(looking) as session:
            session.add(Contact())
        assert refused.value.message == "You are looking as Salim Al Kindi; nothing can be changed here."
        assert "Salim Al Kindi" in refusal(refused.value, "ar")
        assert isinstance(refused.value, NotAllowed)
        assert ask(looking, own_queries.my_sessions) == []

    def test_are_not_among_the_contacts_sessions(self, aisha, contact):
        contact_actor(contact, viewer=aisha.id)
        assert ask(aisha, queries.sessions_of, contact.id) == []
        assert ask(aisha, queries.contacts, contact.partner_id)[0].last_used_at is None

    def test_leave_a_record(self, aisha, contact):
        do(aisha, service.view_as, contact.id)
        assert tags(aisha)[-1] == Tag.CONTACT_VIEW_AS

    def test_look_as_nobody_who_is_disabled(self, aisha, contact):
        do(aisha, service.disable, contact.id)
        with pytest.raises(ContactIsDisabled):
            do(aisha, service.view_as, contact.id)
        assert rows_of(ContactLink) == 1

    @pytest.mark.parametrize("who_asks", ("reviewer", "analyst", "member"))
    def test_are_admins(self, request, contact, who_asks):
        with pytest.raises(NotAllowed):
            do(request.getfixturevalue(who_asks), service.view_as, contact.id)


class TestLookingAsAContact:
    @pytest.fixture
    def view(self, aisha: Actor, contact: Contact) -> str:
        path: str = do(aisha, service.view_as, contact.id)
        assert path.startswith("/view/")
        return path.removeprefix("/view/")

    def test_is_that_contact_and_who_looks(self, aisha, contact, view):
        actor = person(enter_view(view))
        assert actor is not None
        assert (actor.id, actor.contact_role, actor.viewer) == (contact.id, ContactRole.FINANCE, aisha.id)
        with reading(aisha) as session:
            newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
            row = session.get_one(Contact, contact.id)
        assert newest is not None
        assert (newest.tag, newest.actor_id, newest.actor_kind) == (Tag.CONTACT_VIEW_AS, aisha.id, ActorKind.STAFF)
        assert row.entered_at is None

    def test_lasts_half_an_hour_from_a_link_of_five_minutes(self, clock, aisha, partner):
        contact = invited(aisha, partner)
        first, late = (do(aisha, service.view_as, contact.id).removeprefix("/view/") for _ in range(2))
        clock.forward(minutes=4, seconds=59)
        opened = enter_view(first)
        clock.forward(seconds=1)
        with pytest.raises(LinkExpired):
            enter_view(late)
        clock.forward(minutes=29, seconds=58)
        assert person(opened) is not None
        clock.forward(seconds=1)
        assert person(opened) is None

    @pytest.mark.parametrize("change", ({"role": Role.ANALYST}, {"disabled_at": "now"}))
    def test_ends_for_staff_who_may_no_more(self, aisha, contact, view, change):
        opened = enter_view(view)
        unused = do(aisha, service.view_as, contact.id).removeprefix("/view/")
        with transaction(system()) as session:
            staff = session.get_one(Staff, aisha.id)
            staff.role = change.get("role", staff.role)
            staff.disabled_at = staff.added_at + timedelta(seconds=1) if "disabled_at" in change else None
        assert person(opened) is None
        with pytest.raises(LinkAltered):
            enter_view(unused)

    def test_ends_when_the_contact_is_disabled(self, aisha, contact, view):
        opened = enter_view(view)
        do(aisha, service.disable, contact.id)
        assert person(opened) is None

    def test_and_coming_in_are_two_kinds_of_link(self, contact, view):
        secret = newest_secret(contact)
        with pytest.raises(WrongPurpose):
            enter_view(secret)
        with pytest.raises(WrongPurpose):
            enter(view)
        with pytest.raises(WrongPurpose):
            look(view)
        assert look(view, LinkUse.VIEW).language == "en"
