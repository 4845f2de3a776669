"""The catalogue: the price list, the territories, the versions of commission plans."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.actor import Actor, ActorKind, ContactRole
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading
from core.deals import catalogue, plan_service
from core.deals import catalogue_queries as queries
from core.deals.catalogue import CatalogueChanged, CodeTaken, NewTerritory, NotAReseller, TerritoryKnown
from core.deals.money import AmountUnusable, CurrencyUnknown, TooManyDecimals
from core.deals.plan_service import NewPlan, StartsInThePast, StartsTooEarly, TypedBracket
from core.errors import Invalid, NotAllowed, NotFound
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.catalogue_acts import (
    LICENCE,
    MUSCAT,
    STEPS,
    add_plan,
    add_product,
    add_territory,
    ask,
    do,
    make_reseller,
)


def salesperson(partner: Partner, role: ContactRole = ContactRole.SALESPERSON) -> Actor:
    """Somebody of a reseller."""
    return Actor(ActorKind.CONTACT, id=uuid4(), company=partner.company_id, partner=partner.id, contact_role=role)


def recorded(by: Actor, tag: str) -> list[tuple[str, str, str]]:
    """What was recorded of a kind of act: whose, before, after."""
    with reading(by) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.tag == tag).order_by(AuditEntry.seq))
        return [(row.subject_name, row.before, row.after) for row in rows]


class TestProducts:
    def test_stand_on_the_price_list_with_their_currencys_decimals(self, aisha: Actor) -> None:
        row = add_product(aisha, replace(LICENCE, code=" pos-100 ", price="1,250.5"))
        (found,) = ask(aisha, queries.products)
        assert (found.id, found.code, found.name, found.name_ar) == (row.id, "POS-100", "Till licence", "رخصة نقطة بيع")
        assert (found.price, found.currency) == (Decimal("1250.500"), "OMR")
        assert (found.unit, found.unit_ar) == ("till a month", "جهاز في الشهر")
        assert recorded(aisha, "admin:product:change")[0][0] == "Till licence"

    @pytest.mark.parametrize(
        ("facts", "refusal", "sentence"),
        (
            ({"price": "0"}, AmountUnusable, "Enter an amount from 0.001"),
            ({"price": "1.234,50"}, AmountUnusable, "Enter an amount"),
            ({"price": "NaN"}, AmountUnusable, "Enter an amount"),
            ({"price": "1.2345"}, TooManyDecimals, "OMR takes 3 decimals"),
            ({"price": "1.5", "currency": "JPY"}, TooManyDecimals, "JPY takes 0 decimals"),
            ({"currency": "XYZ"}, CurrencyUnknown, "Choose a currency"),
            ({"code": " "}, Invalid, "Code is missing"),
            ({"code": "x" * 41}, Invalid, "Code: maximum 40 characters"),
            ({"name": ""}, Invalid, "Name is missing"),
            ({"name": "a\nb"}, Invalid, "Name cannot contain line breaks"),
        ),
        ids=("nothing", "german", "nan", "decimals", "yen", "currency", "code", "long_code", "name", "lines"),
    )
    def test_refuse_what_cannot_be_sold(
        self, aisha: Actor, facts: dict[str, Any], refusal: type[Invalid], sentence: str
    ) -> None:
        with pytest.raises(refusal, match=sentence):
            add_product(aisha, replace(LICENCE, **facts))
        assert ask(aisha, queries.products) == []

    def test_refuse_a_code_that_is_taken_and_say_by_what(self, aisha: Actor) -> None:
        row = add_product(aisha)
        with pytest.raises(CodeTaken, match=r"POS-100 belongs to Till licence\. Use"):
            add_product(aisha, replace(LICENCE, code="pos-100"))
        do(aisha, catalogue.withdraw_product, row.id)
        with pytest.raises(CodeTaken, match=r"Till licence \(withdrawn\)"):
            add_product(aisha, LICENCE)

    def test_another_company_may_have_the_same_code(self, aisha: Actor, outsider: Actor) -> None:
        row = add_product(aisha)
        add_product(outsider)
        assert [one.id for one in ask(aisha, queries.products)] == [row.id]
        with pytest.raises(NotFound):
            do(outsider, catalogue.save_product, row.id, product=LICENCE, version=row.version)
        with pytest.raises(NotFound):
            do(outsider, catalogue.withdraw_product, row.id)

    def test_are_changed_as_they_were_opened_only(self, aisha: Actor, nora: Actor) -> None:
        row = add_product(aisha)
        do(nora, catalogue.save_product, row.id, product=replace(LICENCE, price="13"), version=row.version)
        with pytest.raises(CatalogueChanged, match="Till licence was changed by somebody else meanwhile"):
            do(aisha, catalogue.save_product, row.id, product=replace(LICENCE, price="14"), version=row.version)
        (found,) = ask(aisha, queries.products)
        assert found.price == Decimal("13.000")
        assert recorded(aisha, "admin:product:change")[-1][1:] == ('{"price":"12.500"}', '{"price":"13.000"}')

    def test_saved_as_they_were_leave_no_trace(self, aisha: Actor) -> None:
        row = add_product(aisha)
        do(aisha, catalogue.save_product, row.id, product=LICENCE, version=row.version)
        assert len(recorded(aisha, "admin:product:change")) == 1
        assert ask(aisha, queries.products)[0].version == row.version

    def test_are_withdrawn_and_come_back(self, aisha: Actor, partner: Partner) -> None:
        row, other = add_product(aisha), add_product(aisha, replace(LICENCE, code="A", name="Zebra"))
        for _ in range(2):
            do(aisha, catalogue.withdraw_product, row.id)
        assert [one.name for one in ask(aisha, queries.products)] == ["Zebra", "Till licence"]
        assert [one.id for one in ask(salesperson(partner), queries.price_list)] == [other.id]
        for _ in range(2):
            do(aisha, catalogue.restore_product, row.id)
        assert len(ask(salesperson(partner), queries.price_list)) == 2
        acts = [after for _, _, after in recorded(aisha, "admin:product:change")[2:]]
        assert acts == ['{"withdrawn":true}', '{"withdrawn":false}']

    def test_prices_are_not_for_people_without_money(self, aisha: Actor, partner: Partner) -> None:
        add_product(aisha)
        for role in (ContactRole.TECHNICAL, ContactRole.VIEWER):
            with pytest.raises(NotAllowed):
                ask(salesperson(partner, role), queries.price_list)


class TestTerritories:
    def test_may_be_one_resellers_alone(self, aisha: Actor, partner: Partner) -> None:
        make_reseller(aisha, partner)
        add_territory(aisha)
        add_territory(aisha, NewTerritory("Dhofar", exclusive_partner_id=partner.id))
        found = {one.name: one.exclusive_partner for one in ask(aisha, queries.territories)}
        assert found == {"Dhofar": "Salalah Retail", "Muscat": ""}

    def test_are_told_to_partners_without_whose_they_are(self, aisha: Actor, partner: Partner) -> None:
        make_reseller(aisha, partner)
        add_territory(aisha)
        add_territory(aisha, NewTerritory("Dhofar", exclusive_partner_id=partner.id))
        ours = {one.name: (one.is_ours, one.is_taken) for one in ask(salesperson(partner), queries.places)}
        assert ours == {"Dhofar": (True, False), "Muscat": (False, False)}
        somebody = replace(salesperson(partner), partner=uuid4())
        theirs = {one.name: (one.is_ours, one.is_taken) for one in ask(somebody, queries.places)}
        assert theirs == {"Dhofar": (False, True), "Muscat": (False, False)}
        assert "Salalah" not in str(ask(somebody, queries.places))

    def test_are_given_to_resellers_only(self, aisha: Actor, partner: Partner, outsider: Actor) -> None:
        with pytest.raises(NotAReseller, match=r"Salalah Retail is no reseller\. Make it one first"):
            add_territory(aisha, NewTerritory("Dhofar", exclusive_partner_id=partner.id))
        with pytest.raises(NotFound):
            add_territory(outsider, NewTerritory("Dhofar", exclusive_partner_id=partner.id))

    def test_have_one_name_however_it_is_written(self, aisha: Actor) -> None:
        add_territory(aisha)
        with pytest.raises(TerritoryKnown, match="There is a territory called Muscat already"):
            add_territory(aisha, NewTerritory("  MUSCAT "))

    def test_are_changed_as_they_were_opened_only(self, aisha: Actor, nora: Actor) -> None:
        row = add_territory(aisha)
        renamed = NewTerritory("Muscat and Batinah", "مسقط والباطنة")
        do(nora, catalogue.save_territory, row.id, territory=renamed, version=row.version)
        with pytest.raises(CatalogueChanged, match="Muscat and Batinah was changed by somebody else"):
            do(aisha, catalogue.save_territory, row.id, territory=MUSCAT, version=row.version)

    def test_are_withdrawn_and_come_back(self, aisha: Actor, partner: Partner) -> None:
        row = add_territory(aisha)
        do(aisha, catalogue.withdraw_territory, row.id)
        assert ask(salesperson(partner), queries.places) == []
        assert ask(aisha, queries.territories)[0].withdrawn_at is not None
        do(aisha, catalogue.restore_territory, row.id)
        assert [one.id for one in ask(salesperson(partner), queries.places)] == [row.id]


class TestPlans:
    def test_begin_with_version_one(self, aisha: Actor) -> None:
        row = add_plan(aisha)
        (found,) = ask(aisha, queries.plans)
        assert (found.id, found.plan, found.number, found.is_marginal) == (row.id, "Growth", 1, True)
        assert [(one.above, one.up_to, one.pct) for one in found.brackets] == [
            (Decimal(0), Decimal(50000), Decimal(8)),
            (Decimal(50000), None, Decimal(12)),
        ]
        assert found.counts
        assert recorded(aisha, "admin:commission_plan:add")[0][0] == "Growth, version 1"

    def test_get_a_new_version_and_keep_the_old_one(self, aisha: Actor, clock: Clock) -> None:
        del clock
        add_plan(aisha)
        add_plan(aisha, " growth ", starts_on=date(2027, 1, 1), is_marginal=False)
        newer, older = ask(aisha, queries.plans)
        assert [(one.plan, one.number, one.is_marginal) for one in (newer, older)] == [
            ("Growth", 2, False),
            ("Growth", 1, True),
        ]
        assert (older.until, newer.until) == (date(2026, 12, 31), None)
        assert (older.counts, newer.counts, newer.is_newest) == (True, False, True)

    def test_the_newer_version_counts_from_its_day(self, aisha: Actor, clock: Clock) -> None:
        add_plan(aisha)
        add_plan(aisha, starts_on=date(2027, 1, 1))
        clock.forward(days=60)
        rows = [(one.number, one.counts, one.is_over) for one in ask(aisha, queries.plans)]
        assert rows == [(2, True, False), (1, False, True)]

    def test_do_not_change_what_counted_already(self, aisha: Actor, clock: Clock) -> None:
        add_plan(aisha)
        yesterday = (clock.now() - timedelta(days=1)).date()
        with pytest.raises(StartsInThePast, match="Growth has counted until today as it is"):
            add_plan(aisha, starts_on=yesterday)
        add_plan(aisha, starts_on=clock.now().date())
        add_plan(aisha, starts_on=date(2027, 6, 1))
        with pytest.raises(StartsTooEarly, match="Version 3 of Growth counts from 1 Jun 2027"):
            add_plan(aisha, starts_on=date(2027, 5, 31))
        assert len(ask(aisha, queries.plans)) == 3

    @pytest.mark.parametrize(
        ("brackets", "sentence"),
        (
            ((), "at least one bracket"),
            ((TypedBracket("0", "100", "8"), TypedBracket("200", "", "9")), "Between 100 and 200 no bracket counts"),
            ((TypedBracket("0", "200", "8"), TypedBracket("100", "", "9")), "both count between 100 and 200"),
            ((TypedBracket("", "", "8"),), "Bracket 1: Enter an amount"),
            ((TypedBracket("0", "abc", "8"),), "Bracket 1: Enter an amount"),
            ((TypedBracket("0", "", "101"),), "Bracket 1: Enter a percentage"),
            ((TypedBracket("0", "1.2345", "8"),), "Bracket 1: OMR takes 3 decimals"),
        ),
        ids=("none", "gap", "overlap", "start", "end", "rate", "decimals"),
    )
    def test_refuse_brackets_that_are_not_sound(
        self, aisha: Actor, brackets: tuple[TypedBracket, ...], sentence: str
    ) -> None:
        with pytest.raises(Invalid, match=sentence):
            add_plan(aisha, brackets=brackets)
        assert ask(aisha, queries.plans) == []

    def test_read_arabic_figures(self, aisha: Actor) -> None:
        arabic = (TypedBracket("٠", "٥٠٬٠٠٠", "٧٫٥٪"), TypedBracket("50000", "", "12%"))
        row = add_plan(aisha, brackets=arabic)
        assert row.brackets == [{"above": "0", "pct": "7.5"}, {"above": "50000", "pct": "12"}]

    def test_need_a_name(self, aisha: Actor) -> None:
        with pytest.raises(Invalid, match="Name of the plan is missing"):
            add_plan(aisha, " ")

    def test_of_another_company_are_none_of_ours(self, aisha: Actor, outsider: Actor) -> None:
        add_plan(aisha)
        assert add_plan(outsider).number == 1
        assert len(ask(outsider, queries.plans)) == 1


def test_only_who_manages_resellers_changes_the_catalogue(aisha: Actor, reviewer: Actor, analyst: Actor) -> None:
    row, place = add_product(aisha), add_territory(aisha)
    new_plan = NewPlan("Own", now().date(), True, STEPS)
    for by in (reviewer, analyst):
        with pytest.raises(NotAllowed):
            do(by, catalogue.save_product, row.id, product=LICENCE, version=row.version)
        with pytest.raises(NotAllowed):
            do(by, catalogue.withdraw_territory, place.id)
        with pytest.raises(NotAllowed):
            do(by, plan_service.add_plan_version, new_plan=new_plan)
        assert len(ask(by, queries.products)) == len(ask(by, queries.territories)) == 1
