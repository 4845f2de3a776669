"""Spaces of the library: whom they are for, who is refused, whom they reach, what is kept of it."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from core.actor import ContactRole
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed
from core.library import queries, service
from core.library.models import SpaceRule
from core.library.rows import SpaceNotFound
from core.library.service import NoActiveReseller, SpaceChanged, SpaceIsWithdrawn, SpaceNameTaken
from core.library.spaces import NewSpace, RoleWithoutLibrary, RoleWithoutPrices
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.vault.rows import DocumentNotFound
from tests.core.contact_acts import do, invited, tags
from tests.core.library_acts import (
    FINANCE,
    PRINCIPAL,
    SALES,
    TECHNICAL,
    VIEWER,
    aim,
    make_reseller,
    now_is,
    open_space,
    put,
)


@pytest.fixture
def muscat(aisha) -> Partner:
    return make_reseller(aisha)


def rules(aisha, space) -> list[tuple[bool, str]]:
    with reading(aisha) as session:
        rows = session.scalars(select(SpaceRule).where(SpaceRule.space_id == space.id).order_by(SpaceRule.at))
        return [(row.visible_to_all_partners, row.partner_role_visibility) for row in rows]


class TestSpaces:
    def test_every_rule_is_kept_with_who_set_it(self, clock, aisha, nora, muscat):
        space = open_space(aisha, roles=(PRINCIPAL, SALES))
        aim(nora, space, roles=(TECHNICAL,))
        aim(nora, space, partner_id=muscat.id)
        do(aisha, service.withdraw_space, space.id, version=now_is(aisha, space).version)
        do(aisha, service.open_space_again, space.id, version=now_is(aisha, space).version)
        assert rules(aisha, space) == [
            (True, "principal,salesperson"), (True, "technical"), (False, "all"), (False, "all"), (False, "all")
        ]  # fmt: skip
        with reading(aisha) as session:
            page = queries.space(session, space.id)
        assert [rule.set_by for rule in page.rules] == ["Aisha Al Balushi"] * 2 + ["Nora Al Harthy"] * 2 + [
            "Aisha Al Balushi"
        ]
        assert [rule.audience.partner_id for rule in page.rules] == [muscat.id, None, muscat.id, None, None]
        assert [tag for tag in tags(aisha) if ":space:" in tag] == [
            "admin:space:add", "admin:space:change", "admin:space:change", "admin:space:withdraw", "admin:space:reopen"
        ]  # fmt: skip

    def test_another_name_is_no_other_rule(self, aisha):
        space = open_space(aisha)
        do(aisha, service.change_space, space.id, space=NewSpace("Brochures", "كتيبات"), version=space.version)
        assert rules(aisha, space) == [(True, "all")]

    def test_saving_it_as_it_is_leaves_nothing(self, aisha):
        space = open_space(aisha)
        before = tags(aisha)
        do(aisha, service.change_space, space.id, space=NewSpace(space.name), version=space.version)
        assert tags(aisha) == before

    def test_a_rule_is_never_changed(self, aisha):
        open_space(aisha)
        with pytest.raises(DatabaseError), transaction(aisha) as session:
            session.execute(update(SpaceRule).values(partner_role_visibility="all"))

    def test_all_roles_that_have_a_library_are_all(self, aisha):
        assert open_space(aisha, roles=(PRINCIPAL, SALES, TECHNICAL, FINANCE)).partner_role_visibility == "all"

    def test_a_price_list_names_the_roles_that_see_money(self, aisha):
        space = open_space(aisha, holds_prices=True)
        assert (space.partner_role_visibility, space.holds_prices) == ("principal,salesperson,finance", True)

    @pytest.mark.parametrize(
        ("roles", "holds_prices", "refusal"),
        (((VIEWER,), False, RoleWithoutLibrary), ((PRINCIPAL, TECHNICAL), True, RoleWithoutPrices)),
    )
    def test_roles_it_cannot_be_for_are_refused(self, aisha, roles, holds_prices, refusal):
        with pytest.raises(refusal, match="Leave it out"):
            open_space(aisha, roles=roles, holds_prices=holds_prices)

    @pytest.mark.parametrize("name", ("", "  ", "a\nb", "x" * 121))
    def test_a_name_that_cannot_be_used_is_refused(self, aisha, name):
        with pytest.raises(Invalid, match="Name"):
            open_space(aisha, name)

    def test_a_name_is_one_spaces_alone(self, aisha):
        open_space(aisha, "Prices")
        with pytest.raises(SpaceNameTaken, match="called PRICES already"):
            open_space(aisha, "PRICES")

    def test_one_reseller_is_an_active_one(self, aisha, muscat):
        with transaction(aisha) as session:
            session.get_one(Partner, muscat.id).status = Status.MOU_SIGNED
        with pytest.raises(NoActiveReseller, match="Muscat Tech is no active reseller"):
            open_space(aisha, partner=muscat)

    def test_a_space_stays_with_a_reseller_that_was_active(self, aisha, muscat):
        space = open_space(aisha, partner=muscat)
        with transaction(aisha) as session:
            session.get_one(Partner, muscat.id).status = Status.MOU_SIGNED
        assert aim(aisha, space, partner_id=muscat.id, roles=(SALES,)).partner_role_visibility == "salesperson"

    def test_the_second_of_two_people_is_told(self, aisha, nora):
        space = open_space(aisha)
        aim(aisha, space, roles=(SALES,))
        for act, told in (
            (service.change_space, {"space": NewSpace("Mine")}), (service.withdraw_space, {}),
            (service.open_space_again, {}),
        ):  # fmt: skip
            with pytest.raises(SpaceChanged):
                do(nora, act, space.id, version=space.version, **told)

    def test_a_withdrawn_one_is_opened_before_it_is_aimed(self, aisha):
        space = open_space(aisha)
        space = do(aisha, service.withdraw_space, space.id, version=space.version)
        with pytest.raises(SpaceIsWithdrawn):
            aim(aisha, space, roles=(SALES,))

    def test_another_companys_do_not_exist(self, aisha, outsider):
        space = open_space(aisha)
        document = put(aisha, space)
        with pytest.raises(SpaceNotFound):
            do(outsider, service.withdraw_space, space.id, version=space.version)
        with pytest.raises(DocumentNotFound):
            do(outsider, service.remove, document.id, version=document.version)
        with reading(outsider) as session:
            assert queries.spaces(session) == []
            assert queries.versions(session, document.id) == []

    @pytest.mark.parametrize("who", ("reviewer", "analyst", "member"))
    def test_only_who_manages_it_changes_it(self, aisha, request, who):
        space, somebody = open_space(aisha), request.getfixturevalue(who)
        with pytest.raises(NotAllowed):
            put(somebody, space)
        with pytest.raises(NotAllowed):
            open_space(somebody, "Mine")


class TestReached:
    def test_counts_whom_a_rule_reaches_before_it_is_saved(self, aisha, muscat):
        sohar = make_reseller(aisha, "Sohar Soft")
        for partner, role in (
            (muscat, PRINCIPAL),
            (muscat, SALES),
            (sohar, SALES),
            (sohar, VIEWER),
            (sohar, TECHNICAL),
        ):
            invited(aisha, partner, role=role)
        with reading(aisha) as session:
            everybody = queries.would_reach(session, partner_id=None, roles=(), holds_prices=False)
            prices = queries.would_reach(session, partner_id=None, roles=(), holds_prices=True)
            some = queries.would_reach(session, partner_id=muscat.id, roles=(SALES,), holds_prices=False)
            assert queries.active_resellers(session) == {muscat.id: "Muscat Tech", sohar.id: "Sohar Soft"}
        assert (everybody.people, everybody.resellers) == (4, 2)
        assert (prices.people, prices.roles) == (3, {PRINCIPAL: 1, SALES: 2})
        assert (some.people, some.resellers) == (1, 1)

    def test_a_withdrawn_space_reaches_nobody_and_stands_last(self, aisha, muscat):
        invited(aisha, muscat, role=ContactRole.SALESPERSON)
        space = open_space(aisha, "A")
        open_space(aisha, "B")
        do(aisha, service.withdraw_space, space.id, version=space.version)
        with reading(aisha) as session:
            rows = queries.spaces(session)
        assert [(row.name, row.reached.people) for row in rows] == [("B", 1), ("A", 0)]
