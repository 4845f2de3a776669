"""The first page of a contact: what waits, how the deals stand; its frame, by role, in both languages."""

from decimal import Decimal
from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.companies.models import Company
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals.models import Quote
from core.deals.states import QuoteStatus
from core.partners.models import Partner
from portal_app.home import standing, todo
from tests.core.contact_acts import contact_actor
from tests.core.deal_acts import make_intent, make_quote
from tests.core.proposal_acts import let_in
from tests.core.room_acts import guest, mailed_code, person, send
from tests.core.test_deal_home import protect
from tests.core.today_world import statements
from tests.screens.contacts_desk import Open, make, opener, press, told, trusted

AMOUNT = Decimal("73519.205")
PAGES = {
    ContactRole.PRINCIPAL: [
        "Home",
        "Deals",
        "Register a deal",
        "Questions",
        "Documents",
        "Training",
        "Agreement",
        "Team",
        "Devices",
    ],
    ContactRole.SALESPERSON: ["Home", "Deals", "Register a deal", "Questions", "Documents", "Training", "Devices"],
    ContactRole.TECHNICAL: ["Home", "Deals", "Questions", "Documents", "Training", "Devices"],
    ContactRole.FINANCE: ["Home", "Deals", "Questions", "Documents", "Training", "Devices"],
    ContactRole.VIEWER: ["Home", "Deals", "Devices"],
}


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the lists and the picture of the page showed last, by key."""
    shown: dict[str, list[Any]] = {}

    def draw(*, key: str, lines: Any = (), bars: Any = (), **_: Any) -> None:
        shown[key] = [*lines, *bars]

    for module, name in ((todo, "ledger"), (standing, "ledger"), (standing, "tally")):
        monkeypatch.setattr(module, name, draw)
    return shown


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, lists: dict[str, list[Any]]) -> Open:
    return opener(monkeypatch)


@pytest.fixture
def huda(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    """A principal."""
    return make(aisha, partner, name="Huda Al Said")


@pytest.fixture
def full(aisha: Actor, partner: Partner, huda: Contact) -> None:
    """A deal of each kind that the page tells of."""
    with transaction(aisha) as session:
        back = make_intent(session, partner, huda, status=QuoteStatus.RETURNED, customer_name="Bank Sohar")
        back.note = "Which *branch*?"
        sent = make_quote(session, partner, huda, status=QuoteStatus.SENT, customer_name="Port", amount=AMOUNT)
        protect(session, sent, days=2.5)


class TestEmpty:
    @pytest.mark.parametrize(
        ("lang", "title", "nothing"),
        (
            ("en", "Good to see you, Huda Al Said", "No deals yet. Register"),
            ("ar", "أهلًا بك، \u2068Huda Al Said\u2069", "لا توجد صفقات بعد. سجّل"),
        ),
    )
    def test_says_what_to_do_first(
        self, open_page: Open, huda: Contact, lists: Any, lang: str, title: str, nothing: str
    ) -> None:
        screen = open_page("home", trusted(huda), lang=lang)
        assert screen.title[0].value == title
        assert nothing in told(screen)
        assert lists == {}

    def test_says_to_others_who_will_fill_it(
        self, open_page: Open, aisha: Actor, partner: Partner, sqlite_database: str
    ) -> None:
        viewer = contact_actor(make(aisha, partner, ContactRole.VIEWER))
        screen = open_page("home", viewer)
        assert "as soon as a salesperson registers one" in told(screen)
        assert "Confirm this device" not in told(screen)


@pytest.mark.usefixtures("full")
class TestFull:
    def test_begins_with_what_waits(self, open_page: Open, huda: Contact, lists: Any) -> None:
        screen = open_page("home", trusted(huda))
        assert [header.value for header in screen.header] == [
            "Waiting for you", "How the deals stand", "Protection that ends soon", "What changed last"
        ]  # fmt: skip
        back, sent = lists["home-waiting"]
        assert (back.title, back.note, back.tone) == ("Bank Sohar", "Which *branch*?", "attention")
        assert back.href.startswith("/deal?id=")
        assert "upload the customer's order" in sent.text
        assert [line.mark for line in lists["home-endings"]] == ["Days left: 2"]
        assert {bar.name: bar.figure for bar in lists["home-standing"]} == {
            "Returned with questions": "1",
            "Quote sent": "1",
        }
        assert len(lists["home-changes"]) == 2

    def test_says_all_of_it_in_arabic(self, open_page: Open, huda: Contact, lists: Any) -> None:
        screen = open_page("home", trusted(huda), lang="ar")
        assert [header.value for header in screen.header] == [
            "بانتظارك", "أين وصلت الصفقات", "حماية تنتهي قريبًا", "آخر التغييرات"
        ]  # fmt: skip
        assert lists["home-waiting"][0].text == "أجب عن السؤال وأرسل الصفقة من جديد"
        assert lists["home-waiting"][0].href.endswith("lang=ar")
        assert "المبالغ كما سُجّلت" in told(screen)

    def test_shows_amounts_once_the_device_is_confirmed(self, open_page: Open, huda: Contact, lists: Any) -> None:
        actor = contact_actor(huda)
        screen = open_page("home", actor)
        assert "Confirm this device to see amounts" in told(screen)
        assert "73,519" not in repr(lists) + told(screen)
        press(screen, "Send me a code")
        assert "We sent a code to" in told(screen)
        screen.text_input[0].input("1")
        press(screen, "Confirm")
        assert "tries left: 4" in screen.error[0].value
        screen.text_input[0].input(mailed_code(actor))
        press(screen, "Confirm")
        assert "Confirm this device" not in told(screen)
        assert "73,519" in repr(lists["home-standing"])

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.VIEWER))
    def test_shows_none_to_roles_without_money(
        self, open_page: Open, aisha: Actor, partner: Partner, lists: Any, role: ContactRole
    ) -> None:
        screen = open_page("home", trusted(make(aisha, partner, role)))
        assert "73,519" not in repr(lists) + told(screen)
        assert "mounts" not in told(screen)
        assert "home-waiting" not in lists
        assert ("home-endings" in lists) == (role is not ContactRole.VIEWER)

    def test_asks_the_database_little(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("home", trusted(huda))
        with statements() as asked:
            screen.run()
        assert len(asked) <= 9, "one more tells who is here, which this test knows already"


class TestFrame:
    @pytest.mark.parametrize("role", ContactRole)
    def test_offers_the_pages_of_the_role(
        self, open_page: Open, aisha: Actor, partner: Partner, sqlite_database: str, role: ContactRole
    ) -> None:
        contact = make(aisha, partner, role, name="Salim")
        screen = open_page("home", trusted(contact))
        assert [link.proto.label for link in screen.get("page_link")] == PAGES[role]
        assert "**Salalah Retail**" in told(screen)
        assert f"Salim · {role.value.capitalize()}" in told(screen)

    @pytest.mark.parametrize(
        ("name", "words"),
        (
            ("team", "This page is not part of your role (Viewer)"),
            ("new_deal", "ask a principal at Salalah Retail"),
            ("room", "opens by its own link"),
            ("proposal", "opens by its own link"),
            ("nda", "opens by its own link"),
        ),
    )
    def test_says_kindly_why_a_page_stays_closed(
        self, open_page: Open, aisha: Actor, partner: Partner, sqlite_database: str, name: str, words: str
    ) -> None:
        screen = open_page(name, contact_actor(make(aisha, partner, ContactRole.VIEWER)))
        assert words in told(screen)
        assert not screen.title
        arabic = open_page(name, contact_actor(make(aisha, partner, ContactRole.VIEWER)), lang="ar")
        assert "مطّلع" in arabic.info[0].value

    @pytest.mark.parametrize("name", ("team", "devices", "deals", "new_deal", "deal"))
    def test_keeps_contacts_pages_from_everybody_else(
        self, open_page: Open, aisha: Actor, partner: Partner, sqlite_database: str, name: str
    ) -> None:
        for other in (person(let_in(aisha, partner)), guest(send(aisha, partner))):
            assert "for the people of a reseller" in open_page(name, other).info[0].value

    def test_switches_the_language(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("home", trusted(huda))
        press(screen, "العربية")
        assert screen.query_params["lang"] == "ar"
        assert "أهلًا بك" in screen.title[0].value


@pytest.mark.usefixtures("full")
class TestLookingAsAContact:
    @pytest.mark.parametrize("name", ("home", "deals", "team", "devices"))
    def test_is_said_on_every_page(
        self, open_page: Open, huda: Contact, aisha: Actor, company: Company, name: str
    ) -> None:
        screen = open_page(name, contact_actor(huda, viewer=aisha.id))
        assert "You are looking as Huda Al Said (Principal). Nothing can be changed here." in told(screen)
        assert "Confirm this device" not in told(screen)

    def test_changes_nothing(self, open_page: Open, huda: Contact, aisha: Actor) -> None:
        screen = open_page("home", contact_actor(huda, viewer=aisha.id))
        assert "Waiting for you" in told(screen)
        assert [button.label for button in screen.button] == ["العربية"]
        with reading(aisha) as session:
            assert session.query(Quote).count() == 2
