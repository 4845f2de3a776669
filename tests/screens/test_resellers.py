"""The resellers' page: which there are, what they bring, and making a partner one of them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import transaction
from core.deals import reseller_queries
from core.deals.states import QuoteStatus
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.catalogue_acts import ask, make_reseller
from tests.core.test_resellers import deals, people
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as somebody."""
    open_any = opener(monkeypatch)

    def open_it(actor: Actor, *, portal: bool = True) -> AppTest:
        screen = open_any("resellers", actor, portal=portal)
        assert not screen.exception
        return screen

    return open_it


def press(screen: AppTest, label: str, at: int = 0) -> AppTest:
    """Press the button of that name; ``at`` -1: the one in the dialog."""
    return [button for button in screen.button if button.label == label][at].click().run()


def test_begins_empty_and_says_what_resellers_are(open_page: Open, aisha: Actor, partner: Partner) -> None:
    del partner
    screen = open_page(aisha)
    assert "No partner is a reseller yet" in texts(screen)
    assert len(screen.dataframe) == 0


def test_shows_people_deals_and_what_was_won(open_page: Open, aisha: Actor, partner: Partner, clock: Clock) -> None:
    make_reseller(aisha, partner)
    people(aisha, partner, "in", "in", "invited")
    deals(aisha, partner, QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.ACCEPTED, answered_at=clock.now())
    clock.forward(hours=3)
    screen = open_page(aisha)
    (row,) = screen.dataframe[0].value.to_dict("records")
    assert row["Partner"] == f"/partner?id={partner.id}&tab=Contacts#Salalah%20Retail"
    assert {name: row[name] for name in ("Contacts", "Deals open", "Won this year", "Last activity")} == {
        "Contacts": "2 in, 1 invited",
        "Deals open": "3, 1 in review",
        "Won this year": "1: OMR\u00a0100.000",
        "Last activity": "3 h ago",
    }
    assert "1 reseller · 2 of their people are in · 1 not yet" in texts(screen)
    assert "1 deal in review" in texts(screen)


def test_makes_a_partner_a_reseller(open_page: Open, aisha: Actor, partner: Partner) -> None:
    screen = press(open_page(aisha), "Make a reseller")
    screen.selectbox(key="making.partner").set_value(partner.id)
    screen.text_input(key="making.rate").set_value("12.5%")
    press(screen, "Make a reseller", -1)
    (row,) = ask(aisha, reseller_queries.resellers)
    assert (row.id, str(row.commission_pct)) == (partner.id, "12.500")


@pytest.mark.parametrize(
    ("chosen", "rate", "sentence"),
    ((False, "10", "Choose a partner."), (True, "", "Enter a percentage"), (True, "101", "Enter a percentage")),
    ids=("nobody", "no_rate", "too_much"),
)
def test_says_what_is_missing(
    open_page: Open, aisha: Actor, partner: Partner, chosen: bool, rate: str, sentence: str
) -> None:
    screen = press(open_page(aisha), "Make a reseller")
    screen.selectbox(key="making.partner").set_value(partner.id if chosen else None)
    screen.text_input(key="making.rate").set_value(rate)
    press(screen, "Make a reseller", -1)
    assert sentence in screen.error[0].value
    assert screen.text_input(key="making.rate").value == rate
    assert ask(aisha, reseller_queries.resellers) == []


def test_has_nobody_left_to_choose(open_page: Open, aisha: Actor, partner: Partner) -> None:
    make_reseller(aisha, partner)
    screen = press(open_page(aisha), "Make a reseller")
    assert "Every partner is a reseller already" in texts(screen)


def test_offers_only_partners_that_are_none_yet(open_page: Open, aisha: Actor, partner: Partner) -> None:
    make_reseller(aisha, partner)
    with transaction(aisha) as session:
        make_partner(session, name="Nizwa Tools")
    screen = press(open_page(aisha), "Make a reseller")
    assert screen.selectbox(key="making.partner").options == ["Nizwa Tools"]


def test_a_reviewer_looks_and_makes_none(open_page: Open, reviewer: Actor, partner: Partner) -> None:
    del partner
    assert not open_page(reviewer).button


def test_is_not_offered_to_a_member_or_without_the_portal(open_page: Open, aisha: Actor, member: Actor) -> None:
    for actor, portal in ((member, True), (aisha, False)):
        assert is_closed(open_page(actor, portal=portal))
