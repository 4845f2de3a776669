"""What a contact was when: every way to add or change a contact leaves its line, and no line is ever changed."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core.actor import Actor, ContactRole, system
from core.clock import now
from core.contacts import own_service, service
from core.contacts.models import Contact, ContactStanding
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.demo.load import load
from core.imports.taking import Choices, take_contact
from core.partners.models import Partner
from tests.core.contact_acts import came_in, do, invited
from tests.factories import make_partner

ROOT = Path(__file__).parents[2]
PRINCIPAL, SALES, TECHNICAL = ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.TECHNICAL
WRITES_CONTACTS = {"core/contacts/rows.py", "core/demo/contacts.py"}
"""Where rows of contacts are made; both write the history."""


def past(by: Actor, contact: Contact) -> list[ContactRole | None]:
    """What a contact was, first to last."""
    with reading(by) as session:
        mine = select(ContactStanding.role).where(ContactStanding.contact_id == contact.id)
        return list(session.scalars(mine.order_by(ContactStanding.at)))


def behind(session: Session) -> list[str]:
    """The contacts whose newest line does not say what they are."""
    found = []
    for contact in session.scalars(select(Contact)):
        mine = select(ContactStanding).where(ContactStanding.contact_id == contact.id)
        last = session.scalars(mine.order_by(ContactStanding.at.desc())).first()
        is_now = (None if contact.disabled_at else contact.role, contact.partner_id)
        if last is None or (last.role, last.partner_id) != is_now:
            found.append(contact.email)
    return found


@pytest.fixture
def people(aisha: Actor, partner: Partner) -> tuple[Contact, Contact]:
    """A principal and a salesperson of one reseller."""
    return invited(aisha, partner, role=PRINCIPAL), invited(aisha, partner, role=SALES)


def person(contact: Contact, **facts: object) -> NewContact:
    """The contact as a form has it, with some of it changed."""
    same = {name: getattr(contact, name) for name in ("name", "email", "title", "role", "language")}
    return NewContact(**{**same, **facts})


def test_a_contact_begins_as_what_it_was_added_as(clock, aisha, people):
    assert past(aisha, people[1]) == [SALES]
    with reading(aisha) as session:
        line = session.scalars(select(ContactStanding).where(ContactStanding.contact_id == people[1].id)).one()
    assert (line.at, line.partner_id) == (people[1].added_at, people[1].partner_id)


def test_staff_change_disable_and_enable(clock, aisha, people):
    _, salim = people
    clock.forward(hours=1)
    salim = do(aisha, service.change, salim.id, person=person(salim, role=TECHNICAL), version=salim.version)
    salim = do(aisha, service.change, salim.id, person=person(salim, title="Engineer"), version=salim.version)
    clock.forward(hours=1)
    salim = do(aisha, service.disable, salim.id)
    do(aisha, service.disable, salim.id)
    assert past(aisha, salim) == [SALES, TECHNICAL, None]
    salim = do(aisha, service.change, salim.id, person=person(salim, role=SALES), version=salim.version)
    assert past(aisha, salim) == [SALES, TECHNICAL, None], "a role is nothing while one is shut out"
    clock.forward(hours=1)
    do(aisha, service.enable, salim.id)
    assert past(aisha, salim) == [SALES, TECHNICAL, None, SALES]


def test_a_principal_adds_changes_and_disables(clock, aisha, people):
    huda = came_in(people[0])
    told = NewContact("Noor Al Amri", "noor@salalah.example", "", SALES)
    noor = do(huda, own_service.add_colleague, person=told)
    noor = do(huda, own_service.change_colleague, noor.id, person=person(noor, role=TECHNICAL), version=noor.version)
    do(huda, own_service.disable_colleague, noor.id)
    assert past(aisha, noor) == [SALES, TECHNICAL, None]


def test_one_that_is_imported(aisha):
    with transaction(aisha) as session:
        make_partner(session, name="Dhofar Soft", reseller_since=now())
        facts = {"partner": "Dhofar Soft", "email": "salma@dhofar.example", "name": "Salma", "role": "technical"}
        assert take_contact(session, facts, Choices(), by=aisha)
        assert behind(session) == []
        assert session.scalars(select(ContactStanding.role)).all() == [TECHNICAL]


def test_those_of_the_demo(database):
    with transaction(system()) as session:
        load(session, by=system())
    with reading(system()) as session:
        assert behind(session) == []
        lines = session.scalars(select(ContactStanding)).all()
    assert len(lines) == 6
    assert min(line.at for line in lines) < now() - timedelta(days=60)


def writers(root: Path) -> Iterator[str]:
    """The files of core that make a contact, give one another role, or let one in or out."""
    for file in sorted((root / "core").rglob("*.py")):
        if "migrations" in file.parts:
            continue
        if any(_writes(node) for node in ast.walk(ast.parse(file.read_text()))) or "disabled_at = " in file.read_text():
            yield str(file.relative_to(root))


def _writes(node: ast.AST) -> bool:
    """``Contact(…)``, ``update(Contact)`` or ``insert(Contact)``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    about = node.args[0] if node.args else None
    into = node.func.id in ("update", "insert", "insert_rows", "upsert")
    named = [one for one in node.args if isinstance(one, ast.Name) and one.id == "Contact"]
    return node.func.id == "Contact" or (into and bool(named or getattr(about, "id", "") == "Contact"))


NO_STANDING = {"core/companies/service.py", "core/contacts/entry.py"}
"""What lets members of staff in and out, and what notes when a contact came in first."""


def test_no_other_file_makes_or_changes_contacts():
    assert set(writers(ROOT)) - NO_STANDING == WRITES_CONTACTS
    for name in WRITES_CONTACTS:
        assert "keep_standing(" in (ROOT / name).read_text()


def test_this_check_finds_a_file_that_does(tmp_path: Path):
    (tmp_path / "core").mkdir()
    for text in ("Contact(name='x')", "update(Contact).values(role='viewer')", "insert_rows(session, Contact, [])"):
        (tmp_path / "core" / "sly.py").write_text(text)
        assert list(writers(tmp_path)) == ["core/sly.py"]


def test_a_line_is_never_changed(aisha: Actor, people: object):
    with pytest.raises(DatabaseError), transaction(aisha) as session:
        session.execute(update(ContactStanding).values(role=None))
