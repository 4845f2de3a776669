"""The reseller agreement as the team sees it: its register, its text, on the partner's page and in a decision."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from admin_app.nda.asked import asked
from admin_app.nda.export import ndas_sheet
from core.actor import Actor
from core.companies.models import Company
from core.contacts.models import Contact
from core.db import reading, transaction
from core.nda import queries
from core.nda.instruments import Instrument
from core.nda.models import TextState
from core.partners.models import Partner
from tests.core.agreement_acts import NAME, agreed, principal_of
from tests.core.contact_acts import contact_actor
from tests.core.nda_acts import signed
from tests.screens import opener, texts

Open = Callable[..., AppTest]
Feeds = dict[str, list[str]]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, aisha: Actor) -> Open:
    """Opens a page as somebody of a company that offers the portal."""
    with transaction(aisha) as session:
        session.execute(update(Company).values(module_partner_portal_enabled=True))
    return opener(monkeypatch)


@pytest.fixture
def contact(aisha: Actor, partner: Partner) -> Contact:
    """The reseller's principal."""
    return principal_of(aisha, partner)


def press(screen: AppTest, label: str) -> AppTest:
    """Press the last button of that name: a dialog's, where one is open."""
    return [button for button in screen.button if button.label == label][-1].click().run()


class TestRegister:
    def test_has_a_list_for_each_agreement(
        self, open_page: Open, aisha: Actor, partner: Partner, contact: Contact
    ) -> None:
        signed(partner)
        agreed(contact_actor(contact))
        screen = open_page("ndas", aisha)
        assert list(screen.dataframe[0].value["Reference"]) == ["NDA-00001"]
        screen = open_page("ndas", aisha, instrument="reseller")
        row = screen.dataframe[0].value.iloc[0]
        assert (row["Reference"], row["Signer"], row["State"]) == ("RA-00001", NAME, "Valid")
        assert screen.title[0].value == "Reseller agreements"

    def test_without_any_says_where_it_is_signed(self, open_page: Open, aisha: Actor) -> None:
        assert "No reseller agreement was signed yet." in texts(open_page("ndas", aisha, instrument="reseller"))

    def test_one_opens_and_verifies(self, open_page: Open, aisha: Actor, contact: Contact) -> None:
        agreed(contact_actor(contact))
        screen = open_page("ndas", aisha, instrument="reseller", ref="RA-00001")
        assert "the partner portal, as a principal" in texts(screen)
        assert "**RA-00001 stands**" in press(screen, "Verify").success[0].value

    def test_its_file_says_what_it_holds(self, aisha: Actor, partner: Partner, contact: Contact) -> None:
        signed(partner)
        agreed(contact_actor(contact))
        with reading(aisha) as session:
            sheet = ndas_sheet(session, {"instrument": "reseller"})
        assert (sheet.name, [row[0] for row in sheet.rows]) == ("Reseller agreements", ["RA-00001"])

    def test_an_address_that_names_none_means_the_nda(self) -> None:
        assert asked({"instrument": "lease"}).instrument is Instrument.NDA
        assert asked(asked({"instrument": "reseller"}).params).instrument is Instrument.RESELLER


class TestText:
    def test_the_next_version_is_written_without_touching_the_ndas(self, open_page: Open, aisha: Actor) -> None:
        screen = press(open_page("nda_text", aisha, instrument="reseller"), "Write the next version")
        assert screen.title[0].value == "Text of the reseller agreement"
        with reading(aisha) as session:
            mine = queries.text_versions(session, instrument=Instrument.RESELLER)
            assert [row.state for row in mine] == [TextState.DRAFT, TextState.PUBLISHED]
            assert queries.text_versions(session) == []
        screen = press(press(screen, "Discard draft"), "Discard draft")
        with reading(aisha) as session:
            assert len(queries.text_versions(session, instrument=Instrument.RESELLER)) == 1


class TestPartner:
    def test_its_timeline_tells_of_it(
        self, open_page: Open, open_partner: Open, feeds: Feeds, aisha: Actor, partner: Partner, contact: Contact
    ) -> None:
        agreed(contact_actor(contact))
        open_partner(partner, aisha)
        told = next(line for key, lines in feeds.items() for line in lines if "RA-00001" in line)
        assert told.startswith(f"Agreement Reseller agreement signed by {NAME}: RA-00001")

    def test_it_stands_under_the_nda(
        self, open_page: Open, open_partner: Open, feeds: Feeds, aisha: Actor, partner: Partner, contact: Contact
    ) -> None:
        assert "A principal is asked to sign it" in texts(open_partner(partner, aisha, "NDA"))
        agreed(contact_actor(contact))
        open_partner(partner, aisha, "NDA")
        assert feeds["agreement.feed"][0].startswith("Valid RA-00001 · signed 22 Nov 2026")

    def test_a_partner_that_resells_nothing_has_none(
        self, open_page: Open, open_partner: Open, aisha: Actor, partner: Partner
    ) -> None:
        assert "Reseller agreement" not in texts(open_partner(partner, aisha, "NDA"))

    def test_who_reads_contacts_sees_whether_it_is_signed(
        self, open_page: Open, open_partner: Open, aisha: Actor, reviewer: Actor, partner: Partner, contact: Contact
    ) -> None:
        assert "Reseller agreement: not signed" in texts(open_partner(partner, reviewer, "Contacts"))
        agreed(contact_actor(contact))
        assert "Reseller agreement: signed 22 Nov 2026" in texts(open_partner(partner, reviewer, "Contacts"))
