"""The blind question: clear, contested or protected until; nothing about who; every one kept and counted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.access import limits
from core.access.limits import TryAgainAt
from core.actor import ContactRole, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.clock import now
from core.db import reading, transaction
from core.deals.models import PreCheck, Territory
from core.deals.pre_check import Answer, CustomerUnnamed, TooManyPreChecks, Verdict, pre_check
from core.errors import NotAllowed, NotFound
from tests.core.deal_acts import as_contact, make_territory
from tests.core.protection_acts import Ground, ground, protected, registered


@pytest.fixture
def place(company, aisha, clock) -> Ground:
    """What two resellers want."""
    return ground(company)


def ask(place: Ground, customer: str, *, by=None, **about) -> Answer:
    by = by or place.huda
    with transaction(by) as session:
        usual = {"product_id": place.product_id, "territory_id": place.territory_id}
        return pre_check(session, customer=customer, **usual | about, by=by)


class TestAnswer:
    def test_clear_where_nobody_is(self, place):
        assert ask(place, "Al Maha Trading") == Answer(Verdict.CLEAR)

    @pytest.mark.parametrize("customer", ("Al Maha Trading", "المها للتجارة", "www.almaha.om", "info@almaha.om"))
    def test_protected_until_however_it_is_named(self, place, customer):
        protected(place, registered(place, place.salim, domain="almaha.om"))
        assert ask(place, customer) == Answer(Verdict.PROTECTED, now() + timedelta(days=90))

    def test_contested_where_somebody_registered_it(self, place):
        registered(place, place.salim)
        assert ask(place, "Al-Maha Trading Co.") == Answer(Verdict.CONTESTED)

    def test_contested_where_it_is_protected_elsewhere(self, place):
        protected(place, registered(place, place.salim))
        with transaction(system(place.company)) as session:
            elsewhere = make_territory(session).id
        assert ask(place, "Al Maha Trading", territory_id=elsewhere) == Answer(Verdict.CONTESTED)

    def test_contested_in_another_partners_own_territory(self, place):
        with transaction(system(place.company)) as session:
            session.get_one(Territory, place.territory_id).exclusive_partner_id = place.first.id
        assert ask(place, "Nobody Knows Them") == Answer(Verdict.CONTESTED)
        assert ask(place, "Nobody Knows Them", by=place.salim) == Answer(Verdict.CLEAR)

    def test_clear_for_ones_own(self, place):
        protected(place, registered(place, place.salim))
        assert ask(place, "Al Maha Trading", by=place.salim) == Answer(Verdict.CLEAR)

    def test_of_another_company_tells_nothing(self, place, other_company):
        there = ground(other_company)
        registered(there, there.salim)
        assert ask(place, "Al Maha Trading") == Answer(Verdict.CLEAR)


class TestRecord:
    def test_every_question_is_kept_and_recorded(self, place):
        ask(place, "Al Maha Trading")
        with reading(system(place.company)) as session:
            (row,) = session.scalars(select(PreCheck))
            entry = session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.PRE_CHECK)).one()
        assert (row.asked, row.answer, row.partner_id, row.contact_id) == (
            "Al Maha Trading", "clear", place.second.id, place.huda.id,
        )  # fmt: skip
        assert "Al Maha Trading" in entry.after

    @pytest.mark.parametrize("customer", ("", "  ", "–", "..."))
    def test_needs_a_customer(self, place, customer):
        with pytest.raises(CustomerUnnamed):
            ask(place, customer)

    def test_needs_a_product_and_a_territory_that_are_there(self, place):
        with pytest.raises(NotFound):
            ask(place, "Al Maha", product_id=uuid4())
        with pytest.raises(NotFound):
            ask(place, "Al Maha", territory_id=uuid4())

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_is_for_those_who_submit(self, place, role):
        with pytest.raises(NotAllowed):
            ask(place, "Al Maha", by=as_contact(place.second, role))


class TestQuota:
    def test_is_the_partners_for_a_day(self, place, set_settings, clock):
        set_settings(pre_checks_per_day=3)
        colleague = as_contact(place.second, ContactRole.PRINCIPAL)
        for by in (place.huda, colleague, place.huda):
            ask(place, "Al Maha", by=by)
            clock.forward(minutes=10)
        with pytest.raises(TooManyPreChecks, match=r"asked 3 times within a day\. Ask again after 23 Nov"):
            ask(place, "Al Maha", by=colleague)
        assert ask(place, "Al Maha", by=place.salim).verdict is Verdict.CLEAR
        clock.forward(hours=23, minutes=31)
        assert ask(place, "Al Maha", by=colleague).verdict is Verdict.CLEAR

    def test_is_counted_at_the_edge_too(self, place, set_settings):
        set_settings(pre_checks_per_day=2)
        for _ in range(2):
            limits.asked_pre_check("203.0.113.9", str(place.huda.id))
        with pytest.raises(TryAgainAt):
            limits.asked_pre_check("203.0.113.9", str(place.huda.id))
