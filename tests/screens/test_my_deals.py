"""The portal's list of deals: by role, with the review's clock, with money only for roles that have money."""

from collections.abc import Callable

import pytest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import transaction
from core.deals.states import QuoteStatus
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.deal_acts import make_intent, make_quote
from tests.core.today_world import statements
from tests.screens.portal_deals import Open, Shown, lines, opener, press, shown, told

NO_MONEY = (ContactRole.TECHNICAL, ContactRole.VIEWER)


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the page's list showed last."""
    return shown(monkeypatch)


@pytest.fixture
def open_deals(
    monkeypatch: pytest.MonkeyPatch, lists: Shown, set_settings: Callable[..., None], sqlite_database: str
) -> Open:
    """Opens the list as somebody, on a device that needs no code."""
    set_settings(code_on_new_device=False)
    return opener(monkeypatch, "deals")


def person(by: Actor, partner: Partner, role: ContactRole) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=role, name=f"{role.value.title()} One")


@pytest.fixture
def seller(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    """A salesperson."""
    return person(aisha, partner, ContactRole.SALESPERSON)


@pytest.fixture
def three(aisha: Actor, partner: Partner, seller: Contact, clock: Clock) -> None:
    """The salesperson's deals in review and approved; a colleague's that came back with a question."""
    with transaction(aisha) as session:
        colleague = make_contact(session, partner, role=ContactRole.PRINCIPAL, name="Huda Al Lawati")
        make_intent(session, partner, colleague, customer_name="Sohar *Steel*", status=QuoteStatus.RETURNED)
        make_quote(session, partner, seller, customer_name="Muscat Pharmacies")
        make_intent(session, partner, seller, customer_name="Nizwa Dates")
    clock.forward(hours=12)


class TestEmpty:
    @pytest.mark.parametrize(("lang", "button"), (("en", "Register the first deal"), ("ar", "تسجيل الصفقة الأولى")))
    def test_offers_to_register_the_first(self, open_deals: Open, seller: Contact, lang: str, button: str) -> None:
        screen = open_deals(contact_actor(seller), lang=lang)
        assert [one.proto.label for one in screen.get("link_button") if "new_deal" in one.proto.url] == [button]

    def test_offers_nothing_to_a_role_that_registers_none(
        self, open_deals: Open, aisha: Actor, partner: Partner
    ) -> None:
        screen = open_deals(contact_actor(person(aisha, partner, ContactRole.FINANCE)))
        assert "No deals yet" in told(screen)
        assert not [one for one in screen.get("link_button") if "new_deal" in one.proto.url]


@pytest.mark.usefixtures("three")
class TestFull:
    def test_a_salesperson_sees_its_own_with_the_clock(self, open_deals: Open, seller: Contact, lists: Shown) -> None:
        screen = open_deals(contact_actor(seller))
        assert screen.title[0].value == "My deals"
        found = lines(lists, "deals-list")
        assert {(one.title, one.mark, one.aside) for one in found} == {
            ("Nizwa Dates", "In review", "12 h of 48 h"), ("Muscat Pharmacies", "Approved", "")
        }  # fmt: skip
        assert "OMR" in found[0].text
        assert found[0].href.startswith("/deal?id=")
        assert "1 in review" in told(screen)

    @pytest.mark.parametrize("role", ContactRole)
    def test_money_is_shown_to_roles_that_have_it(
        self, open_deals: Open, aisha: Actor, partner: Partner, lists: Shown, role: ContactRole
    ) -> None:
        open_deals(contact_actor(person(aisha, partner, role)))
        told = [("OMR" in one.text, "1,200" in repr(one)) for one in lists.get("deals-list", [])]
        assert set(told) <= {(role not in NO_MONEY, role not in NO_MONEY)}
        assert len(told) == (0 if role is ContactRole.SALESPERSON else 3)

    def test_the_others_read_who_registered_it(
        self, open_deals: Open, aisha: Actor, partner: Partner, lists: Shown
    ) -> None:
        screen = open_deals(contact_actor(person(aisha, partner, ContactRole.FINANCE)))
        assert screen.title[0].value == "Our deals"
        assert "by Huda Al Lawati" in next(one for one in lists["deals-list"] if one.title == "Sohar *Steel*").text

    def test_a_status_in_the_address_narrows_the_list(
        self, open_deals: Open, aisha: Actor, partner: Partner, lists: Shown
    ) -> None:
        reader = contact_actor(person(aisha, partner, ContactRole.PRINCIPAL))
        screen = open_deals(reader, status="returned")
        assert [one.title for one in lists["deals-list"]] == ["Sohar *Steel*"]
        screen.button_group[0].set_value(QuoteStatus.PENDING).run()
        assert [one.title for one in lists["deals-list"]] == ["Nizwa Dates"]
        assert screen.query_params["status"] in ("pending", ["pending"])

    def test_a_status_that_no_deal_has_says_so(self, open_deals: Open, seller: Contact, lists: Shown) -> None:
        screen = open_deals(contact_actor(seller), status="rejected")
        assert "Nothing here matches" in told(screen)
        press(screen, "Show all")
        assert len(lists["deals-list"]) == 2
        assert "status" not in screen.query_params

    def test_speaks_arabic(self, open_deals: Open, seller: Contact, lists: Shown) -> None:
        screen = open_deals(contact_actor(seller), lang="ar")
        assert screen.title[0].value == "صفقاتي"
        assert {one.mark for one in lists["deals-list"]} == {"قيد المراجعة", "معتمدة"}
        assert all("lang=ar" in one.href for one in lists["deals-list"])

    def test_a_review_past_its_target_says_so(
        self, open_deals: Open, seller: Contact, lists: Shown, clock: Clock
    ) -> None:
        clock.forward(hours=38)
        open_deals(contact_actor(seller))
        assert "50 h, past our 48 h" in [one.aside for one in lists["deals-list"]]

    def test_asks_the_database_little(self, open_deals: Open, seller: Contact) -> None:
        screen = open_deals(contact_actor(seller))
        with statements() as asked:
            screen.run()
        assert len(asked) <= 10
