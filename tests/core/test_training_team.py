"""Who stands where: pages and sums of many people, whatever is looked for, within the time they may take."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from core import db
from core.actor import Actor, ContactRole
from core.clock import now
from core.contacts.models import Contact
from core.contacts.own_service import disable_colleague
from core.db import transaction
from core.errors import NotAllowed
from core.partners.models import Partner
from core.rows import insert_rows
from core.training import own_queries, queries, service
from core.training.learning_models import Attempt, Certification
from core.training.models import QuizState, QuizVersion, TrainingModule
from core.training.my_modules import Where
from core.training.team_figures import Figures
from core.training.validity import ends
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.training_acts import ask, certifications, do, offered, sit
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
        assert seen(ask(aisha, queries.team)) == [
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
            found = ask(aisha, queries.team, standing=where)
            assert ([row.name for row in found.rows], found.total) == ([name], 1)
        assert ask(aisha, queries.figures) == Figures(learners=4 + 1, valid=1, expiring=1, expired=1, missing=1)
        assert ask(aisha, queries.figures, role="salesperson").learners == 4

    def test_is_found_by_partner_role_module_and_text(self, aisha, partner, sold):
        other = offered(aisha, name="Both", kind="both")
        with transaction(aisha) as session:
            elsewhere = make_partner(session, name="Usman & Partners")
        sit(person(aisha, partner, "Ali"), other)
        person(aisha, elsewhere, "Usman")
        sit(aisha, other)
        assert [row.name for row in ask(aisha, queries.team).rows] == ["Aisha Al Balushi", "Ali", "Ali", "Usman"]
        for asked, names in (
            ({"partner_id": elsewhere.id}, ["Usman"]),
            ({"role": "employee"}, ["Aisha Al Balushi"]),
            ({"role": "technical"}, []),
            ({"role": "boss"}, []),
            ({"module_id": other.id}, ["Aisha Al Balushi", "Ali"]),
            ({"text": "usman"}, ["Usman"]),
            ({"text": "100%"}, []),
        ):
            assert [row.name for row in ask(aisha, queries.team, **asked).rows] == names, asked

    def test_leaves_out_who_was_disabled_and_what_was_withdrawn_or_revoked(self, aisha, partner, sold):
        principal = person(aisha, partner, "Usman", ContactRole.PRINCIPAL)
        ali, badr = person(aisha, partner, "Ali"), person(aisha, partner, "Badr")
        sit(ali, sold)
        sit(badr, sold)
        do(principal, disable_colleague, ali.id)
        do(aisha, service.revoke, certifications(aisha)[1].id, reason="Cheated")
        assert seen(ask(aisha, queries.team)) == [("Badr", "Selling payroll", Where.MISSING)]
        assert ask(aisha, queries.modules)[0].certified == 0
        do(aisha, service.withdraw_module, sold.id)
        assert ask(aisha, queries.team).total == 0
        assert ask(aisha, queries.figures, role="salesperson") == Figures(1, 0, 0, 0, 0)

    def test_goes_through_its_pages_once(self, aisha, partner, sold):
        offered(aisha, name="Another", required_roles=("salesperson",))
        with transaction(aisha) as session:
            for n in range(63):
                make_contact(session, partner, name=f"Person {n:02d}")
        pages = [ask(aisha, queries.team, page=page) for page in (1, 2, 3)]
        rows = [(row.name, row.module) for page in pages for row in page.rows]
        assert rows == sorted(rows)
        assert (len(rows), len(set(rows)), [len(page.rows) for page in pages]) == (126, 126, [50, 50, 26])
        assert {(page.total, page.pages) for page in pages} == {(126, 3)}
        assert ask(aisha, queries.team, page=9).page == 1
        assert ask(aisha, queries.team, page=-1).rows == pages[0].rows


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
        assert ask(outsider, queries.team).total == 0
        assert ask(outsider, queries.figures) == Figures(1, 0, 0, 0, 0)
        assert ask(outsider, queries.modules) == []


MODULES, RESELLERS = 40, 100


def crowd(by: Actor, *, learners: int = 5_000) -> None:
    """Many people of a hundred resellers, each certified in nine of ten of forty modules."""
    at, rows, held = now(), list[dict[str, object]](), list[dict[str, object]]()
    with transaction(by) as session:
        partners = [make_partner(session, name=f"Reseller {n:03d}").id for n in range(RESELLERS)]
        modules = [_module(session, n, at) for n in range(MODULES)]
        roles = (ContactRole.SALESPERSON, ContactRole.TECHNICAL, ContactRole.PRINCIPAL, ContactRole.FINANCE)
        for n in range(learners):
            usual = {"title": "", "language": "en", "added_at": at, "added_by": "Test", "version": 1}
            told = {"partner_id": partners[n % RESELLERS], "name": f"Person {n:04d}", "email": f"p{n}@x.example"}
            rows.append({"id": uuid4(), "role": roles[n % 4], **usual, **told})
        insert_rows(session, Contact, rows)
        number = 0
        for n, row in enumerate(rows):
            tried, given = [], []
            for m, (module, version) in enumerate(modules):
                if (n + m) % 10 == 0:
                    continue
                number += 1
                owner = {"partner_id": row["partner_id"], "partner_contact_id": row["id"], "module_id": module}
                owner |= {"quiz_version_id": version, "version": 1, "score_pct": 90}
                attempt = uuid4()
                graded = {"begun_at": at, "saved_at": at, "finished_at": at, "passed": True, "pass_pct": 80}
                tried.append(
                    {"id": attempt, "number": 1, "is_delta": False, "asked": [], "answers": {}, **graded, **owner}
                )
                until = (at + timedelta(days=(n * 7 + m * 31) % 400 - 40)).date()
                kept = {"completed_at": at - timedelta(days=300), "valid_until": until, "is_current": True}
                names = {"holder": row["name"], "organisation": "Reseller", "revoked_by": "", "reason": ""}
                marks = {"number": number, "reference": f"C-{number:05d}", "code": f"code{number}"}
                ended = {"expires_at": ends(until, "Asia/Muscat"), "id": uuid4(), "attempt_id": attempt}
                given.append(owner | kept | names | marks | ended)
            held += given
            insert_rows(session, Attempt, tried)
        for start in range(0, len(held), 5_000):
            insert_rows(session, Certification, held[start : start + 5_000])


def _module(session, n: int, at) -> tuple[UUID, UUID]:
    roles = "salesperson,technical,principal" if n % 2 else "salesperson"
    row = TrainingModule(name=f"Module {n:02d}", kind="both", required_roles=roles, added_at=at, added_by="Test")
    row.published_at = at
    session.add(row)
    session.flush()
    version = QuizVersion(
        module_id=row.id, number=1, state=QuizState.PUBLISHED, questions=[], saved_at=at, saved_by="T"
    )
    version.published_at = at
    session.add(version)
    session.flush()
    return row.id, version.id


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
    page = ask(aisha, queries.team, standing=where, page=2)
    assert page.rows
    counted = [plan for plan in plans if "held_contact" in plan]
    by_learner = "INDEX ix_certification_held_contact (company_id=? AND partner_contact_id=?)"
    assert set(counted) == {f"SEARCH certification USING {how}{by_learner}" for how in ("COVERING ", "")}
    assert not [plan for plan in plans if plan.startswith("SCAN certification")]


@pytest.mark.parametrize("read", (queries.figures, queries.modules))
def test_sums_are_counted_in_indexes_alone(aisha, plans, read):
    ask(aisha, read)
    read_at = [plan for plan in plans if "certification" in plan]
    assert read_at
    assert [plan for plan in read_at if "COVERING INDEX ix_certification_held" not in plan] == []
