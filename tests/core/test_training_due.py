"""What somebody finds to learn when they come in: the same as their list says is to be done."""

import pytest

from core.actor import Actor, ContactRole
from core.db import transaction
from core.errors import NotAllowed
from core.training import home_queries, learning, my_modules, service
from core.training.my_modules import Where
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.today_world import statements
from tests.core.training_acts import ask, certifications, do, offered, publish, question, questions, sit


@pytest.fixture
def hiba(aisha: Actor, partner, clock) -> Actor:
    with transaction(aisha) as session:
        row = make_contact(session, partner, name="Hiba", role=ContactRole.SALESPERSON)
    return contact_actor(row)


def found(by: Actor) -> list[tuple[str, Where, int, bool]]:
    rows = ask(by, home_queries.due)
    listed = {one.id: one for one in ask(by, my_modules.my_modules) if one.is_due}
    assert {row.id for row in rows} == set(listed)
    for row in rows:
        same = listed[row.id]
        assert (row.where, row.days_left, row.valid_until) == (same.where, same.days_left, same.valid_until)
        assert (row.has_changed, row.is_begun) == (same.changed > 0, same.open_attempt_id is not None)
    return [(row.name, row.where, row.days_left, row.has_changed) for row in rows]


def test_is_what_does_not_count_or_ends_soon(aisha, hiba, clock):
    must = offered(aisha, name="Must", required_roles=("salesperson",), valid_for_days=100)
    may = offered(aisha, name="May", valid_for_days=100)
    offered(aisha, name="Technics", kind="technical", required_roles=("technical",))
    gone = offered(aisha, name="Gone", required_roles=("salesperson",))
    do(aisha, service.withdraw_module, gone.id)
    assert found(hiba) == [("Must", Where.MISSING, 0, False)]
    do(hiba, learning.begin, must.id)
    assert ask(hiba, home_queries.due)[0].is_begun
    sit(hiba, must)
    assert found(hiba) == []
    clock.forward(days=5)
    sit(hiba, may)
    clock.forward(days=5)
    assert found(hiba) == [("Must", Where.EXPIRING, 90, False)]
    clock.forward(days=91)
    assert found(hiba) == [("Must", Where.EXPIRED, 0, False), ("May", Where.EXPIRING, 4, False)]


def test_is_what_has_changed_for_a_holder(aisha, hiba):
    module = offered(aisha, name="Must", required_roles=("salesperson",))
    sit(hiba, module)
    publish(aisha, module.id, (question("q1", text="What else?"), *questions()[1:]), asks_holders=True)
    assert found(hiba) == [("Must", Where.VALID, 365, True)]
    do(aisha, service.revoke, certifications(aisha)[0].id, reason="Cheated")
    assert found(hiba) == [("Must", Where.MISSING, 0, False)]


def test_is_asked_in_one_statement(aisha, hiba, member):
    for _ in range(4):
        offered(aisha, required_roles=("salesperson", "employee"))
    with statements() as asked:
        assert len(ask(hiba, home_queries.due)) == 4
    assert len(asked) == 1
    assert len(ask(member, home_queries.due)) == 4


def test_is_nothing_to_a_viewer(aisha, partner, clock):
    with transaction(aisha) as session:
        viewer = make_contact(session, partner, role=ContactRole.VIEWER)
    with pytest.raises(NotAllowed):
        ask(contact_actor(viewer), home_queries.due)
