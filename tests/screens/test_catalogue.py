"""The catalogue's page: the price list, the territories, the commission plans, and changing them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.catalogue.plan_form import edited
from core.actor import Actor
from core.db import transaction
from core.deals import catalogue
from core.deals import catalogue_queries as queries
from core.deals.catalogue import NewTerritory
from core.deals.plan_service import TypedBracket
from core.partners.models import Partner
from core.training import service as training
from tests.conftest import Clock
from tests.core.catalogue_acts import LICENCE, add_plan, add_product, add_territory, ask, do, make_reseller
from tests.core.training_acts import add_module, offered
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as somebody, at a tab."""
    open_any = opener(monkeypatch)

    def open_tab(actor: Actor, tab: str = "Price list", **query: str) -> AppTest:
        screen = open_any("catalogue", actor)
        screen.query_params.update({"tab": tab} | query)
        screen.run()
        assert not screen.exception
        return screen

    return open_tab


def press(screen: AppTest, label: str, at: int = 0) -> AppTest:
    """Press the button of that name; ``at`` -1: the one in the dialog."""
    return [button for button in screen.button if button.label == label][at].click().run()


def labels(screen: AppTest) -> set[str]:
    """What can be pressed."""
    return {button.label for button in screen.button}


def column(screen: AppTest, name: str) -> list[Any]:
    """What a column of the table shows."""
    return list(screen.dataframe[0].value[name])


class TestPriceList:
    def test_begins_empty_and_says_what_it_is_for(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page(aisha)
        assert "Nothing is on the price list yet" in texts(screen)
        assert "0 products offered · 0 territories · 0 commission plans" in texts(screen)
        assert "Add the first product" in labels(screen)

    def test_adds_a_product_in_a_dialog(self, open_page: Open, aisha: Actor) -> None:
        screen = press(open_page(aisha), "Add a product")
        screen.text_input(key="catalogue.product.name").set_value("Till licence")
        screen.text_input(key="catalogue.product.price").set_value("1,250.5")
        screen.text_input(key="catalogue.product.code").set_value("pos")
        screen.text_input(key="catalogue.product.unit_ar").set_value("جهاز")
        press(screen, "Add product")
        assert not screen.exception
        assert [row.unit_ar for row in ask(aisha, queries.products)] == ["جهاز"]
        assert column(screen, "Price") == ["OMR\u00a01,250.500"]
        assert column(screen, "Code") == ["POS"]
        assert "Add product" not in labels(screen)
        assert "catalogue.product.name" not in screen.session_state

    def test_keeps_what_was_typed_when_refused(self, open_page: Open, aisha: Actor) -> None:
        screen = press(open_page(aisha), "Add a product")
        screen.text_input(key="catalogue.product.name").set_value("Till licence")
        screen.text_input(key="catalogue.product.price").set_value("1.2345")
        screen.text_input(key="catalogue.product.code").set_value("pos")
        press(screen, "Add product")
        assert [error.value for error in screen.error] == ["OMR takes 3 decimals."]
        assert screen.text_input(key="catalogue.product.name").value == "Till licence"
        assert ask(aisha, queries.products) == []

    def test_changes_a_product_that_a_link_opens(self, open_page: Open, aisha: Actor) -> None:
        row = add_product(aisha)
        screen = open_page(aisha, product=str(row.id))
        assert screen.text_input(key="catalogue.product.price").value == "12.500"
        screen.text_input(key="catalogue.product.price").set_value("13")
        press(screen, "Save")
        assert column(screen, "Price") == ["OMR\u00a013.000"]
        assert "product" not in screen.query_params

    def test_says_when_somebody_was_faster(self, open_page: Open, aisha: Actor, nora: Actor) -> None:
        row = add_product(aisha)
        screen = open_page(aisha, product=str(row.id))
        do(nora, catalogue.save_product, row.id, product=replace(LICENCE, price="20"), version=row.version)
        screen.text_input(key="catalogue.product.price").set_value("13")
        press(screen, "Save")
        assert "was changed by somebody else meanwhile" in screen.error[0].value
        assert screen.text_input(key="catalogue.product.price").value == "13"
        press(screen, "Save")
        assert "was changed by somebody else meanwhile" in screen.error[0].value
        assert column(screen, "Price") == ["OMR\u00a020.000"]

    def test_withdraws_a_product_and_puts_it_back(self, open_page: Open, aisha: Actor, clock: Clock) -> None:
        del clock
        row = add_product(aisha)
        screen = press(open_page(aisha, product=str(row.id)), "Withdraw")
        assert column(screen, "State") == ["Withdrawn 22 Nov"]
        assert "0 products offered" in texts(screen)
        screen.query_params["product"] = str(row.id)
        press(screen.run(), "Put back on the price list")
        assert column(screen, "State") == ["Offered"]

    def test_asks_for_a_certificate_that_can_be_earned(self, open_page: Open, aisha: Actor) -> None:
        add_module(aisha, name="Not ready")
        ready = offered(aisha, name="Selling payroll")
        row = add_product(aisha)
        screen = open_page(aisha, product=str(row.id))
        choice = screen.selectbox(key="catalogue.product.training")
        assert (choice.options, choice.value) == (["None", "Selling payroll"], "None")
        choice.set_value(ready.id)
        press(screen, "Save")
        assert column(screen, "Certificate needed") == ["Selling payroll"]
        assert [one.certificate_module_id for one in ask(aisha, queries.products)] == [ready.id]

    def test_goes_on_asking_for_a_certificate_when_something_else_is_changed(
        self, open_page: Open, aisha: Actor
    ) -> None:
        ready = offered(aisha, name="Selling payroll")
        row = add_product(aisha, replace(LICENCE, certificate_module_id=ready.id))
        do(aisha, training.withdraw_module, ready.id)
        screen = open_page(aisha, product=str(row.id))
        assert screen.selectbox(key="catalogue.product.training").options == ["None", "Selling payroll (not offered)"]
        screen.text_input(key="catalogue.product.price").set_value("13")
        press(screen, "Save")
        assert [one.certificate_module_id for one in ask(aisha, queries.products)] == [ready.id]
        screen.query_params["product"] = str(row.id)
        screen.run().selectbox(key="catalogue.product.training").set_value("None")
        press(screen, "Save")
        assert [one.certificate_module_id for one in ask(aisha, queries.products)] == [None]

    @pytest.mark.parametrize("product", ("nobody", "00000000-0000-0000-0000-000000000000"))
    def test_a_link_to_nothing_shows_the_list(self, open_page: Open, aisha: Actor, product: str) -> None:
        add_product(aisha)
        assert "Save" not in labels(open_page(aisha, product=product))


class TestTerritories:
    def test_begin_empty(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page(aisha, "Territories")
        assert "There are no territories yet" in texts(screen)
        assert "Add the first territory" in labels(screen)

    def test_are_added_for_one_reseller_alone(self, open_page: Open, aisha: Actor, partner: Partner) -> None:
        make_reseller(aisha, partner)
        screen = press(open_page(aisha, "Territories"), "Add a territory")
        screen.text_input(key="catalogue.territory.name").set_value("Dhofar")
        screen.selectbox(key="catalogue.territory.holder").set_value(partner.id)
        press(screen, "Add territory")
        assert not screen.exception
        assert column(screen, "Who sells there") == ["Salalah Retail alone"]
        assert "1 territory, 1 of them one partner's alone" in texts(screen)

    def test_are_changed_and_withdrawn(self, open_page: Open, aisha: Actor) -> None:
        row = add_territory(aisha)
        screen = open_page(aisha, "Territories", territory=str(row.id))
        screen.text_input(key="catalogue.territory.name").set_value("Greater Muscat")
        press(screen, "Save")
        assert column(screen, "Territory") == ["Greater Muscat"]
        screen.query_params["territory"] = str(row.id)
        press(screen.run(), "Withdraw")
        assert column(screen, "State")[0].startswith("Withdrawn")
        screen.query_params["territory"] = str(row.id)
        press(screen.run(), "Offer it again")
        assert column(screen, "State") == ["Offered"]

    def test_say_that_a_name_is_taken(self, open_page: Open, aisha: Actor) -> None:
        add_territory(aisha)
        screen = press(open_page(aisha, "Territories"), "Add a territory")
        screen.text_input(key="catalogue.territory.name").set_value("muscat")
        press(screen, "Add territory")
        assert "There is a territory called Muscat already" in screen.error[0].value


class TestPlans:
    def test_begin_empty(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page(aisha, "Commission plans")
        assert "There are no commission plans yet" in texts(screen)
        assert "Add the first plan" in labels(screen)

    def test_are_added_in_a_dialog(self, open_page: Open, aisha: Actor) -> None:
        screen = press(open_page(aisha, "Commission plans"), "Add a plan")
        screen.text_input(key="catalogue.plan.name").set_value("Growth")
        press(screen, "Add plan")
        assert not screen.exception
        assert column(screen, "Commission") == ["10% of everything"]
        assert column(screen, "Plan") == ["Growth"]

    def test_say_what_is_missing(self, open_page: Open, aisha: Actor) -> None:
        screen = press(open_page(aisha, "Commission plans"), "Add a plan")
        press(screen, "Add plan")
        assert "Name of the plan is missing" in screen.error[0].value

    def test_show_what_deals_earn_and_get_a_new_version(self, open_page: Open, aisha: Actor, clock: Clock) -> None:
        del clock
        row = add_plan(aisha)
        screen = open_page(aisha, "Commission plans", plan=str(row.id))
        assert list(screen.dataframe[1].value["earns"]) == ["OMR\u00a04,000.000", "OMR\u00a010,000.000"]
        assert list(screen.dataframe[1].value["which is"]) == ["8%", "10%"]
        press(screen, "Make a new version…")
        assert screen.text_input(key="catalogue.plan.name").disabled
        screen.date_input(key="catalogue.plan.starts_on").set_value(date(2027, 1, 1))
        screen.radio(key="catalogue.plan.is_marginal").set_value(False)
        press(screen, "Add version")
        assert not screen.exception
        assert column(screen, "Counts") == ["From 1 Jan 2027", "Now, until 31 Dec 2026"]
        assert column(screen, "Commission") == ["8% up to 50,000, 12% above"] * 2
        assert column(screen, "Counted") == ["All at the rate reached", "Each part at its rate"]

    def test_of_the_past_stay_as_they_were(self, open_page: Open, aisha: Actor, clock: Clock) -> None:
        row = add_plan(aisha)
        add_plan(aisha, starts_on=clock.now().date())
        add_plan(aisha, starts_on=clock.now().date())
        screen = open_page(aisha, "Commission plans", plan=str(row.id))
        assert column(screen, "Counts") == ["Now, since 22 Nov 2026", "Replaced on its first day", "Until 21 Nov 2026"]
        assert "There is a newer version" in texts(screen)
        assert "Make a new version…" not in labels(screen)

    def test_read_what_was_written_in_the_table(self) -> None:
        rows = [{"above": "0", "up_to": "", "pct": "10"}, {"above": "5", "up_to": "", "pct": "1"}]
        edits = {
            "edited_rows": {"0": {"up_to": " 100 "}},
            "deleted_rows": [1],
            "added_rows": [{"above": "100", "pct": "12"}, {"above": None}, {}],
        }
        assert edited(rows, edits) == (TypedBracket("0", "100", "10"), TypedBracket("100", "", "12"))


class TestWhoMayNot:
    @pytest.mark.parametrize("tab", ("Price list", "Territories", "Commission plans"))
    def test_looks_and_changes_nothing(self, open_page: Open, aisha: Actor, reviewer: Actor, tab: str) -> None:
        product, territory, plan = add_product(aisha).id, add_territory(aisha).id, add_plan(aisha).id
        screen = open_page(reviewer, tab, product=str(product), territory=str(territory), plan=str(plan))
        assert len(screen.dataframe[0].value) == 1
        assert labels(screen) == set()

    @pytest.mark.parametrize("tab", ("Price list", "Territories", "Commission plans"))
    def test_is_offered_nothing_to_fill_an_empty_list_with(self, open_page: Open, analyst: Actor, tab: str) -> None:
        assert labels(open_page(analyst, tab)) == set()

    def test_is_not_offered_the_page(self, open_page: Open, member: Actor) -> None:
        assert is_closed(open_page(member))


def test_is_not_offered_without_the_portal(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, aisha: Actor) -> None:
    assert is_closed(opener(monkeypatch)("catalogue", aisha, portal=False))


def test_a_territory_keeps_a_holder_who_is_no_reseller_any_more(
    open_page: Open, aisha: Actor, partner: Partner
) -> None:
    make_reseller(aisha, partner)
    row = add_territory(aisha, NewTerritory("Dhofar", exclusive_partner_id=partner.id))
    with transaction(aisha) as session:
        session.get_one(Partner, partner.id).reseller_since = None
    with_holder = open_page(aisha, "Territories", territory=str(row.id))
    assert with_holder.selectbox(key="catalogue.territory.holder").value == partner.id
    press(with_holder, "Save")
    assert column(with_holder, "Who sells there") == ["Salalah Retail alone"]
