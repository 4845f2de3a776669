"""The Contacts tab of a partner's page: terms, people, their sessions, and looking as one of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.clock import now
from core.contacts import queries, service
from core.contacts.models import Contact
from core.contacts.people import ContactRow, ContactState
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.deals import reseller_queries
from core.ids import new_id
from core.mail.models import Mail
from core.partners.models import Partner, TaxForm
from tests.conftest import Clock
from tests.core.catalogue_acts import ask, do, make_reseller
from tests.core.proposal_acts import rows
from tests.screens import opener, texts

Open = Callable[..., AppTest]
HUDA = NewContact("Huda Al Said", "huda@salalah.om", "Sales manager")


@pytest.fixture
def open_tab(open_partner: Open, partner: Partner, sqlite_database: str) -> Callable[..., AppTest]:
    """Opens the tab as somebody, at a contact if wanted."""

    def open_it(actor: Actor, contact: Contact | None = None) -> AppTest:
        screen = open_partner(partner, actor, "Contacts")
        if contact:
            screen.query_params["contact"] = str(contact.id)
            screen.run()
        assert not screen.exception
        return screen

    return open_it


@pytest.fixture
def huda(aisha: Actor, partner: Partner) -> Contact:
    """A salesperson of a reseller, invited."""
    make_reseller(aisha, partner)
    added: Contact = do(aisha, service.add, partner.id, person=HUDA)
    return added


def press(screen: AppTest, label: str, at: int = 0) -> AppTest:
    """Press the button of that name; ``at`` -1: the one in the dialog."""
    return [button for button in screen.button if button.label == label][at].click().run()


def labels(screen: AppTest) -> set[str]:
    """What can be pressed."""
    return {button.label for button in screen.button}


def first(screen: AppTest) -> dict[str, Any]:
    """The first row of the table."""
    return dict(screen.dataframe[0].value.iloc[0])


def one(by: Actor, partner: Partner) -> ContactRow:
    """The only contact."""
    (found,) = ask(by, queries.contacts, partner.id)
    return found  # type: ignore[no-any-return]


def come_in(by: Actor, contact: Contact) -> None:
    """Let a contact be in on one device."""
    with transaction(by) as session:
        session.get_one(Contact, contact.id).entered_at = now()
        session.add(
            AccessSession(
                secret_hash=hashed(str(new_id())), kind=SessionKind.CONTACT, contact_id=contact.id,
                partner_id=contact.partner_id, opened_at=now(), last_used_at=now(),
                expires_at=now() + timedelta(days=90), ip="203.0.113.9",
                user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
            )
        )  # fmt: skip


class TestTerms:
    def test_begin_with_making_it_a_reseller(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner
    ) -> None:
        screen = open_tab(aisha)
        assert "Salalah Retail is no reseller" in texts(screen)
        press(screen, "Make it a reseller")
        assert screen.selectbox(key="making.partner").value == partner.id
        screen.text_input(key="making.rate").set_value("10")
        press(screen, "Make a reseller")
        assert not screen.exception
        assert "commission **10%** · no registration number · No tax form on file" in texts(screen)
        assert "Nobody of Salalah Retail may come in yet" in texts(screen)

    def test_are_changed_in_a_dialog(self, open_tab: Callable[..., AppTest], aisha: Actor, huda: Contact) -> None:
        screen = press(open_tab(aisha), "Change terms")
        screen.text_input(key="terms.rate").set_value("١٢٫٥٪")
        screen.text_input(key="terms.registration").set_value("1234567")
        screen.selectbox(key="terms.tax_form").set_value(TaxForm.W8)
        press(screen, "Save")
        assert not screen.exception
        assert "commission **12.5%** · registration 1234567 · W-8 on file" in texts(screen)
        terms = ask(aisha, reseller_queries.terms, huda.partner_id)
        assert (str(terms.commission_pct), terms.registration, terms.tax_form) == ("12.500", "1234567", TaxForm.W8)

    def test_say_when_somebody_was_faster(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        del huda
        screen = press(open_tab(aisha), "Change terms")
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).version += 1
        screen.text_input(key="terms.rate").set_value("30")
        press(screen, "Save")
        assert "Somebody saved this partner while you were editing" in screen.error[0].value
        assert screen.text_input(key="terms.rate").value == "30"


class TestPeople:
    def test_the_first_is_who_the_profile_names(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner
    ) -> None:
        make_reseller(aisha, partner)
        screen = press(open_tab(aisha), "Add the first contact")
        press(screen, "Add and send the invite")
        assert not screen.exception
        assert (one(aisha, partner).name, one(aisha, partner).role) == ("Salim Al Kindi", ContactRole.PRINCIPAL)
        assert [mail.to_address for mail in rows(aisha, Mail)] == [partner.contact_email]
        assert first(screen)["State"].startswith("Invited until")

    def test_are_added_and_invited_at_once(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner
    ) -> None:
        make_reseller(aisha, partner)
        screen = press(open_tab(aisha), "Add contact")
        screen.text_input(key="contact.name").set_value("Huda Al Said")
        screen.text_input(key="contact.email").set_value("huda")
        press(screen, "Add and send the invite")
        assert "does not look like" in screen.error[0].value
        assert screen.text_input(key="contact.name").value == "Huda Al Said"
        screen.text_input(key="contact.email").set_value("huda@salalah.om")
        screen.radio(key="contact.role").set_value(ContactRole.FINANCE)
        press(screen, "Add and send the invite")
        assert first(screen)["Role"] == "Finance"
        assert [mail.to_address for mail in rows(aisha, Mail)] == ["huda@salalah.om"]

    def test_who_did_not_come_in_time_is_asked_again(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner, clock: Clock, huda: Contact
    ) -> None:
        clock.forward(days=7, seconds=1)
        screen = open_tab(aisha, huda)
        assert first(screen)["State"] == "Link expired"
        assert "1 did not come in while the link worked" in texts(screen)
        press(screen, "Send the invite again")
        assert one(aisha, partner).state is ContactState.INVITED
        assert len(rows(aisha, Mail)) == 2

    def test_get_another_role_and_address(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        screen = open_tab(aisha, huda)
        screen.radio(key="contact.role").set_value(ContactRole.PRINCIPAL)
        screen.text_input(key="contact.email").set_value("h.said@salalah.om")
        press(screen, "Save")
        assert not screen.exception
        assert (one(aisha, partner).role, one(aisha, partner).email) == (ContactRole.PRINCIPAL, "h.said@salalah.om")
        assert sorted(mail.to_address for mail in rows(aisha, Mail)) == ["h.said@salalah.om", "huda@salalah.om"]
        assert "contact" not in screen.query_params

    def test_changed_meanwhile_are_not_overwritten(
        self, open_tab: Callable[..., AppTest], aisha: Actor, nora: Actor, huda: Contact
    ) -> None:
        screen = open_tab(aisha, huda)
        do(nora, service.change, huda.id, person=NewContact("Huda", "huda@salalah.om"), version=huda.version)
        screen.text_input(key="contact.title").set_value("Director")
        press(screen, "Save")
        assert "Somebody saved this contact while you were editing" in screen.error[0].value
        assert screen.text_input(key="contact.title").value == "Director"

    def test_are_let_out_of_their_devices(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        come_in(aisha, huda)
        screen = open_tab(aisha, huda)
        assert first(screen)["State"] == "In"
        assert list(screen.dataframe[1].value["Device"]) == ["Chrome on Linux"]
        press(screen, "End this session")
        assert one(aisha, partner).open_sessions == 0

    def test_are_disabled_once_one_is_sure_and_enabled_again(
        self, open_tab: Callable[..., AppTest], aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        screen = press(open_tab(aisha, huda), "Disable…")
        assert "let out at the next click" in screen.warning[0].value
        press(screen, "Keep enabled")
        press(screen, "Disable…")
        press(screen, "Disable Huda Al Said")
        assert one(aisha, partner).state is ContactState.DISABLED
        screen.query_params["contact"] = str(huda.id)
        screen.run()
        assert "View as" not in labels(screen)
        press(screen, "Enable again")
        assert one(aisha, partner).disabled_at is None

    def test_are_looked_through_by_a_link_that_says_it_is_recorded(
        self, open_tab: Callable[..., AppTest], aisha: Actor, huda: Contact
    ) -> None:
        screen = press(open_tab(aisha, huda), "View as")
        assert "You can change nothing there, and that you looked is recorded" in screen.info[0].value
        assert any("/view/" in link.proto.url for link in screen.get("link_button"))
        with reading(aisha) as session:
            tags = session.scalars(select(AuditEntry.tag).where(AuditEntry.subject_id == huda.id)).all()
        assert "admin:contact:view_as" in tags
        press(screen, "Done")
        assert not any("/view/" in link.proto.url for link in screen.get("link_button"))


class TestWhoMayNot:
    def test_looks_and_changes_nothing(
        self, open_tab: Callable[..., AppTest], reviewer: Actor, aisha: Actor, huda: Contact
    ) -> None:
        come_in(aisha, huda)
        screen = open_tab(reviewer, huda)
        assert "Where they are signed in" in texts(screen)
        offered = {"Add contact", "Change terms", "Save", "View as", "Disable…", "End this session"}
        assert not labels(screen) & (offered | {"Send the invite again"})

    def test_is_told_who_can_make_a_reseller(
        self, open_tab: Callable[..., AppTest], analyst: Actor, partner: Partner
    ) -> None:
        del partner
        screen = open_tab(analyst)
        assert "An admin of your company can make it one" in texts(screen)
        assert "Make it a reseller" not in labels(screen)

    def test_sees_nobody_where_nobody_is(
        self, open_tab: Callable[..., AppTest], analyst: Actor, aisha: Actor, partner: Partner
    ) -> None:
        make_reseller(aisha, partner)
        assert "Add the first contact" not in labels(open_tab(analyst))

    def test_has_no_tab_without_the_portal(
        self, sqlite_database: str, monkeypatch: pytest.MonkeyPatch, feeds: Any, aisha: Actor, partner: Partner
    ) -> None:
        del feeds
        for portal in (True, False):
            screen = opener(monkeypatch)("partner", aisha, portal=portal, id=str(partner.id))
            screen.query_params["id"] = str(partner.id)
            screen.run()
            assert ("Contacts" in [tab.label for tab in screen.tabs]) is portal
