"""The page about selling: pictures of what there is, one row of filters, a comparison to take out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from admin_app.analytics.charts import build_funnel, build_lines, build_waits, named_waits
from core.actor import Actor
from core.companies.models import Company
from core.db import transaction
from core.deals.analytics import Line, Step, Waits
from core.deals.states import QuoteStatus, SaleStatus
from core.format import money
from tests.core.deal_acts import make_intent, make_quote, make_reseller
from tests.core.test_deal_analytics import sell
from tests.screens import is_closed, opener, texts


@pytest.fixture
def open_page(monkeypatch, sqlite_database, aisha: Actor):
    """Opens the page as somebody, where the portal is switched on."""
    with transaction(aisha) as session:
        session.get_one(Company, aisha.company).module_partner_portal_enabled = True

    def open_as(actor: Actor, **query: str):
        return opener(monkeypatch)("deal_analytics", actor, **query)

    return open_as


@pytest.fixture
def sold(aisha: Actor, clock) -> None:
    """Two resellers: one sold and lost, one waits."""
    with transaction(aisha) as session:
        since = clock.now() - timedelta(days=60)
        one = make_reseller(session, name="Salalah Retail", owner_id=aisha.id, reseller_since=since)
        two = make_reseller(session, name="Sur Systems", reseller_since=since)
        sell(session, make_quote(session, one), status=SaleStatus.PAID, amount=Decimal("500.250"))
        make_quote(session, one, status=QuoteStatus.DECLINED)
        make_intent(session, two)


def test_says_what_to_do_while_nothing_was_registered(open_page, analyst):
    screen = open_page(analyst)
    assert "No partner registered a deal in this time. Choose a longer one above." in texts(screen)
    assert not screen.metric


@pytest.mark.usefixtures("sold")
class TestFilled:
    def test_shows_the_figures(self, open_page, analyst):
        screen = open_page(analyst)
        shown = {metric.label: metric.value for metric in screen.metric}
        assert shown["Win rate"] == "50%"
        assert shown["Invoiced"] == money(Decimal("500.250"), "OMR")
        assert shown["Decided within 48 h"] == "100%"
        assert shown["To the first deal"] == "60 d"

    def test_compares_by_what_the_address_says(self, open_page, analyst):
        table = open_page(analyst).dataframe[-1].value
        assert list(table["Partner"]) == ["Salalah Retail", "Sur Systems"]
        assert list(table["Win rate"]) == ["50%", "–"]
        assert list(open_page(analyst, by="month").dataframe[-1].value["Month"]) == ["Nov 2026"]

    def test_narrows_by_the_address_and_bears_nonsense(self, open_page, analyst):
        screen = open_page(analyst, days="x", partner="nobody", owner="1", by="colour")
        assert "3 deals registered" in texts(screen)

    def test_is_offered_to_who_reads_deals_only(self, open_page, member):
        assert is_closed(open_page(member))


class TestCharts:
    def test_name_each_group_of_waits(self):
        waits = Waits(3, 20.0, 1.0, ((12, 1), (24, 1), (48, 1), (72, 0), (120, 0), (None, 0)))
        names = [name for name, _, _ in named_waits(waits)]
        assert names == ["up to 12 h", "12–24 h", "24–48 h", "48–72 h", "72–120 h", "over 120 h"]
        assert [kept for *_, kept in named_waits(waits)] == [True, True, True, False, False, False]
        assert build_waits(waits).to_dict()["mark"]["type"] == "bar"

    def test_draw_steps_and_lines_in_their_order(self):
        steps = [Step("submitted", 4, 1.0), Step("approved", 2, 0.5)]
        assert build_funnel(steps).to_dict()["layer"][0]["encoding"]["y"]["sort"] == ["Registered", "Approved"]
        lines = [Line(f"P{n}", 3, 1, 1, 1, Decimal(0), None) for n in range(20)]
        assert len(build_lines(lines, in_order=False).to_dict()["encoding"]["y"]["sort"]) == 15
