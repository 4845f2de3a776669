"""How selling goes: what is counted where, and what is left out."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.db import reading, transaction
from core.deals.analytics import Asked, By, Line, Overview, breakdown, overview
from core.deals.models import Quote, Review, Sale
from core.deals.states import QuoteStatus, SaleStatus, Verdict
from core.partners.models import Partner
from tests.core.deal_acts import make_intent, make_quote, make_reseller, make_territory

Deals = dict[str, Any]


def sell(session: Session, quote: Quote, *, status: SaleStatus = SaleStatus.INVOICED, **facts: Any) -> Sale:
    """Put the invoice of an accepted quote."""
    quote.status = QuoteStatus.ACCEPTED
    session.flush()
    number = quote.number
    usual: Deals = {
        "number": number,
        "invoice_number": f"INV-{number:05d}",
        "amount": Decimal(500),
        "currency": "OMR",
    }
    usual |= {"invoiced_at": now(), "due_on": now().date(), "partner_id": quote.partner_id, "status": status}
    if status in (SaleStatus.PAID, SaleStatus.REFUNDED):
        usual["paid_at"] = now()
    if status is SaleStatus.REFUNDED:
        usual["refunded_at"] = now()
    row = Sale(quote_id=quote.id, **usual | facts)
    session.add(row)
    session.flush()
    quote.status = QuoteStatus.INVOICED
    session.flush()
    return row


def decide(session: Session, quote: Quote, verdict: Verdict, *, hours: float) -> None:
    """Put a decision that took so long."""
    at = quote.submitted_at + timedelta(hours=hours)
    session.add(Review(quote_id=quote.id, verdict=verdict, at=at, by="Nora", submitted_at=quote.submitted_at))
    session.flush()


@pytest.fixture
def resellers(aisha: Actor, clock: Any) -> tuple[Partner, Partner]:
    """Two resellers; the first sold, lost and waits, the second was refused."""
    since = clock.now() - timedelta(days=40)
    with transaction(aisha) as session:
        one = make_reseller(session, name="Salalah Retail", reseller_since=since, owner_id=aisha.id)
        two = make_reseller(session, name="Sur Systems", reseller_since=since)
        north = make_territory(session, name="Muscat")
        early = clock.now() - timedelta(days=30)
        sell(session, make_quote(session, one, submitted_at=early, territory_id=north.id), status=SaleStatus.PAID)
        sell(session, make_quote(session, one, territory_id=north.id), currency="USD")
        make_quote(session, one, status=QuoteStatus.DECLINED)
        make_intent(session, one)
        refused = make_intent(session, two, submitted_at=clock.now() - timedelta(days=20))
        decide(session, refused, Verdict.REJECTED, hours=60)
        refused.status = QuoteStatus.REJECTED
        make_intent(session, two, submitted_at=clock.now() - timedelta(days=500))
    return one, two


def seen(by: Actor, **asked: Any) -> Overview:
    with reading(by) as session:
        return overview(session, Asked(**asked))


def lines(by: Actor, how: By, **asked: Any) -> list[Line]:
    with reading(by) as session:
        return breakdown(session, Asked(**asked), group=how)


@pytest.mark.usefixtures("resellers")
class TestOverview:
    def test_counts_how_far_deals_came(self, aisha):
        found = seen(aisha)
        came = [(step.name, step.deals) for step in found.funnel]
        assert came == [
            ("submitted", 5), ("approved", 3), ("sent", 0), ("accepted", 2), ("invoiced", 2), ("paid", 1),
        ]  # fmt: skip
        assert found.funnel[1].share == pytest.approx(0.6)

    def test_tells_won_from_lost(self, aisha):
        found = seen(aisha)
        assert (found.won, found.lost) == (2, 1)
        assert found.win_rate == pytest.approx(2 / 3)

    def test_earned_is_in_one_currency_and_says_what_is_not(self, aisha):
        found = seen(aisha)
        assert (found.earned, found.currency, found.other_currencies) == (Decimal(500), "OMR", 1)

    def test_measures_decisions_against_the_target(self, aisha):
        waits = seen(aisha).waits
        # Two approvals took no time, one of them 30 days, one refusal 60 hours.
        assert waits.decided == 4
        assert waits.within == pytest.approx(0.5)
        assert dict(waits.groups) == {12: 2, 24: 0, 48: 0, 72: 1, 120: 0, None: 1}
        assert waits.median_hours == pytest.approx(60)

    def test_tells_how_long_the_first_deal_took(self, aisha):
        found = seen(aisha)
        # One registered its first after 10 days, the other long before it was a reseller.
        assert found.first_deal_days == pytest.approx(5)
        assert found.first_win_days == pytest.approx(40)

    def test_narrows(self, aisha, resellers):
        one, two = resellers
        assert seen(aisha, partner_id=two.id).funnel[0].deals == 1
        assert seen(aisha, partner_id=two.id, days=0).funnel[0].deals == 2
        assert seen(aisha, owner_id=aisha.id).funnel[0].deals == 4
        assert seen(aisha, days=25).funnel[0].deals == 4
        assert seen(aisha, partner_id=one.id).waits.decided == 3


@pytest.mark.usefixtures("resellers")
class TestBreakdown:
    def test_by_partner(self, aisha):
        one, two = lines(aisha, By.PARTNER)
        assert (one.name, one.deals, one.approved, one.won, one.lost) == ("Salalah Retail", 4, 3, 2, 1)
        assert one.earned == Decimal(500)
        assert (two.name, two.deals, two.win_rate) == ("Sur Systems", 1, None)
        assert two.waited_hours == pytest.approx(60)

    def test_by_owner_and_territory(self, aisha):
        assert {line.name: line.deals for line in lines(aisha, By.OWNER)} == {"Aisha Al Balushi": 4, "Nobody": 1}
        assert {line.name: line.deals for line in lines(aisha, By.TERRITORY)}["Muscat"] == 2

    def test_by_month_of_the_companys_clock(self, aisha, clock):
        assert [(line.name, line.deals) for line in lines(aisha, By.MONTH)] == [("Oct 2026", 1), ("Nov 2026", 4)]
        with transaction(aisha) as session:
            partner = make_reseller(session, name="Nizwa Links")
            # 22:00 on the last of October in UTC is the first of November in Muscat.
            make_intent(session, partner, submitted_at=clock.now().replace(month=10, day=31, hour=22))
        assert [(line.name, line.deals) for line in lines(aisha, By.MONTH)] == [("Oct 2026", 1), ("Nov 2026", 5)]


def test_of_nothing_is_nothing(aisha, clock):
    found = seen(aisha)
    assert (found.win_rate, found.waits.median_hours, found.first_deal_days) == (None, None, None)
    assert found.earned == 0
    assert [step.share for step in found.funnel] == [1.0, 0, 0, 0, 0, 0]
    assert lines(aisha, By.MONTH) == []
