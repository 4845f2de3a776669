"""Companies are kept apart, whatever a statement looks like."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.orm import Session, aliased

from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.companies.models import Company, Staff
from core.db import Base, reading, transaction
from core.partners.models import Partner
from core.rows import insert_rows, upsert
from core.tenancy import CompanyCrossed, TenantMixin, enter
from core.timeline.models import TimelineEntry
from tests.factories import make_partner


@pytest.fixture
def theirs(outsider: Actor) -> Partner:
    """A partner of another company."""
    with transaction(outsider) as session:
        return make_partner(session, name="Theirs")


@pytest.fixture
def ours(aisha: Actor) -> Partner:
    """A partner of Aisha's company."""
    with transaction(aisha) as session:
        return make_partner(session, name="Ours")


def _partner_table() -> Table:
    table = Partner.__table__
    assert isinstance(table, Table)
    return table


OTHER = aliased(Partner)

READS: dict[str, Callable[[Session, UUID], object]] = {
    "get": lambda session, foreign: session.get(Partner, foreign),
    "select": lambda session, foreign: session.scalars(select(Partner).where(Partner.id == foreign)).first(),
    "column": lambda session, foreign: session.scalars(select(Partner.name).where(Partner.id == foreign)).first(),
    "alias": lambda session, foreign: session.scalars(select(OTHER).where(OTHER.id == foreign)).first(),
    "count": lambda session, foreign: session.scalar(
        select(func.count()).select_from(Partner).where(Partner.id == foreign)
    ),
    "counted subquery": lambda session, foreign: session.scalar(
        select(func.count()).select_from(select(Partner).where(Partner.id == foreign).subquery())
    ),
    "scalar subquery": lambda session, foreign: session.scalar(
        select(select(func.count(Partner.id)).where(Partner.id == foreign).scalar_subquery())
    ),
    "union": lambda session, foreign: session.execute(
        select(Partner.name).where(Partner.id == foreign).union_all(select(Staff.name).where(Staff.id == foreign))
    ).first(),
    "common table": lambda session, foreign: session.scalar(
        select(func.count()).select_from(select(Partner.id).where(Partner.id == foreign).cte())
    ),
    "subquery": lambda session, foreign: session.scalars(
        select(Staff.name).where(select(Partner.id).where(Partner.id == foreign).exists())
    ).first(),
    "join": lambda session, foreign: session.execute(
        select(Partner.name, Company.name).join(Company, Company.id == Partner.company_id).where(Partner.id == foreign)
    ).first(),
    "company": lambda session, foreign: session.scalars(select(Company.name).where(Company.slug == "other")).first(),
}

WRITES: dict[str, Callable[[Session, UUID], object]] = {
    "update": lambda session, foreign: session.execute(update(Partner).values(name="Taken")),
    "delete": lambda session, foreign: session.execute(delete(TimelineEntry)),
    "update by id": lambda session, foreign: session.execute(
        update(Partner).where(Partner.id == foreign).values(name="Taken")
    ),
}

REFUSED: dict[str, Callable[[Session, UUID], object]] = {
    "plain SQL": lambda session, foreign: session.execute(text("SELECT name FROM partner")),
    "Core select": lambda session, foreign: session.execute(select(_partner_table().c.name)),
    "Core update": lambda session, foreign: session.execute(update(_partner_table()).values(name="Taken")),
    "Core insert": lambda session, foreign: session.execute(insert(_partner_table()).values(name="Smuggled")),
    "insert": lambda session, foreign: session.execute(insert(Partner), [{"name": "Smuggled"}]),
    "bulk update": lambda session, foreign: session.execute(update(Partner), [{"id": foreign, "name": "Taken"}]),
    "bulk save": lambda session, foreign: session.bulk_save_objects([Partner(name="Smuggled")]),
    "bulk mappings": lambda session, foreign: session.bulk_insert_mappings(Partner.__mapper__, [{"name": "Smuggled"}]),
    "bare connection": lambda session, foreign: session.connection(),
    "foreign row": lambda session, foreign: _add_foreign(session, foreign),
    "helper": lambda session, foreign: insert_rows(session, Partner, [{"company_id": foreign, "name": "Smuggled"}]),
    "upsert": lambda session, foreign: upsert(
        session, Partner, [{"company_id": foreign, "name": "Smuggled"}], key=["id"], change=["name"]
    ),
}


def _add_foreign(session: Session, foreign: UUID) -> None:
    make_partner(session, company_id=foreign)


@pytest.mark.parametrize("way", READS)
def test_nothing_of_another_company_is_read(way: str, theirs: Partner, aisha: Actor) -> None:
    with reading(aisha) as session:
        assert not READS[way](session, theirs.id)


@pytest.mark.parametrize("way", WRITES)
def test_nothing_of_another_company_is_written(way: str, theirs: Partner, aisha: Actor, outsider: Actor) -> None:
    with transaction(aisha) as session:
        WRITES[way](session, theirs.id)
    with reading(outsider) as session:
        assert session.get_one(Partner, theirs.id).name == "Theirs"


@pytest.mark.parametrize("way", REFUSED)
def test_what_cannot_be_scoped_is_refused(way: str, theirs: Partner, aisha: Actor) -> None:
    with pytest.raises(CompanyCrossed), transaction(aisha) as session:
        REFUSED[way](session, theirs.company_id)


def test_a_row_cannot_change_its_company(ours: Partner, aisha: Actor, theirs: Partner) -> None:
    with pytest.raises(CompanyCrossed), transaction(aisha) as session:
        session.get_one(Partner, ours.id).company_id = theirs.company_id


def test_a_row_of_another_company_cannot_be_merged(aisha: Actor, theirs: Partner) -> None:
    with pytest.raises(CompanyCrossed), transaction(aisha) as session:
        theirs.name = "Taken"
        session.merge(theirs)
        session.flush()


def test_a_session_for_reading_writes_nothing(ours: Partner, aisha: Actor) -> None:
    with pytest.raises(CompanyCrossed), reading(aisha) as session:
        session.execute(update(Partner).values(name="Changed"))
    with pytest.raises(CompanyCrossed), reading(aisha) as session:
        session.get_one(Partner, ours.id).name = "Changed"
        session.flush()


def test_a_session_stays_in_the_company_it_entered(ours: Partner, theirs: Partner) -> None:
    with transaction(system()) as session:
        assert enter(session, ours.company_id).company == ours.company_id
        assert [partner.name for partner in session.scalars(select(Partner))] == ["Ours"]
        with pytest.raises(CompanyCrossed):
            enter(session, theirs.company_id)


def test_every_table_of_business_belongs_to_a_company(database: str) -> None:
    free = {
        table.name
        for table in Base.metadata.tables.values()
        if table.name != "company" and "company_id" not in table.columns
    }
    assert free == {"attempt", "worker_beat"}
    mapped = {mapper.class_ for mapper in Base.registry.mappers}
    assert {cls.__name__ for cls in mapped if not issubclass(cls, TenantMixin)} == {"Attempt", "Company", "WorkerBeat"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([*READS, *WRITES, *REFUSED]), min_size=1, max_size=8))
def test_no_sequence_of_statements_crosses(
    steps: list[str], theirs: Partner, ours: Partner, aisha: Actor, outsider: Actor
) -> None:
    for step in steps:
        try:
            with transaction(aisha) as session:
                found = (READS | WRITES | REFUSED)[step](session, theirs.id)
                assert step not in READS or not found
        except CompanyCrossed:
            assert step in REFUSED
    with reading(outsider) as session:
        assert session.get_one(Partner, theirs.id).name == "Theirs"
        assert session.scalar(select(func.count()).select_from(Partner)) == 1
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
