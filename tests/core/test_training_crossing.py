"""Every read and operation of training, asked for what is another company's or another partner's, with its ids."""

import pytest

from tests.core.crossing import asked, tries, with_ids
from tests.core.crossing_training import SILENT_TO_STAFF, TOLD_TO_CONTACTS
from tests.core.furnished import visitor
from tests.core.guarded import Guarded, called
from tests.core.test_crossing import World
from tests.core.two_companies import betrayed


@pytest.fixture
def world(database: str) -> World:
    return World()


def of_training(functions: list[Guarded]) -> list[Guarded]:
    return [one for one in functions if called(one).startswith("training.")]


def test_no_read_tells_of_somebody_else(world: World) -> None:
    reads = of_training(asked()[0])
    assert len(reads) > 15
    for _who, by, victim in world.askers():
        for read in reads:
            for _, answer in tries(read, victim, by=by, mark="asker", owner=world.ours.admin):
                own_company = [world.theirs.mark, str(world.theirs.admin.company), str(world.theirs.admin.id)]
                known = own_company if by.company == world.theirs.admin.company else []
                assert [sign for sign in betrayed(answer, world.signs(by)) if sign not in known] == [], called(read)


def test_no_operation_touches_what_is_somebody_elses(world: World) -> None:
    operations = of_training(asked()[1])
    assert len(operations) > 12
    for who, by, victim in world.askers():
        before = world.kept(by)
        for operation in operations:
            for _ in tries(operation, victim, by=by, mark="asker", owner=world.ours.admin):
                assert world.kept(by) == before, (called(operation), who)


def test_what_is_told_by_an_id_is_not_done_for_another_company(world: World) -> None:
    admin, victim = world.ours.admin, world.theirs.sides[0]
    for operation in with_ids(of_training(asked()[1])):
        done = [was_done for was_done, _ in tries(operation, victim, by=admin, mark="asker", owner=admin)]
        assert not any(done), called(operation)


def test_the_same_reads_tell_those_whose_it_is(world: World) -> None:
    house, side = world.theirs, world.theirs.sides[0]
    told = {"staff": set[str](), "contact": set[str]()}
    for name, by in (("staff", house.admin), ("contact", visitor(side.contacts[0]))):
        for read in of_training(asked()[0]):
            for _, answer in tries(read, side, by=by, mark=side.mark, owner=house.admin):
                if betrayed(answer, [side.mark, house.mark, str(side.id)]):
                    told[name].add(called(read))
    assert set(map(called, of_training(asked()[0]))) - told["staff"] == SILENT_TO_STAFF
    assert told["contact"] == TOLD_TO_CONTACTS


def test_the_same_operations_are_done_for_the_company(world: World) -> None:
    house, done = world.theirs, set[str]()
    operations = with_ids(of_training(asked()[1]))
    for operation in operations:
        if any(was for was, _ in tries(operation, house.sides[0], by=house.admin, mark="owner", owner=house.admin)):
            done.add(called(operation))
    undone = {"training.learning.answer", "training.learning.finish", "training.authoring.discard_draft"}
    assert set(map(called, operations)) - done <= undone | {
        "training.authoring.publish",
        "training.authoring.save_draft",
    }
