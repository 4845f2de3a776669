"""The rule of an audience, for every space and every person there could be."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from core.actor import Act, ContactRole, allowed
from core.actor import Actor as Who
from core.actor import ActorKind as Kind
from core.library.spaces import NewSpace, as_text
from core.vault.visibility import PRICE_READERS, READERS, Audience, Reach

PARTNERS = [UUID(int=n) for n in (1, 2, 3)]
roles = some.sampled_from(list(ContactRole))
people = some.tuples(some.sampled_from([*PARTNERS, None]), some.one_of(some.none(), roles))
texts = some.one_of(some.just("all"), some.sets(roles).map(as_text), some.text(max_size=30))
audiences = some.builds(
    lambda whom, text, prices: Audience(whom if whom != "all" else None, whom == "all", text, prices),
    some.sampled_from([*PARTNERS, "all", None]), texts, some.booleans(),
)  # fmt: skip


@given(audiences, people)
def test_whoever_sees_it_is_let_in_meant_named_and_may(
    audience: Audience, person: tuple[UUID | None, ContactRole | None]
):
    partner, role = person
    if audience.reach(partner_id=partner, role=role) is Reach.SEES:
        assert role is not None
        assert audience.for_all or audience.partner_id == partner
        assert audience.roles == "all" or role.value in audience.roles.split(",")
        who = Who(Kind.CONTACT, contact_role=role)
        assert allowed(who, Act.USE_LIBRARY)
        assert not audience.holds_prices or allowed(who, Act.SEE_MONEY)


@given(audiences, some.sampled_from(PARTNERS), roles)
def test_whoever_does_not_see_it_lacks_one_thing_that_is_named(audience: Audience, partner: UUID, role: ContactRole):
    lacks = {
        Reach.NO_AUDIENCE: audience.partner_id is None and not audience.for_all,
        Reach.OTHER_RESELLER: not audience.for_all and audience.partner_id != partner,
        Reach.NO_LIBRARY: role not in READERS,
        Reach.NO_PRICES: audience.holds_prices and role not in PRICE_READERS,
        Reach.ROLE_LEFT_OUT: role not in audience.named_roles,
    }
    answer = audience.reach(partner_id=partner, role=role)
    assert (answer is Reach.SEES) == (not any(lacks.values()))
    assert answer is Reach.SEES or lacks[answer]


@given(audiences, people)
def test_a_space_for_one_reseller_reaches_nobody_a_space_for_all_would_not(audience: Audience, person):
    wider = Audience(None, for_all=True, roles=audience.roles, holds_prices=audience.holds_prices)
    if audience.reach(partner_id=person[0], role=person[1]) is Reach.SEES:
        assert wider.reach(partner_id=person[0], role=person[1]) is Reach.SEES


@given(audiences, people)
def test_a_viewer_and_who_is_not_let_in_see_nothing(audience: Audience, person):
    assert audience.reach(partner_id=person[0], role=None) is Reach.NOT_LET_IN
    assert audience.reach(partner_id=person[0], role=ContactRole.VIEWER) is not Reach.SEES


@given(some.sets(some.sampled_from(READERS)), some.booleans())
def test_what_is_chosen_is_what_is_kept(chosen: set[ContactRole], holds_prices: bool):
    may = set(PRICE_READERS if holds_prices else READERS)
    space = NewSpace("Prices", roles=tuple(chosen & may), holds_prices=holds_prices)
    assert Audience(for_all=True, roles=space.role_rule()).named_roles == (chosen & may or may)


def test_a_text_that_names_no_role_names_nobody():
    assert Audience(roles="").named_roles == frozenset()
    assert Audience(roles="everybody, Principal").named_roles == frozenset()
    assert Audience(roles=" finance , technical ").named_roles == {ContactRole.FINANCE, ContactRole.TECHNICAL}
