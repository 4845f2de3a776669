"""Who stands where: pages and sums of many people, whatever is looked for, within the time they may take."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from core import db
from core.actor import Actor, ContactRole
from core.contacts.own_service import disable_colleague
from core.db import reading, transaction
from core.errors import NotAllowed
from core.partners.models import Partner
from core.training import own_queries, queries, service
from core.training.my_modules import Where
from core.training.team import Asked, team_page
from core.training.team_figures import Figures, Group, figures_of
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.training_acts import ask, certifications, do, offered, overview, sit
from tests.core.training_crowd import crowd
from tests.factories import make_partner


def person(by: Actor, partner: Partner, name: str, role: ContactRole = ContactRole.SALESPERSON) -> Actor:
    with transaction(by) as session:
        row = make_contact(session, partner, name=name, role=role)
    return contact_actor(row)


@pytest.fixture
def sold(aisha, clock):
    """A module that salespeople must hold."""
    return offered(aisha, name="Selling payroll", required_roles=("salesperson",), valid_for_days=100)


def seen(page) -> list[tuple[str, str, Where]]:
    return [(row.name, row.module, row.where) for row in page.rows]


class TestTeam:
    def test_tells_who_is_certified_expiring_expired_and_missing(self, aisha, partner, sold, clock):
        offered(aisha, name="Technics", kind="technical")
        people = [person(aisha, partner, name) for name in ("Ali", "Badr", "Celine", "Dana")]
        sit(people[0], sold)
        clock.forward(days=40)
        sit(people[1], sold)
        clock.forward(days=61)
        sit(people[2], sold)
        assert seen(overview(aisha).team) == [
            ("Ali", "Selling payroll", Where.EXPIRED),
            ("Badr", "Selling payroll", Where.EXPIRING),
            ("Celine", "Selling payroll", Where.VALID),
            ("Dana", "Selling payroll", Where.MISSING),
        ]
        for where, name in (
            (Where.EXPIRED, "Ali"),
            (Where.EXPIRING, "Badr"),
            (Where.VALID, "Celine"),
            (Where.MISSING, "Dana"),
        ):
            found = overview(aisha, standing=where).team
            assert ([row.name for row in found.rows], found.total) == ([name], 1)
        assert overview(aisha).standings.figures == Figures(learners=4 + 1, valid=1, expiring=1, expired=1, missing=1)
        assert overview(aisha, role="salesperson").standings.figures.learners == 4

    def test_is_found_by_partner_role_module_and_text(self, aisha, partner, sold):
        other = offered(aisha, name="Both", kind="both")
        with transaction(aisha) as session:
            elsewhere = make_partner(session, name="Usman & Partners")
        sit(person(aisha, partner, "Ali"), other)
        person(aisha, elsewhere, "Usman")
        sit(aisha, other)
        assert [row.name for row in overview(aisha).team.rows] == ["Aisha Al Balushi", "Ali", "Ali", "Usman"]
        for asked, names in (
            ({"partner_id": elsewhere.id}, ["Usman"]),
            ({"role": "employee"}, ["Aisha Al Balushi"]),
            ({"role": "technical"}, []),
            ({"role": "boss"}, []),
            ({"module_id": other.id}, ["Aisha Al Balushi", "Ali"]),
            ({"text": "usman"}, ["Usman"]),
            ({"text": "100%"}, []),
        ):
            assert [row.name for row in overview(aisha, **asked).team.rows] == names, asked

    def test_leaves_out_who_was_disabled_and_what_was_withdrawn_or_revoked(self, aisha, partner, sold):
        principal = person(aisha, partner, "Usman", ContactRole.PRINCIPAL)
        ali, badr = person(aisha, partner, "Ali"), person(aisha, partner, "Badr")
        sit(ali, sold)
        sit(badr, sold)
        do(principal, disable_colleague, ali.id)
        do(aisha, service.revoke, certifications(aisha)[1].id, reason="Cheated")
        assert seen(overview(aisha).team) == [("Badr", "Selling payroll", Where.MISSING)]
        assert ask(aisha, queries.modules)[0].certified == 0
        do(aisha, service.withdraw_module, sold.id)
        assert overview(aisha).team.total == 0
        assert overview(aisha, role="salesperson").standings.figures == Figures(1, 0, 0, 0, 0)

    def test_goes_through_its_pages_once(self, aisha, partner, sold):
        offered(aisha, name="Another", required_roles=("salesperson",))
        with transaction(aisha) as session:
            for n in range(63):
                make_contact(session, partner, name=f"Person {n:02d}")
        pages = [overview(aisha, page=page).team for page in (1, 2, 3)]
        rows = [(row.name, row.module) for page in pages for row in page.rows]
        assert rows == sorted(rows)
        assert (len(rows), len(set(rows)), [len(page.rows) for page in pages]) == (126, 126, [50, 50, 26])
        assert {(page.total, page.pages) for page in pages} == {(126, 3)}
        assert overview(aisha, page=9).team.page == 1
        assert overview(aisha, page=-1).team.rows == pages[0].rows


class TestOwnTeam:
    def test_is_a_principals_own(self, aisha, partner, sold):
        with transaction(aisha) as session:
            elsewhere = make_partner(session, name="Usman & Partners")
        person(aisha, elsewhere, "Usman")
        ali = person(aisha, partner, "Ali")
        sit(ali, sold)
        principal = person(aisha, partner, "Zahra", ContactRole.PRINCIPAL)
        assert seen(ask(principal, own_queries.team_training)) == [("Ali", "Selling payroll", Where.VALID)]
        assert ask(principal, own_queries.team_figures) == Figures(2, 1, 0, 0, 0)
        with pytest.raises(NotAllowed):
            ask(ali, own_queries.team_training)

    def test_is_told_to_no_other_company(self, aisha, partner, sold, outsider):
        sit(person(aisha, partner, "Ali"), sold)
        assert overview(outsider).team.total == 0
        assert overview(outsider).standings.figures == Figures(1, 0, 0, 0, 0)
        assert ask(outsider, queries.modules) == []


@pytest.fixture
def plans(aisha, sqlite_database) -> list[str]:
    """How the database goes about each statement that was asked since, as it explains it itself."""
    crowd(aisha, learners=400)
    said = list[str]()

    def explain(_connection, cursor, statement, parameters, *_more) -> None:
        if statement.lstrip().startswith("SELECT") and "certification" in statement:
            told = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            said.extend(row[3] for row in told)

    event.listen(db.reader(), "before_cursor_execute", explain)
    return said


@pytest.mark.parametrize("where", (None, *Where))
def test_a_page_is_counted_in_one_index(aisha, plans, where):
    with reading(aisha) as session:
        assert team_page(session, Asked(where=where), page=2).rows
    counted = [plan for plan in plans if "held_contact" in plan]
    by_learner = "INDEX ix_certification_held_contact (company_id=? AND partner_contact_id=?)"
    assert set(counted) == {f"SEARCH certification USING {how}{by_learner}" for how in ("COVERING ", "")}
    assert not [plan for plan in plans if plan.startswith("SCAN certification")]


@pytest.mark.parametrize("read", (partial(figures_of, asked=Asked()), queries.modules))
def test_sums_are_counted_in_indexes_alone(aisha, plans, read):
    with reading(aisha) as session:
        read(session)
    read_at = [plan for plan in plans if "certification" in plan]
    assert read_at
    assert [plan for plan in read_at if "COVERING INDEX ix_certification_held" not in plan] == []


class TestStandings:
    @pytest.fixture
    def seen_by(self, aisha, partner, sold, clock):
        """Two resellers' people and an employee; the salespeople must hold one module, anybody may another."""
        other = offered(aisha, name="Basics", kind="both")
        with transaction(aisha) as session:
            elsewhere = make_partner(session, name="Usman & Partners")
        ali, badr = person(aisha, partner, "Ali"), person(aisha, elsewhere, "Badr")
        person(aisha, elsewhere, "Celine", ContactRole.VIEWER)
        sit(ali, sold)
        sit(ali, other)
        clock.forward(days=101)
        sit(badr, other)
        sit(aisha, other)

        def lines(group: Group, **asked: Any) -> dict[str, tuple[int, ...]]:
            found = overview(aisha, group=group, **asked).standings
            told = {line.name: (line.figures.learners, *_states(line.figures)) for line in found.lines}
            assert [sum(values) for values in zip(*(one[1:] for one in told.values()), strict=True)] == list(
                _states(found.figures)
            )
            assert found.figures == overview(aisha, **asked).standings.figures
            return told

        return lines

    def test_are_told_by_module_reseller_and_role(self, seen_by, partner):
        assert seen_by(Group.MODULE) == {"Basics": (0, 3, 0, 0, 0), "Selling payroll": (2, 0, 0, 1, 1)}
        assert seen_by(Group.PARTNER) == {
            partner.name: (1, 1, 0, 1, 0),
            "Usman & Partners": (1, 1, 0, 0, 1),
            "Dhofar Systems": (1, 1, 0, 0, 0),
        }
        by_role = seen_by(Group.ROLE)
        assert by_role["salesperson"] == (2, 2, 0, 1, 1)
        assert by_role["employee"] == (1, 1, 0, 0, 0)
        assert seen_by(Group.PARTNER, partner_id=partner.id) == {partner.name: (1, 1, 0, 1, 0)}
        assert seen_by(Group.PARTNER, role="employee") == {"Dhofar Systems": (1, 1, 0, 0, 0)}

    def test_of_nobody_are_none(self, aisha, sold):
        found = overview(aisha, role="boss").standings
        assert (found.figures, found.lines) == (Figures(0, 0, 0, 0, 0), ())


def _states(figures: Figures) -> tuple[int, ...]:
    return figures.valid, figures.expiring, figures.expired, figures.missing
