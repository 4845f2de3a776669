"""Every read and every operation there is, asked for what is another company's or another partner's, with its ids."""

from collections.abc import Callable, Iterator

import pytest

from core.actor import Actor
from tests.core.crossing import asked, ids_told, tries, with_ids
from tests.core.crossing_expected import (
    DONE_BY_CONTACTS,
    NOT_DONE_BY_STAFF,
    OF_EVERYBODY,
    SILENT_TO_STAFF,
    TOLD_NOTHING,
    TOLD_TO_CONTACTS,
    TOLD_TO_GUESTS,
)
from tests.core.furnished import OF_THE_PRODUCT, empty_tables, furnished_house, visitor
from tests.core.guarded import Guarded, called
from tests.core.two_companies import House, Side, betrayed, of_partner, rows_of, said

FINAL = ("remove", "cancel", "disable", "discard", "revoke", "close", "end_")
"""How operations are called that end something."""
UNHARMED = {"company", "staff", "partner", "product", "territory", "plan_version", "saved_view"}
"""What has no partner of its own but must not change either, when somebody of the portal asks."""


class World:
    """Two companies, and who asks whom."""

    def __init__(self) -> None:
        self.ours, self.theirs = furnished_house(), furnished_house()

    def askers(self) -> Iterator[tuple[str, Actor, Side]]:
        """Everybody to whom the first partner of the second company is none of their business."""
        victim, neighbour = self.theirs.sides[0], self.theirs.sides[1]
        yield "another company's admin", self.ours.admin, victim
        yield "another company's reader", visitor(self.ours.sides[0].sessions[0]), victim
        yield "another company's guest", visitor(self.ours.sides[0].rooms[0]), victim
        yield "another partner's reader", visitor(neighbour.sessions[0]), victim
        yield "another partner's guest", visitor(neighbour.rooms[0]), victim
        yield "another company's contact", visitor(self.ours.sides[0].contacts[0]), victim
        yield "another partner's contact", visitor(neighbour.contacts[0]), victim

    def signs(self, by: Actor) -> list[str]:
        """What an asker must never hear: all of another company, or its own company's other partners."""
        if by.company == self.ours.admin.company:
            return self.theirs.signs()
        others = [side for side in self.theirs.sides if side.id != by.partner]
        return [sign for side in others for sign in (side.mark, str(side.id))] + self.ours.signs()

    def kept(self, by: Actor) -> list[tuple[str, str]]:
        """The rows that nobody else may change: all of another company, or those of the partner who is asked about."""
        rows = rows_of(self.theirs)
        if by.company == self.ours.admin.company:
            return sorted((table, text) for table, _, text in rows)
        unharmed = {(table, text) for table, _, text in rows if table in UNHARMED}
        return sorted(unharmed.union(of_partner(rows, self.theirs.sides[0])))


@pytest.fixture
def world(filled_once: Callable[[Callable[[], World]], World]) -> World:
    return filled_once(World)


def test_every_table_has_rows(world: World) -> None:
    assert empty_tables(world.ours) == empty_tables(world.theirs) == OF_THE_PRODUCT


def test_no_read_tells_of_somebody_else(world: World) -> None:
    reads = asked()[0]
    assert len(reads) > 70
    for _who, by, victim in world.askers():
        for read in reads:
            for _, answer in tries(read, victim, by=by, mark="asker", owner=world.ours.admin):
                assert betrayed(answer, world.signs(by)) == [], (called(read), by.kind, answer)


def test_no_operation_touches_what_is_somebody_elses(world: World) -> None:
    operations = asked()[1]
    assert len(operations) > 55
    for who, by, victim in world.askers():
        before = world.kept(by)
        for operation in operations:
            for _, answer in tries(operation, victim, by=by, mark="asker", owner=world.ours.admin):
                assert betrayed(answer, world.signs(by)) == [], (called(operation), who, answer)
        assert world.kept(by) == before, who


def test_what_is_told_by_an_id_is_not_done_for_another_company(world: World) -> None:
    admin, victim = world.ours.admin, world.theirs.sides[0]
    for by in (admin, visitor(world.ours.sides[0].contacts[0])):
        for operation in with_ids(asked()[1]):
            if called(operation) in TOLD_NOTHING:
                continue
            done = [was_done for was_done, _ in tries(operation, victim, by=by, mark="asker", owner=admin)]
            assert not any(done), called(operation)


def test_somebody_elses_id_is_answered_as_a_made_up_one(world: World) -> None:
    """Nobody learns from an answer which ids there are."""
    for who, by, victim in world.askers():
        for function in with_ids([*asked()[0], *asked()[1]]):
            made_up = ids_told(function) - (OF_EVERYBODY if by.company == world.theirs.admin.company else set())
            answers = [
                [(done, *said("done" if function in asked()[1] and done else answer)) for done, answer in attempts]
                for attempts in (
                    tries(function, victim, by=by, mark="asker", owner=world.ours.admin),
                    tries(function, victim, by=by, mark="asker", owner=world.ours.admin, made_up=made_up),
                )
            ]
            assert answers[0] == answers[1], (called(function), who)


class TestTheseAttempts:
    """The same calls, made by who may, reach what they ask for: they would have met it above."""

    def test_reads_tell_the_company_of_its_own(self, world: World) -> None:
        silent = set(map(called, asked()[0])) - set(_telling(world.theirs, world.theirs.admin))
        assert silent == SILENT_TO_STAFF

    def test_reads_tell_a_guest_of_its_own(self, world: World) -> None:
        guest = visitor(world.theirs.sides[0].rooms[0])
        assert set(_telling(world.theirs, guest)) == TOLD_TO_GUESTS

    def test_reads_tell_a_contact_of_its_own(self, world: World) -> None:
        contact = visitor(world.theirs.sides[0].contacts[0])
        assert set(_telling(world.theirs, contact)) == TOLD_TO_CONTACTS

    def test_operations_are_done_for_the_company(self, world: World) -> None:
        house, done = world.theirs, set[str]()
        side, operations = house.sides[0], sorted(with_ids(asked()[1]), key=_how_final)
        for operation in [*operations, *operations]:
            if any(was for was, _ in tries(operation, side, by=house.admin, mark="owner", owner=house.admin)):
                done.add(called(operation))
        assert set(map(called, with_ids(asked()[1]))) - done == NOT_DONE_BY_STAFF

    def test_operations_are_done_for_a_contact(self, world: World) -> None:
        house = world.theirs
        side, contact = house.sides[0], visitor(house.sides[0].contacts[0])
        done = {
            called(operation)
            for operation in sorted(asked()[1], key=_how_final)
            if any(was for was, _ in tries(operation, side, by=contact, mark="owner", owner=house.admin))
        }
        assert done == DONE_BY_CONTACTS


def _telling(house: House, by: Actor) -> Iterator[str]:
    """The reads that tell somebody something of the first partner."""
    side = house.sides[0]
    for read in asked()[0]:
        for _, answer in tries(read, side, by=by, mark=side.mark, owner=house.admin):
            if betrayed(answer, [side.mark, house.mark, str(side.id)]):
                yield called(read)


def _how_final(operation: Guarded) -> int:
    """A draft is saved before it is published; ending comes after changing."""
    return 1 if operation.__name__.startswith(FINAL) else -operation.__name__.startswith("save")
