"""Which resellers there are: their people, their deals, what they won this year."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, ContactRole
from core.clock import now
from core.contacts.models import Contact
from core.db import transaction
from core.deals import reseller_queries as queries
from core.deals.models import Customer, Quote, Review
from core.deals.reseller_queries import ResellerRow
from core.deals.states import QuoteKind, QuoteStatus, TermsKind, Verdict
from core.errors import NotAllowed
from core.ids import new_id
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.catalogue_acts import add_product, add_territory, ask, make_reseller
from tests.factories import make_partner

INTENTS = {QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN}


@pytest.fixture
def reseller(aisha: Actor, partner: Partner) -> Partner:
    """A partner that resells."""
    return make_reseller(aisha, partner)


def people(by: Actor, partner: Partner, *states: str) -> list[Contact]:
    """Contacts: "in", "invited" or "disabled"."""
    with transaction(by) as session:
        rows = [
            Contact(
                partner_id=partner.id, name=f"Person {at}", email=f"{new_id()}@salalah.om",
                role=ContactRole.SALESPERSON, added_at=now(), added_by=by.name,
                entered_at=now() if state != "invited" else None,
                disabled_at=now() if state == "disabled" else None,
            )
            for at, state in enumerate(states)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return rows


def deals(by: Actor, partner: Partner, *statuses: QuoteStatus, answered_at: datetime | None = None) -> None:
    """Deals of a partner of 100 rials each, in some states."""
    product, place = add_product(by), add_territory(by)
    with transaction(by) as session:
        customer = Customer(name="Omran", key="omran", added_at=now())
        session.add(customer)
        session.flush()
        for number, status in enumerate(statuses, 1):
            row = Quote(
                kind=QuoteKind.PARTNER_INTENT, number=number,
                status=status if status in INTENTS else QuoteStatus.PENDING, reference=f"DI-{number}",
                partner_id=partner.id, customer_id=customer.id, product_id=product.id,
                territory_id=place.id, customer_name="Omran", amount=Decimal(100), currency="OMR",
                close_on=now().date(), submitted_at=now(), submitted_key=str(number),
            )  # fmt: skip
            session.add(row)
            session.flush()
            if status not in INTENTS:
                _approve(session, row, status, answered_at)


def _approve(session: Session, row: Quote, status: QuoteStatus, answered_at: datetime | None) -> None:
    """Let a review make it a quote, and go on from there."""
    review = Review(quote_id=row.id, verdict=Verdict.APPROVED, at=now(), by="Aisha", submitted_at=row.submitted_at)
    session.add(review)
    session.flush()
    row.kind, row.status, row.quote_reference = QuoteKind.QUOTE, QuoteStatus.DRAFT, f"Q-{row.number}"
    row.terms, row.commission_pct = TermsKind.FLAT, Decimal(10)
    session.flush()
    row.status, row.answered_at = status, answered_at
    session.flush()


def only(by: Actor) -> ResellerRow:
    """The one reseller."""
    (found,) = ask(by, queries.resellers)
    return found  # type: ignore[no-any-return]


class TestResellers:
    def test_without_people_or_deals_show_nothing_yet(self, aisha: Actor, reseller: Partner) -> None:
        row = only(aisha)
        assert (row.id, row.name, row.commission_pct) == (reseller.id, "Salalah Retail", Decimal(0))
        assert (row.active, row.invited, row.open, row.waiting, row.won_count, row.won) == (0, 0, 0, 0, 0, {})
        assert row.last_activity is None

    def test_count_who_came_in_and_who_was_only_asked_to(self, aisha: Actor, reseller: Partner) -> None:
        people(aisha, reseller, "in", "in", "invited", "disabled")
        assert (only(aisha).active, only(aisha).invited) == (2, 1)

    def test_add_up_deals_by_where_they_stand(self, aisha: Actor, reseller: Partner) -> None:
        deals(
            aisha, reseller, QuoteStatus.PENDING, QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.REJECTED,
            QuoteStatus.WITHDRAWN,
        )  # fmt: skip
        row = only(aisha)
        assert (row.waiting, row.open, row.won_count) == (2, 3, 0)

    def test_win_in_the_year_in_which_the_customer_answered(
        self, aisha: Actor, reseller: Partner, clock: Clock
    ) -> None:
        del clock
        in_muscat = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=4)
        deals(aisha, reseller, QuoteStatus.ACCEPTED, QuoteStatus.INVOICED, answered_at=in_muscat)
        row = only(aisha)
        assert (row.won_count, row.won) == (2, {"OMR": Decimal("200.000")})

    def test_have_won_nothing_of_last_year(self, aisha: Actor, reseller: Partner, clock: Clock) -> None:
        del clock
        before = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=4, microseconds=1)
        deals(aisha, reseller, QuoteStatus.ACCEPTED, QuoteStatus.INVOICED, answered_at=before)
        row = only(aisha)
        assert (row.won_count, row.won, row.open) == (0, {}, 1)

    def test_were_active_when_somebody_was_in_or_a_deal_came(
        self, aisha: Actor, reseller: Partner, clock: Clock
    ) -> None:
        (person,) = people(aisha, reseller, "in")
        deals(aisha, reseller, QuoteStatus.PENDING)
        submitted = clock.now()
        assert only(aisha).last_activity == submitted
        visited = clock.forward(hours=2)
        for kind, at in (({}, visited), ({"viewer_id": aisha.id}, visited + timedelta(hours=1))):
            _visit(aisha, person, at, **kind)
        assert only(aisha).last_activity == visited

    def test_are_the_companys_own(self, aisha: Actor, reseller: Partner, outsider: Actor) -> None:
        people(aisha, reseller, "in")
        assert ask(outsider, queries.resellers) == []
        assert ask(outsider, queries.reseller_names) == {}

    def test_are_read_by_those_who_may(self, reseller: Partner, reviewer: Actor, analyst: Actor, member: Actor) -> None:
        assert only(reviewer) == only(analyst)
        for read in (queries.resellers, queries.reseller_names, queries.not_resellers):
            with pytest.raises(NotAllowed):
                ask(member, read)


def test_the_others_can_become_one(aisha: Actor, reseller: Partner) -> None:
    with transaction(aisha) as session:
        other = make_partner(session, name="Nizwa Tools")
    assert ask(aisha, queries.reseller_names) == {reseller.id: "Salalah Retail"}
    assert ask(aisha, queries.not_resellers) == {other.id: "Nizwa Tools"}


def _visit(by: Actor, person: Contact, at: datetime, **facts: Any) -> None:
    with transaction(by) as session:
        session.add(
            AccessSession(
                secret_hash=hashed(str(new_id())), kind=SessionKind.CONTACT, contact_id=person.id,
                partner_id=person.partner_id, opened_at=at, last_used_at=at,
                expires_at=at + timedelta(days=90), **facts,
            )
        )  # fmt: skip
