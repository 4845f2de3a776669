"""The same two companies with rooms, vaults, meetings and agreements, where anybody tries any operation there is."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from core.actor import Actor, system
from core.contacts.presence import who as who_is
from core.db import reading
from tests.core.crossing import asked, tries, with_ids
from tests.core.crossing_expected import TOLD_NOTHING
from tests.core.furnished import furnished_house
from tests.core.guarded import called
from tests.core.test_isolation import PICK, WHO, WHOM, Neighbours
from tests.core.two_companies import Side, betrayed

STEPS = ((1, 60), pytest.param((100, 50), marks=pytest.mark.soak))


class NeighboursWithRooms(Neighbours):
    """Two companies and their partners' people, who try whatever there is on anybody."""

    build = staticmethod(furnished_house)

    @rule(who=WHO, whom=WHOM, pick=PICK)
    def act_as_staff(self, who: int, whom: int, pick: int) -> None:
        house, (owner, side), operations = self.houses[who], self.sides[whom], asked()[1]
        operation, is_own = operations[pick % len(operations)], self.sides[whom][0] is house
        mark = side.mark if is_own else house.mark
        told = list(tries(operation, side, by=house.admin, mark=mark, owner=house.admin))
        assert betrayed([answer for _, answer in told], self.foreign(house)) == [], called(operation)
        if owner is not house and operation in with_ids(operations) and called(operation) not in TOLD_NOTHING:
            assert not any(was_done for was_done, _ in told), called(operation)

    @rule(whom=WHOM, other=WHOM, pick=PICK, secret=PICK)
    def act_as_partner(self, whom: int, other: int, pick: int, secret: int) -> None:
        by = self._visitor(self.sides[whom][1], secret)
        if by is None:
            return
        house, side = self.sides[whom]
        functions = [one for kind in asked() for one in kind]
        function, about = functions[pick % len(functions)], self.sides[other][1]
        for _, answer in tries(function, about, by=by, mark=side.mark, owner=house.admin):
            assert betrayed(answer, [*self._beyond(side), *self.foreign(house)]) == [], called(function)

    def _visitor(self, side: Side, pick: int) -> Actor | None:
        """Somebody of a partner, whose session may have ended meanwhile."""
        secrets = [*side.rooms, *side.sessions]
        with reading(system()) as session:
            return who_is(session, secrets[pick % len(secrets)], ip="203.0.113.10", user_agent="Firefox/140")


@pytest.mark.parametrize("steps", STEPS)
def test_no_word_crosses_between_rooms(database: str, steps: tuple[int, int]) -> None:
    examples, length = steps
    run_state_machine_as_test(
        NeighboursWithRooms,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            database=None,
            derandomize=examples < 10,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
