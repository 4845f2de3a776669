"""Registering a deal in the portal: the blind question, the draft, refusals in place, the way to the deal's page."""

from collections.abc import Callable
from datetime import date

import pytest
import streamlit as st
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import own_queries
from core.deals.models import PreCheck, Product, Territory
from core.deals.protection import protect
from core.partners.models import Partner
from portal_app.deals.form import Form
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.deal_acts import make_product, make_quote, make_reseller, make_territory
from tests.screens.portal_deals import Open, opener, press, told

SEND = "Send for review"
FIELDS = {
    "new_deal.domain-ltr": "pharmacies.om",
    "new_deal.registration-ltr": "1234567",
    "new_deal.contact": "Huda, huda@pharmacies.om",
    "new_deal.amount-ltr": "١٬٢٠٠٫٥",
}


@pytest.fixture
def open_form(monkeypatch: pytest.MonkeyPatch, set_settings: Callable[..., None], sqlite_database: str) -> Open:
    """Opens the form as somebody, on a device that needs no code."""
    set_settings(code_on_new_device=False)
    return opener(monkeypatch, "new_deal")


@pytest.fixture
def salim(sqlite_database: str, aisha: Actor, partner: Partner, clock: Clock) -> Contact:
    """A salesperson."""
    with transaction(aisha) as session:
        return make_contact(session, partner, name="Salim Al Kindi")


@pytest.fixture
def product(aisha: Actor, sqlite_database: str) -> Product:
    """What is sold, at OMR 120 a user."""
    with transaction(aisha) as session:
        return make_product(session, name="Ledger", name_ar="الدفتر", code="LG-1")


@pytest.fixture
def territory(aisha: Actor, sqlite_database: str) -> Territory:
    """Where it is sold."""
    with transaction(aisha) as session:
        return make_territory(session, name="Muscat", name_ar="مسقط")


def ask(screen: AppTest, product: Product, territory: Territory, label: str = "Check") -> AppTest:
    """Fill the first step in and ask."""
    screen.text_input(key="new_deal.customer").input("Muscat Pharmacies").run()
    screen.selectbox(key="new_deal.product").set_value(str(product.id)).run()
    screen.selectbox(key="new_deal.territory").set_value(str(territory.id)).run()
    return press(screen, label)


def fill(screen: AppTest) -> AppTest:
    """Fill the rest in."""
    for key, value in FIELDS.items():
        screen.text_input(key=key).input(value).run()
    screen.date_input(key="new_deal.close").set_value(date(2027, 2, 1)).run()
    return screen.text_area(key="new_deal.need").input("40 seats\nby *May*").run()


def deals_of(by: Actor) -> own_queries.MyDeals:
    with reading(by) as session:
        return own_queries.my_deals(session)


class TestBeforeAnything:
    def test_says_that_the_price_list_is_empty(self, open_form: Open, salim: Contact) -> None:
        screen = open_form(contact_actor(salim))
        assert "the price list is empty" in screen.info[0].value
        assert not screen.text_input

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_a_role_that_registers_none_is_told_so(
        self, open_form: Open, aisha: Actor, partner: Partner, product: Product, role: ContactRole
    ) -> None:
        with transaction(aisha) as session:
            contact = make_contact(session, partner, role=role)
        screen = open_form(contact_actor(contact))
        assert screen.info
        assert not screen.text_input

    def test_asks_for_nothing_more_before_the_question(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        screen = open_form(contact_actor(salim))
        assert [one.value for one in screen.header] == [r"1\. Is the customer free?"]
        press(screen, "Check")
        assert told(screen).count("Fill this in.") == 3


class TestCheck:
    def test_says_clear_and_shows_the_price(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        screen = ask(open_form(contact_actor(salim)), product, territory)
        assert "Muscat Pharmacies is free" in screen.success[0].value
        assert "List price: OMR 120.000 per user a year" in told(screen)
        assert len(screen.header) == 2

    def test_says_until_when_it_is_protected_and_not_for_whom(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory, aisha: Actor
    ) -> None:
        with transaction(aisha) as session:
            other = make_reseller(session, name="Canary Trading")
            quote = make_quote(
                session, other, customer_name="Muscat Pharmacies", product_id=product.id, territory_id=territory.id
            )
            protect(session, quote)
        screen = ask(open_form(contact_actor(salim)), product, territory)
        assert "Muscat Pharmacies is protected until 20 Feb 2027" in screen.warning[0].value
        assert "Canary" not in repr(screen.main)

    def test_another_customer_is_asked_about_again(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        screen = ask(open_form(contact_actor(salim)), product, territory)
        assert screen.button(key="new_deal.ask").disabled
        screen.text_input(key="new_deal.customer").input("Sohar Steel").run()
        assert "Check again" in screen.info[0].value
        assert not screen.success
        press(screen, "Check")
        assert "Sohar Steel is free" in screen.success[0].value

    def test_too_many_questions_do_not_keep_a_deal_from_being_registered(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory, set_settings: Callable[..., None]
    ) -> None:
        set_settings(code_on_new_device=False, pre_checks_per_day=1)
        screen = ask(open_form(contact_actor(salim)), product, territory)
        screen.text_input(key="new_deal.customer").input("Sohar Steel").run()
        press(screen, "Check")
        assert len(screen.error) == 1
        assert SEND in [one.label for one in screen.button]


class TestDraft:
    def test_is_kept_on_every_change_and_found_on_the_next_visit(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        by = contact_actor(salim)
        fill(ask(open_form(by), product, territory))
        screen = open_form(by)
        assert screen.text_input(key="new_deal.customer").value == "Muscat Pharmacies"
        assert {key: screen.text_input(key=key).value for key in FIELDS} == FIELDS
        assert screen.date_input(key="new_deal.close").value == date(2027, 2, 1)
        assert screen.text_area(key="new_deal.need").value == "40 seats\nby *May*"
        assert "is free" in screen.success[0].value
        assert "Your draft was saved at" in told(screen)

    def test_is_forgotten_on_demand(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        screen = fill(ask(open_form(contact_actor(salim)), product, territory))
        press(screen, "Start over")
        assert screen.text_input(key="new_deal.customer").value == ""
        assert len(screen.header) == 1

    def test_of_a_product_that_is_offered_no_more_asks_for_another(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory, aisha: Actor, clock: Clock
    ) -> None:
        by = contact_actor(salim)
        ask(open_form(by), product, territory)
        with transaction(aisha) as session:
            make_product(session, name="Other")
            session.get_one(Product, product.id).withdrawn_at = clock.now()
        assert open_form(by).selectbox(key="new_deal.product").value is None


class TestSubmit:
    def test_registers_the_deal_and_shows_its_page(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        by = contact_actor(salim)
        screen = press(fill(ask(open_form(by), product, territory)), SEND)
        (row,) = deals_of(by).rows
        assert (row.reference, str(row.amount), row.currency) == ("DI-0001", "1200.500", "OMR")
        assert screen.title[0].value == "Muscat Pharmacies"
        assert "What happens next" in [one.value for one in screen.header]
        assert "within 48 h" in told(screen)
        with reading(by) as session:
            assert own_queries.my_draft(session) is None
            assert session.scalar(select(func.count()).select_from(PreCheck)) == 1

    def test_pressed_again_before_the_page_is_left_it_goes_on_without_a_word(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by = contact_actor(salim)
        screen = fill(ask(open_form(by), product, territory))
        button = next(one for one in screen.button if one.label == SEND)
        with monkeypatch.context() as patch:
            patch.setattr(st, "switch_page", lambda *_, **__: st.stop())
            patch.setattr(Form, "forget", lambda _: None)  # A browser sends the fields again.
            button.click().run()
        screen = button.click().run()
        assert not screen.error
        assert "new_deal.refused" not in screen.session_state
        assert "What happens next" in [one.value for one in screen.header]
        assert deals_of(by).total == 1

    @pytest.mark.parametrize(
        ("amount", "said"),
        (
            ("-5", "Enter an amount from 0.001 to 999,999,999.999."),
            ("1e309", "Enter an amount from 0.001 to 999,999,999.999."),
            ("NaN", "Enter an amount from 0.001 to 999,999,999.999."),
            ("1.234,50", "Enter an amount from 0.001 to 999,999,999.999."),
            ("1.2345", "OMR takes 3 decimals."),
        ),
    )
    def test_an_amount_that_cannot_be_used_is_refused_beside_it(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory, amount: str, said: str
    ) -> None:
        by = contact_actor(salim)
        screen = fill(ask(open_form(by), product, territory))
        screen.text_input(key="new_deal.amount-ltr").input(amount).run()
        press(screen, SEND)
        assert said in told(screen)
        assert screen.text_input(key="new_deal.amount-ltr").value == amount
        assert deals_of(by).total == 0
        screen.text_input(key="new_deal.amount-ltr").input("12").run()
        assert ":material/error:" not in told(screen)

    def test_the_same_twice_is_told_where_it_is(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        by = contact_actor(salim)
        press(fill(ask(open_form(by), product, territory)), SEND)
        screen = fill(ask(open_form(by), product, territory))
        press(screen, SEND)
        assert "You already submitted this: DI-0001" in screen.error[0].value.replace("\\", "")
        assert screen.text_input(key="new_deal.customer").value == "Muscat Pharmacies"
        assert deals_of(by).total == 1

    def test_what_core_refuses_is_said_beside_the_button(
        self, open_form: Open, salim: Contact, product: Product, territory: Territory
    ) -> None:
        screen = fill(ask(open_form(contact_actor(salim)), product, territory))
        screen.date_input(key="new_deal.close").set_value(date(2020, 1, 1)).run()
        press(screen, SEND)
        assert len(screen.error) == 1
        assert screen.date_input(key="new_deal.close").value == date(2020, 1, 1)

    def test_in_arabic(self, open_form: Open, salim: Contact, product: Product, territory: Territory) -> None:
        by = contact_actor(salim)
        screen = ask(open_form(by, lang="ar"), product, territory, label="تحقق")
        assert screen.title[0].value == "تسجيل صفقة"
        assert "متاح" in screen.success[0].value
        assert "لكل مستخدم في السنة" in told(screen)
        press(fill(screen), "إرسال للمراجعة")
        assert deals_of(by).total == 1
        assert "ما الخطوات التالية" in [one.value for one in screen.header]
