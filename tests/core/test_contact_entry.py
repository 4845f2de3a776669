"""How contacts come in: a link that works once, also for many who press it at once; and whom a session stands for."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select

from core.access.models import AccessSession
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor, ActorKind, ContactRole, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies.models import Company
from core.contacts import entry, service
from core.contacts.entry import LinkUsed, NotAvailable
from core.contacts.models import Contact, ContactLink, LinkUse
from core.contacts.rows import NewContact
from core.db import reader, reading, transaction
from core.i18n import refusal
from core.mail.models import Mail
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.core.contact_acts import STRANGER, do, enter, invited, newest_secret, person, rows_of
from tests.factories import make_partner


def look(secret: str, *uses: LinkUse) -> entry.Entry:
    with reading(STRANGER) as session:
        return entry.look(session, secret, uses=uses or entry.COMES_IN)


def enter_view(secret: str) -> str:
    with transaction(STRANGER) as session:
        return entry.enter_view(session, secret, by=STRANGER)


def switch_portal(company: Company, enabled: bool) -> None:
    with transaction(system()) as session:
        session.get_one(Company, company.id).module_partner_portal_enabled = enabled


def mailed(kind: str = "") -> list[str]:
    """Whom mails went to, in their order."""
    with reading(system()) as session:
        wanted = select(Mail.to_address).order_by(Mail.created_at, Mail.id)
        return list(session.scalars(wanted.where(Mail.kind == kind) if kind else wanted))


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    return invited(aisha, partner, name="Salim Al Kindi", role=ContactRole.FINANCE)


@pytest.fixture
def secret(contact: Contact) -> str:
    return newest_secret(contact)


class TestThePress:
    def test_lets_its_contact_in_and_is_written_down(self, aisha, contact, secret):
        actor = person(enter(secret))
        assert actor is not None
        assert (actor.kind, actor.id, actor.name) == (ActorKind.CONTACT, contact.id, "Salim Al Kindi")
        assert (actor.partner, actor.company) == (contact.partner_id, contact.company_id)
        assert (actor.contact_role, actor.viewer, actor.language) == (ContactRole.FINANCE, None, "en")
        with reading(aisha) as session:
            newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
            noted = list(session.scalars(select(TimelineEntry.kind)))
        assert newest is not None
        assert (newest.tag, newest.actor_name, newest.ip) == (Tag.CONTACT_ENTER, "Salim Al Kindi", "198.51.100.4")
        assert noted.count(Kind.CONTACT_ENTERED) == 1

    def test_of_64_at_once_one_gets_in(self, secret):
        def press(_: int) -> str:
            try:
                return enter(secret)
            except LinkUsed:
                return ""

        with ThreadPoolExecutor(16) as pool:
            opened = [cookie for cookie in pool.map(press, range(64)) if cookie]
        assert len(opened) == rows_of(AccessSession) == 1
        assert person(opened[0]) is not None

    def test_while_being_disabled_leaves_nobody_in(self, aisha, contact, secret):
        def press(_: int) -> str:
            try:
                return enter(secret)
            except LinkRefused:
                return ""

        with ThreadPoolExecutor(2) as pool:
            pressed, shut = pool.submit(press, 0), pool.submit(do, aisha, service.disable, contact.id)
            shut.result()
            opened = pressed.result()
        assert not opened or person(opened) is None
        do(aisha, service.enable, contact.id)
        assert not opened or person(opened) is None

    def test_is_noted_on_the_timeline_the_first_time_only(self, aisha, contact, secret):
        enter(secret)
        entry.ask_for_link(contact.email, by=STRANGER)
        enter(newest_secret(contact))
        with reading(aisha) as session:
            assert list(session.scalars(select(TimelineEntry.kind))).count(Kind.CONTACT_ENTERED) == 1

    def test_on_a_new_device_is_told_to_the_contact(self, contact, secret):
        enter(secret, "laptop")
        for device in ("laptop", "phone", "phone"):
            entry.ask_for_link(contact.email, by=STRANGER)
            enter(newest_secret(contact), device)
        assert mailed("contact_new_device") == [contact.email]
        with reading(system()) as session:
            mail = session.scalars(select(Mail).where(Mail.kind == "contact_new_device")).one()
        assert "Chrome on Linux" in mail.text
        assert mail.secrets == []


class TestALink:
    def test_lasts_seven_days_and_a_sign_in_twenty_minutes(self, clock, aisha, partner):
        contact = invited(aisha, partner)
        invite = newest_secret(contact)
        clock.forward(days=6, hours=23, minutes=59)
        assert look(invite).name == contact.name
        entry.ask_for_link(contact.email, by=STRANGER)
        asked = newest_secret(contact)
        clock.forward(minutes=1)
        with pytest.raises(LinkExpired, match="expired on 29 Nov 2026"):
            look(invite)
        clock.forward(minutes=18, seconds=59)
        assert look(asked).use is LinkUse.SIGN_IN
        clock.forward(seconds=1)
        with pytest.raises(LinkExpired):
            enter(asked)

    def test_looked_at_changes_nothing(self, aisha, contact, secret):
        before = (rows_of(AuditEntry), rows_of(ContactLink))
        seen = look(secret)
        assert (seen.name, seen.role, seen.partner, seen.owner) == (
            "Salim Al Kindi", ContactRole.FINANCE, "Salalah Retail", "Aisha Al Balushi",
        )  # fmt: skip
        assert (rows_of(AuditEntry), rows_of(ContactLink), rows_of(AccessSession)) == (*before, 0)

    def test_says_why_it_opens_nothing(self, aisha, company, contact, secret):
        do(aisha, service.resend, contact.id)
        with pytest.raises(LinkReplaced):
            enter(secret)
        enter(newest_secret(contact))
        with pytest.raises(LinkUsed):
            enter(newest_secret(contact))
        switch_portal(company, enabled=False)
        with pytest.raises(NotAvailable, match=r"not available\. Contact Aisha Al Balushi"):
            enter(newest_secret(contact))
        do(aisha, service.disable, contact.id)
        with pytest.raises(LinkRevoked, match=r"Access was withdrawn on .*\. Contact Aisha Al Balushi"):
            enter(newest_secret(contact))

    @pytest.mark.parametrize("text", ("", "wrong", "x" * 5_000, "\ud800", "a\0b"))
    def test_that_never_was_opens_nothing(self, contact, text):
        for opens in (look, enter, enter_view):
            with pytest.raises(LinkAltered):
                opens(text)

    def test_refused_stays_unspent(self, company, contact, secret):
        switch_portal(company, enabled=False)
        with pytest.raises(NotAvailable):
            enter(secret)
        switch_portal(company, enabled=True)
        assert person(enter(secret)) is not None


class TestAskingForALink:
    def test_mails_one_that_works_beside_those_asked_for_before(self, contact, secret):
        entry.ask_for_link(contact.email.upper(), by=STRANGER)
        first = newest_secret(contact)
        entry.ask_for_link(contact.email, by=STRANGER)
        assert person(enter(newest_secret(contact))) is not None
        assert person(enter(first)) is not None
        assert person(enter(secret)) is not None

    @pytest.mark.parametrize("email", ("nobody@retail.example", "not an address", "x\r\nBcc: e@x.om", "", "\ud800"))
    def test_does_nothing_for_others(self, contact, email):
        before = (rows_of(Mail), rows_of(ContactLink), rows_of(AuditEntry))
        entry.ask_for_link(email, by=STRANGER)
        assert (rows_of(Mail), rows_of(ContactLink), rows_of(AuditEntry)) == before

    def test_does_nothing_for_whoever_may_not_come_in(self, aisha, company, contact):
        before = rows_of(Mail)
        switch_portal(company, enabled=False)
        entry.ask_for_link(contact.email, by=STRANGER)
        switch_portal(company, enabled=True)
        do(aisha, service.disable, contact.id)
        entry.ask_for_link(contact.email, by=STRANGER)
        assert rows_of(Mail) == before

    def test_mails_a_link_to_each_companys_portal(self, aisha, outsider, contact):
        with transaction(outsider) as session:
            other = make_partner(session)
        twin = invited(outsider, other)
        wish = NewContact(twin.name, contact.email, "", twin.role)
        do(outsider, service.change, twin.id, person=wish, version=twin.version)
        before = len(mailed("contact_sign_in"))
        entry.ask_for_link(contact.email, by=STRANGER)
        assert len(mailed("contact_sign_in")) == before + 2
        with reading(system()) as session:
            fresh = session.scalars(select(Mail).where(Mail.kind == "contact_sign_in"))
            found = {actor.company for mail in fresh if (actor := person(enter(mail.secrets[0].rpartition("/")[2])))}
        assert found == {contact.company_id, twin.company_id}

    def test_again_goes_to_the_mailbox_of_the_dead_link(self, clock, aisha, partner):
        contact = invited(aisha, partner)
        dead = newest_secret(contact)
        clock.forward(days=8)
        for text in (dead, "made-up", ""):
            with transaction(STRANGER) as session:
                entry.ask_again(session, text, by=STRANGER)
        assert mailed("contact_sign_in") == [contact.email]
        assert person(enter(newest_secret(contact))) is not None

    def test_again_is_nothing_for_a_disabled_contact(self, aisha, contact, secret):
        do(aisha, service.disable, contact.id)
        with transaction(STRANGER) as session:
            entry.ask_again(session, secret, by=STRANGER)
        assert mailed("contact_sign_in") == []


class TestASession:
    def test_is_found_by_one_statement(self, secret):
        opened, asked = enter(secret), []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        event.listen(reader(), "before_cursor_execute", note)
        assert person(opened) is not None
        event.remove(reader(), "before_cursor_execute", note)
        assert len([text for text in asked if text.startswith("SELECT")]) == 1

    def test_lasts_thirty_days_without_a_visit(self, clock, aisha, partner):
        opened = enter(newest_secret(invited(aisha, partner)))
        clock.forward(days=29, hours=23)
        assert person(opened) is not None
        clock.forward(hours=1)
        assert person(opened) is None

    def test_ends_with_the_module(self, company, secret):
        opened = enter(secret)
        switch_portal(company, enabled=False)
        assert person(opened) is None
        switch_portal(company, enabled=True)
        assert person(opened) is not None


def test_every_refusal_is_said_in_arabic_too():
    for kind in (LinkUsed, NotAvailable):
        facts = {"day": "1 Jan", "owner": "Aisha"}
        assert refusal(kind(**facts), "ar") != kind(**facts).message
